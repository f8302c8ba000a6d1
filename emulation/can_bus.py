"""One CAN network of the emulated car: bit times, arbitration, and everyone who listens."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from heapq import heapify, heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from emulation.world import Condition, World
from harness.units import S

if TYPE_CHECKING:
    from emulation.link import Link

# What a frame is besides a classic data frame with an 11-bit identifier; plain ints, as `IntFlag` costs 1 us a frame.
EXTENDED = 1
FD = 2
BRS = 4
ESI = 8
REMOTE = 16
ERROR = 32


class Frame(NamedTuple):
    """A frame as it was received: `time` is the end of its intermission in ns, `sender` whoever sent it.

    A remote frame carries as many zero bytes as it asks for.
    """

    time: int
    identifier: int
    data: bytes
    flags: int
    sender: object


Listener = Callable[[Frame], None]

_new_frame = partial(tuple.__new__, Frame)  # a third of the cost of `Frame(...)`, which checks its arguments by name

ERROR_FRAME_BITS = 23
"""Error flags, delimiter and intermission (ISO 11898-1)."""

STUFF_EVERY = 10
"""Bits of average content to one stuff bit; the worst content has one in four (ISO 11898-1)."""


class CanBus:
    """Frames go out one at a time, lowest identifier first, and arrive at every listener, the sender's own too.

    `bitrate` and `data_bitrate` are in bit/s.
    """

    def __init__(self, world: World, name: str, bitrate: int = 500_000, data_bitrate: int = 2_000_000) -> None:
        self.world = world
        self.name = name
        self.bitrate = bitrate
        self.data_bitrate = data_bitrate
        self.link: Link | None = None
        """The wire to the tester; None: nothing ever goes wrong with it."""
        self._listeners: tuple[Listener, ...] = ()
        self._by_identifier: dict[int, tuple[Listener, ...]] = {}
        self._pending: list[tuple[int, int, int, bytes, int, object, Listener | None]] = []
        self._order = count()
        self._busy = False
        self._waiting: dict[int, Condition] = {}
        self._durations: dict[tuple[int, int], int] = {}
        self._classic_durations = [self.duration(length) for length in range(9)]

    def attach(self, listener: Listener, *identifiers: int) -> None:
        """Call `listener` with every frame, or only with those of `identifiers`. Listeners must not block."""
        if not identifiers:
            self._listeners += (listener,)
        for identifier in identifiers:
            self._by_identifier[identifier] = (*self._by_identifier.get(identifier, ()), listener)

    def detach(self, listener: Listener) -> None:
        """Stop calling `listener`."""
        self._listeners = tuple(other for other in self._listeners if other != listener)
        for identifier, listeners in self._by_identifier.items():
            self._by_identifier[identifier] = tuple(other for other in listeners if other != listener)

    def is_lost(self, frame: Frame) -> bool:
        """Whether a tester does not get a frame, because its wire is in trouble."""
        return self.link is not None and self.link.touched and self.link.misses(frame)

    def frame(self, identifier: int) -> Condition:
        """Happens when the next frame with `identifier` has arrived; its value is the `Frame`."""
        if identifier not in self._waiting:
            self._waiting[identifier] = self.world.condition(f"frame 0x{identifier:X} on {self.name}")
        return self._waiting[identifier]

    def send(
        self, identifier: int, data: bytes, flags: int = 0, sender: object = None, sent: Listener | None = None
    ) -> None:
        """Queue a frame; it is on the wire as soon as it wins arbitration. `sent` is called when it has gone out."""
        if self._busy:
            priority = _priority(identifier, flags) if flags else identifier << 21
            heappush(self._pending, (priority, next(self._order), identifier, data, flags, sender, sent))
        else:
            self._start(identifier, data, flags, sender, sent)

    def withdraw(self, sender: object, sent: Listener | None = None) -> None:
        """Drop what `sender` has queued (with `sent`: that frame) and has not begun to send."""
        self._pending = [
            entry for entry in self._pending if entry[5] is not sender or (sent is not None and entry[6] != sent)
        ]
        heapify(self._pending)

    def duration(self, length: int, flags: int = 0) -> int:
        """Time on the wire of `length` bytes of average content, intermission included, in ns (ISO 11898-1)."""
        if (length, flags) not in self._durations:
            nominal, fast = _bits(length, flags)
            self._durations[length, flags] = nominal * S // self.bitrate + fast * S // self.data_bitrate
        return self._durations[length, flags]

    def _start(self, identifier: int, data: bytes, flags: int, sender: object, sent: Listener | None) -> None:
        self._busy = True
        world = self.world
        end = world.now + (self.duration(len(data), flags) if flags else self._classic_durations[len(data)])
        frame = _new_frame((end, identifier, data, flags, sender))
        world.call_at(end, self._deliver, frame)
        if sent is not None:
            world.call_at(end, sent, frame)

    def _deliver(self, frame: Frame) -> None:
        if self._pending:
            _, _, identifier, data, flags, sender, sent = heappop(self._pending)
            self._start(identifier, data, flags, sender, sent)
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


def _priority(identifier: int, flags: int) -> int:
    """The arbitration field as one number, dominant bits first: ID, RTR or SRR, IDE, identifier extension, RTR."""
    remote = bool(flags & REMOTE)
    if flags & ERROR:
        return -1  # an error flag overrides whatever is on the wire
    if flags & EXTENDED:
        return (identifier >> 18) << 21 | 1 << 20 | 1 << 19 | (identifier & 0x3FFFF) << 1 | remote
    return identifier << 21 | remote << 20


def _bits(length: int, flags: int) -> tuple[int, int]:
    """Bits at nominal and at data bit rate, with the stuff bits of average content."""
    if flags & ERROR:
        return ERROR_FRAME_BITS, 0
    payload = 0 if flags & REMOTE else 8 * length
    if not flags & FD:
        stuffed = (54 if flags & EXTENDED else 34) + payload  # start of frame to CRC
        return stuffed + stuffed // STUFF_EVERY + 13, 0  # CRC delimiter, ACK, end of frame, intermission
    arbitration = 36 if flags & EXTENDED else 17  # start of frame to BRS
    content = 5 + payload  # ESI, DLC, data
    checksum = 33 if length > 16 else 28  # stuff count, CRC21 or CRC17, their fixed stuff bits, delimiter
    nominal = arbitration + arbitration // STUFF_EVERY + 12  # ACK, end of frame, intermission
    fast = content + content // STUFF_EVERY + checksum
    return (nominal, fast) if flags & BRS else (nominal + fast, 0)
