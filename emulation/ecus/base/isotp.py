"""ISO-TP (ISO 15765-2) of an ECU in simulated time: 11-bit identifiers, normal addressing, padded classic frames.

Own code because can-isotp's timers read the wall clock. Ref: ISO 15765-2:2016, clauses 9.6 and 9.8.
"""

from __future__ import annotations

from collections.abc import Callable

from emulation.world import Condition, Process, World
from harness.units import MS, US, S

N_BS = 1 * S
"""Longest wait for a flow control frame."""
N_CR = 1 * S
"""Longest wait for the next consecutive frame."""
WAITS_MAX = 10
"""Flow control frames that say WAIT before a transmission is given up."""
LENGTH_MAX = 4095

SINGLE, FIRST, CONSECUTIVE, FLOW = range(4)
CONTINUE, WAIT = 0, 1


class IsoTp:
    """One peer: `feed` it the frames that arrive; it gives whole messages to `receive` and frames to `send`."""

    def __init__(
        self, world: World, send: Callable[[bytes], None], receive: Callable[[bytes], None], padding: int
    ) -> None:
        self._world = world
        self._send_frame = send
        self._receive = receive
        self._padding = bytes([padding])
        self._buffer = bytearray()
        self._expected = 0
        self._sequence = 0
        self._deadline = 0
        self._flow: Condition | None = None

    def feed(self, data: bytes) -> None:
        """Take one frame from the other side; what makes no sense at this point is ignored, as the standard asks."""
        kind = data[0] >> 4 if data else None
        if kind == SINGLE:
            length = data[0] & 0xF
            if 0 < length < len(data):
                self._expected = 0
                self._receive(data[1 : 1 + length])
        elif kind == FIRST and len(data) == 8:
            self._begin(data)
        elif kind == CONSECUTIVE:
            self._go_on(data)
        elif kind == FLOW and len(data) >= 3 and self._flow is not None:
            self._flow.happen((data[0] & 0xF, data[1], data[2]))

    def transmit(self, payload: bytes, name: str) -> None:
        """Send `payload` (1 to 4095 bytes); `name` is what the process that does it is called."""
        if len(payload) <= 7:
            self._frame(bytes([len(payload)]) + payload)
        else:
            self._world.spawn(self._transmit(payload), name)

    def forget(self) -> None:
        """Drop what is half received."""
        self._expected = 0

    def _begin(self, data: bytes) -> None:
        self._expected = (data[0] & 0xF) << 8 | data[1]
        if self._expected <= 7:
            self._expected = 0
            return
        self._buffer = bytearray(data[2:])
        self._sequence = 1
        self._deadline = self._world.now + N_CR
        self._frame(bytes([FLOW << 4 | CONTINUE, 0, 0]))

    def _go_on(self, data: bytes) -> None:
        if not self._expected:
            return
        if self._world.now > self._deadline or data[0] & 0xF != self._sequence:
            self._expected = 0
            return
        self._buffer += data[1:]
        self._sequence = (self._sequence + 1) & 0xF
        self._deadline = self._world.now + N_CR
        if len(self._buffer) >= self._expected:
            whole, self._expected = bytes(self._buffer[: self._expected]), 0
            self._receive(whole)

    def _transmit(self, payload: bytes) -> Process:
        self._frame(bytes([FIRST << 4 | len(payload) >> 8, len(payload) & 0xFF]) + payload[:6])
        position, sequence = 6, 1
        while position < len(payload):
            block, gap = yield from self._wait_for_flow()
            if block is None:
                return
            sent = 0
            while position < len(payload) and (block == 0 or sent < block):
                self._frame(bytes([CONSECUTIVE << 4 | sequence]) + payload[position : position + 7])
                position, sequence, sent = position + 7, (sequence + 1) & 0xF, sent + 1
                if gap and position < len(payload):
                    yield gap

    def _wait_for_flow(self) -> Process:
        """Block size (0: no limit) and gap in ns as the receiver asks, or None where it gave none or refused."""
        for _ in range(WAITS_MAX):
            self._flow = self._world.condition("flow control")
            flow = self._flow
            yield flow | self._world.after(N_BS)
            if not flow.happened:
                break
            state, block, gap = flow.value
            if state == CONTINUE:
                self._flow = None
                return block, separation_time(gap)
            if state != WAIT:
                break
        self._flow = None
        return None, 0

    def _frame(self, data: bytes) -> None:
        self._send_frame(data + self._padding * (8 - len(data)))


def separation_time(raw: int) -> int:
    """STmin of a flow control frame in ns; a reserved value means the longest, 127 ms."""
    if raw <= 0x7F:
        return raw * MS
    return (raw - 0xF0) * 100 * US if 0xF1 <= raw <= 0xF9 else 127 * MS
