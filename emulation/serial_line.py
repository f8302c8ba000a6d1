"""A serial line of the emulated car: bytes both ways between an ECU and whoever opened the port."""

from __future__ import annotations

from collections.abc import Callable

from emulation.world import Condition, World
from harness.units import S

BITS_PER_BYTE = 10
"""Start bit, 8 data bits, stop bit."""


class SerialLine:
    """Bytes arrive at `baudrate`, in order.

    The ECU sets `on_bytes` and calls `write`; the tester's side calls `send` and takes from `inbox`. `notice` is called
    after bytes have arrived at the tester.
    """

    def __init__(self, world: World, name: str, baudrate: int = 115_200) -> None:
        self.world = world
        self.name = name
        self.baudrate = baudrate
        self.inbox = bytearray()
        self.on_bytes: Callable[[bytes], None] = lambda _data: None
        self.notice: Callable[[], None] = lambda: None
        self._free_at = {"in": 0, "out": 0}
        self._arrival: Condition | None = None

    def write(self, data: bytes) -> None:
        """The ECU writes to the tester."""
        self._travel("out", data, self._arrive)

    def send(self, data: bytes) -> None:
        """The tester writes to the ECU."""
        self._travel("in", data, self._reach_ecu)

    def arrived(self) -> Condition:
        """Happens when bytes are in `inbox`: at once if there are some."""
        if self.inbox:
            condition = self.world.condition(f"bytes on {self.name}")
            condition.happen()
            return condition
        if self._arrival is None:
            self._arrival = self.world.condition(f"bytes on {self.name}")
        return self._arrival

    def _travel(self, direction: str, data: bytes, arrive: Callable[[bytes], None]) -> None:
        if not data:
            return
        start = max(self.world.now, self._free_at[direction])
        self._free_at[direction] = start + len(data) * BITS_PER_BYTE * S // self.baudrate
        self.world.call_at(self._free_at[direction], arrive, bytes(data))

    def _reach_ecu(self, data: bytes) -> None:
        self.on_bytes(data)

    def _arrive(self, data: bytes) -> None:
        self.inbox += data
        if self._arrival is not None:
            arrival, self._arrival = self._arrival, None
            arrival.happen()
        self.notice()
