"""Procedures on a bench that outlives a test: one after another on one car, in simulated and on wall time."""
