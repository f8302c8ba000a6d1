"""One CAN network of the emulated car: bit times, arbitration, and everyone who listens."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from emulation.world import Condition, World
from harness.units import S

# What a frame is besides a classic data frame with an 11-bit identifier; plain ints, as `IntFlag` costs 1 us a frame.
EXTENDED = 1
FD = 2
BRS = 4
ESI = 8
REMOTE = 16
ERROR = 32


class Frame(NamedTuple):
    """A frame as it was received: `time` is the end of frame in ns, `sender` whoever sent it."""

    time: int
    identifier: int
    data: bytes
    flags: int
    sender: object


Listener = Callable[[Frame], None]

ERROR_FRAME_BITS = 23
"""Error flags, delimiter and intermission (ISO 11898-1)."""


class CanBus:
    """Frames go out one at a time, lowest identifier first, and arrive at every listener but their sender.

    `bitrate` and `data_bitrate` are in bit/s.
    """

    def __init__(self, world: World, name: str, bitrate: int = 500_000, data_bitrate: int = 2_000_000) -> None:
        self.world = world
        self.name = name
        self.bitrate = bitrate
        self.data_bitrate = data_bitrate
        self._listeners: list[Listener] = []
        self._by_identifier: dict[int, list[Listener]] = {}
        self._pending: list[tuple[int, int, bytes, int, object]] = []
        self._order = count()
        self._busy = False
        self._schedule = world.call_at
        self._waiting: dict[int, Condition] = {}
        self._classic_time = [self._duration(length, 0) for length in range(9)]

    def attach(self, listener: Listener, *identifiers: int) -> None:
        """Call `listener` with every frame, or only with those of `identifiers`. Listeners must not block."""
        if not identifiers:
            self._listeners.append(listener)
        for identifier in identifiers:
            self._by_identifier.setdefault(identifier, []).append(listener)

    def detach(self, listener: Listener) -> None:
        """Stop calling `listener`."""
        for listeners in (self._listeners, *self._by_identifier.values()):
            while listener in listeners:
                listeners.remove(listener)

    def frame(self, identifier: int) -> Condition:
        """Happens when the next frame with `identifier` has arrived; its value is the `Frame`."""
        if identifier not in self._waiting:
            self._waiting[identifier] = self.world.condition(f"frame 0x{identifier:X} on {self.name}")
        return self._waiting[identifier]

    def send(self, identifier: int, data: bytes, flags: int = 0, sender: object = None) -> None:
        """Queue a frame; it is on the wire as soon as it wins arbitration."""
        if self._busy:
            heappush(self._pending, (identifier, next(self._order), data, flags, sender))
        else:
            self._start(identifier, data, flags, sender)

    def _start(self, identifier: int, data: bytes, flags: int, sender: object) -> None:
        self._busy = True
        duration = self._duration(len(data), flags) if flags else self._classic_time[len(data)]
        end = self.world.now + duration
        self._schedule(end, self._deliver, Frame(end, identifier, data, flags, sender))

    def _deliver(self, frame: Frame) -> None:
        if self._pending:
            identifier, _, data, flags, sender = heappop(self._pending)
            self._start(identifier, data, flags, sender)
        else:
            self._busy = False
        for listener in self._listeners:
            listener(frame)
        if frame.flags & ERROR:
            return
        identifier = frame.identifier
        if identifier in self._by_identifier:
            for listener in self._by_identifier[identifier]:
                listener(frame)
        if identifier in self._waiting:
            self._waiting.pop(identifier).happen(frame)

    def _duration(self, length: int, flags: int) -> int:
        """Bits on the wire with the stuff bits of average data (one in ten), in ns (ISO 11898-1)."""
        if flags & ERROR:
            return ERROR_FRAME_BITS * S // self.bitrate
        identifier_bits = 20 if flags & EXTENDED else 0
        if not flags & FD:
            payload = 0 if flags & REMOTE else 8 * length
            bits = 47 + identifier_bits + payload + (34 + identifier_bits + payload) // 10
            return bits * S // self.bitrate
        crc = 21 if length > 16 else 17
        arbitration = 29 + identifier_bits
        payload = 8 * length + crc + crc // 4 + 9
        data_rate = self.data_bitrate if flags & BRS else self.bitrate
        return arbitration * S // self.bitrate + (payload + payload // 10) * S // data_rate
