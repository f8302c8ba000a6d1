"""The cellular modem: SIM, registration, calls, and its AT port (3GPP TS 27.007)."""
