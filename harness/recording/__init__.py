"""What a bench's wires carried, kept while it runs, and given back later to judge it again (docs/recording.md)."""
