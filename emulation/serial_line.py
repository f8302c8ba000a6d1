"""A serial line of the emulated car: bytes both ways between an ECU and whoever opened the port."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from emulation.link import Link
from emulation.world import Condition, World
from harness.units import S

BITS_PER_BYTE = 10
"""Start bit, 8 data bits, stop bit."""


class SerialLine:
    """Bytes of 8 data bits arrive at the sender's baudrate and in order; those of one write together, as over USB.

    The ECU sets `on_bytes`, calls `write`, and may watch the tester's `dtr`, `rts` and `sends_break` by `on_control`.
    The tester's side calls `send` and takes from `inbox`. `notice` is called after bytes have arrived at the tester.
    Where `tester_baudrate` is not the ECU's `baudrate`, each reads garbage from the other, as on a real line; a virtual
    port of USB takes `any_baudrate`.
    """

    def __init__(self, world: World, name: str, baudrate: int = 115_200, *, any_baudrate: bool = False) -> None:
        self.world = world
        self.name = name
        self.baudrate = baudrate
        self.any_baudrate = any_baudrate
        self.tester_baudrate = baudrate
        self.owner: object = None
        self.link: Link | None = None
        """What may be wrong with the wire; None: never anything."""
        self.inbox = bytearray()
        self.dtr = self.rts = self.sends_break = False
        self.cts = self.dsr = self.cd = True
        self.ri = False
        self.on_bytes: Callable[[bytes], None] = lambda _data: None
        self.on_control: Callable[[], None] = lambda: None
        self.notice: Callable[[], None] = lambda: None
        self._ecu_free_at = 0
        self._tester_free_at = 0
        self._unsent: deque[bytearray] = deque()
        self._next: Condition | None = None

    def write(self, data: bytes) -> None:
        """The ECU writes to the tester."""
        if data:
            start = max(self.world.now, self._ecu_free_at)
            self._ecu_free_at = start + len(data) * BITS_PER_BYTE * S // self.baudrate
            self.world.call_at(self._ecu_free_at, self._arrive, bytes(data))

    def send(self, data: bytes) -> None:
        """The tester writes to the ECU."""
        if data:
            self._tester_free_at = self.sent_at(len(data))
            self._queue(data)

    def _queue(self, data: bytes) -> None:
        chunk = bytearray(data)  # told from an equal one by its identity
        self._unsent.append(chunk)
        self.world.call_at(self._tester_free_at, self._reach_ecu, chunk)

    def sent_at(self, more: int = 0) -> int:
        """The instant (ns) at which everything of the tester's, and `more` bytes, will have gone out."""
        return max(self.world.now, self._tester_free_at) + more * BITS_PER_BYTE * S // self.tester_baudrate

    @property
    def unsent(self) -> int:
        """Bytes of the tester's that have not gone out entirely."""
        left = max(0, self._tester_free_at - self.world.now)
        return -(-left * self.tester_baudrate // (BITS_PER_BYTE * S))

    def drop_unsent(self) -> None:
        """Throw away what the tester has sent and is not on the wire yet."""
        gone = max(0, sum(map(len, self._unsent)) - self.unsent)
        out = b"".join(self._unsent)[:gone]
        self._unsent.clear()
        self._tester_free_at = self.world.now
        if out:
            self._queue(out)

    def arrived(self) -> Condition:
        """Happens when bytes are in `inbox`: at once if there are some."""
        if not self.inbox:
            return self.next_bytes()
        condition = self.world.condition(f"bytes on {self.name}")
        condition.happen()
        return condition

    def next_bytes(self) -> Condition:
        """Happens when bytes arrive at the tester after those already there."""
        if self._next is None:
            self._next = self.world.condition(f"bytes on {self.name}")
        return self._next

    def _reach_ecu(self, chunk: bytearray) -> None:
        if self._unsent and self._unsent[0] is chunk:  # not dropped meanwhile
            self._unsent.popleft()
            if self.link is not None and self.link.silent:
                return
            self.on_bytes(_as_read(bytes(chunk), self.tester_baudrate, self.baudrate))

    def _arrive(self, data: bytes) -> None:
        read = _as_read(data, self.baudrate, self.tester_baudrate)
        self.inbox += read if self.link is None or not self.link.touched else self.link.spoiled(read)
        if self._next is not None:
            arrival, self._next = self._next, None
            arrival.happen()
        self.notice()


def _as_read(data: bytes, sent_at: int, read_at: int) -> bytes:
    """What a UART at `read_at` baud makes of `data` sent at `sent_at` baud: from a start bit on it samples mid-bit."""
    if sent_at == read_at:
        return data
    levels = [level for byte in data for level in (0, *(byte >> bit & 1 for bit in range(8)), 1)]
    read = bytearray()
    start = 0.0  # in bits of the sender
    while start < len(levels):
        if levels[int(start)]:
            start = int(start) + 1.0
            continue
        middles = (int(start + (bit + 1.5) * sent_at / read_at) for bit in range(8))
        read.append(sum((levels[middle] if middle < len(levels) else 1) << bit for bit, middle in enumerate(middles)))
        start += (BITS_PER_BYTE - 0.5) * sent_at / read_at
    return bytes(read)
