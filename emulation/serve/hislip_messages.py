"""Messages of HiSLIP (IVI-6.1, 2.0): a header of 16 bytes and a payload."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

PROLOGUE = b"HS"
HEADER = struct.Struct("!2sBBIQ")
PAYLOAD_MAX = 16 << 20
"""Bytes of payload that the server takes in one message; told in AsyncMaximumMessageSizeResponse."""


class Kind(IntEnum):
    """Message types (IVI-6.1, table 4)."""

    INITIALIZE = 0
    INITIALIZE_RESPONSE = 1
    FATAL_ERROR = 2
    ERROR = 3
    ASYNC_LOCK = 4
    ASYNC_LOCK_RESPONSE = 5
    DATA = 6
    DATA_END = 7
    DEVICE_CLEAR_COMPLETE = 8
    DEVICE_CLEAR_ACKNOWLEDGE = 9
    ASYNC_REMOTE_LOCAL_CONTROL = 10
    ASYNC_REMOTE_LOCAL_RESPONSE = 11
    TRIGGER = 12
    INTERRUPTED = 13
    ASYNC_INTERRUPTED = 14
    ASYNC_MAXIMUM_MESSAGE_SIZE = 15
    ASYNC_MAXIMUM_MESSAGE_SIZE_RESPONSE = 16
    ASYNC_INITIALIZE = 17
    ASYNC_INITIALIZE_RESPONSE = 18
    ASYNC_DEVICE_CLEAR = 19
    ASYNC_SERVICE_REQUEST = 20
    ASYNC_STATUS_QUERY = 21
    ASYNC_STATUS_RESPONSE = 22
    ASYNC_DEVICE_CLEAR_ACKNOWLEDGE = 23
    ASYNC_LOCK_INFO = 24
    ASYNC_LOCK_INFO_RESPONSE = 25


class Fatal(IntEnum):
    """Codes of FatalError: the connection ends."""

    UNIDENTIFIED = 0
    BAD_HEADER = 1
    NOT_BOTH_CHANNELS = 2
    BAD_INITIALIZATION = 3
    TOO_MANY_CLIENTS = 4


class Mistake(IntEnum):
    """Codes of Error: the message is ignored."""

    UNIDENTIFIED = 0
    UNKNOWN_MESSAGE = 1
    UNKNOWN_CONTROL_CODE = 2
    UNKNOWN_VENDOR_MESSAGE = 3
    TOO_LARGE = 4


class Message(NamedTuple):
    """One message; `parameter` and `control` mean what its kind says."""

    kind: int
    control: int = 0
    parameter: int = 0
    payload: bytes = b""

    def pack(self) -> bytes:
        """As it goes over the wire."""
        head = HEADER.pack(PROLOGUE, self.kind, self.control, self.parameter, len(self.payload))
        return head + self.payload


class BadHeader(Exception):
    """What came is no HiSLIP: the two ends have lost each other."""


class Oversized(NamedTuple):
    """A message whose payload was too large; it was skipped."""

    kind: int


class Receiver:
    """Cuts a stream of bytes into messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._skip = 0

    def feed(self, data: bytes) -> Iterator[Message | Oversized]:
        """The messages that `data` completes. Raises `BadHeader`."""
        self._buffer += data
        while True:
            if self._skip:
                skipped = min(self._skip, len(self._buffer))
                del self._buffer[:skipped]
                self._skip -= skipped
            if len(self._buffer) < HEADER.size:
                return
            prologue, kind, control, parameter, length = HEADER.unpack_from(self._buffer)
            if prologue != PROLOGUE:
                raise BadHeader(f"a message begins with {bytes(self._buffer[:2])!r}, expected {PROLOGUE!r}")
            if length > PAYLOAD_MAX:
                del self._buffer[: HEADER.size]
                self._skip = length
                yield Oversized(kind)
                continue
            end = HEADER.size + length
            if len(self._buffer) < end:
                return
            payload = bytes(memoryview(self._buffer)[HEADER.size : end])
            del self._buffer[:end]
            yield Message(kind, control, parameter, payload)
