"""How frames are kept and decoded: one track for each identifier, one history of changes for each signal asked for."""

from __future__ import annotations

from array import array
from typing import NamedTuple, TypeAlias

from cantools.database import DecodeError, Message

Value: TypeAlias = str | int | float | None
"""A signal's physical value, its value-table name, or None for a frame that the database cannot decode."""


class Change(NamedTuple):
    """From `time` (ns) on, frames carried `value`."""

    time: int
    value: Value


class Track:
    """All frames of one identifier: instants and payloads side by side."""

    __slots__ = ("payloads", "times")

    def __init__(self) -> None:
        self.times = array("q")
        self.payloads: list[bytes] = []


class History:
    """The changes of one signal, decoded as far as anybody asked, each different payload once."""

    __slots__ = ("_message", "_signal", "_values", "read", "times", "track", "values")

    def __init__(self, track: Track, message: Message, signal: str) -> None:
        self.track, self._message, self._signal = track, message, signal
        self._values: dict[bytes, Value] = {}
        self.read = 0
        self.times: list[int] = []
        self.values: list[Value] = []

    def catch_up(self) -> None:
        track, known = self.track, self._values
        for index in range(self.read, len(track.times)):
            payload = track.payloads[index]
            value = known[payload] if payload in known else self._decode(payload)
            if not self.values or value != self.values[-1]:
                self.times.append(track.times[index])
                self.values.append(value)
        self.read = len(track.times)

    def _decode(self, payload: bytes) -> Value:
        try:
            decoded = self._message.decode(payload, decode_choices=True)
            value = decoded.get(self._signal) if isinstance(decoded, dict) else None
        except DecodeError:  # too short, or a multiplexer that the database does not know
            value = None
        plain = value if isinstance(value, (int, float)) or value is None else str(value)
        self._values[payload] = plain
        return plain
