"""The telematics unit: who calls whom, with which message and whose voice (B-01 ... B-16)."""
