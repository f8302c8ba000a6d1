"""How a UDS request is refused: negative response codes of ISO 14229-1, annex A.1."""

from __future__ import annotations

SERVICE_NOT_SUPPORTED = 0x11
SUB_FUNCTION_NOT_SUPPORTED = 0x12
INCORRECT_LENGTH = 0x13
CONDITIONS_NOT_CORRECT = 0x22
SEQUENCE_ERROR = 0x24
OUT_OF_RANGE = 0x31
SECURITY_ACCESS_DENIED = 0x33
INVALID_KEY = 0x35
TOO_MANY_ATTEMPTS = 0x36
DELAY_NOT_EXPIRED = 0x37
NOT_IN_THIS_SESSION = 0x7F


class Refused(Exception):
    """A request is answered with negative response code `code`."""

    def __init__(self, code: int) -> None:
        super().__init__(f"negative response 0x{code:02X}")
        self.code = code


def expect_length(record: bytes, length: int) -> None:
    """Refuse a record that is not `length` bytes long."""
    if len(record) != length:
        raise Refused(INCORRECT_LENGTH)
