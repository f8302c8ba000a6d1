"""What every ECU is built on: supply, messages with E2E, fault memory, diagnostics."""
