"""The guides for whoever has a bench tell the truth."""
