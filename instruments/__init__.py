"""Drivers of lab instruments over PyVISA, one module a model; each fills a role of harness/ports.py."""
