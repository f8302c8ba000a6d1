"""Everything of one emulated bench by name: what the wires connect to, and what ECUs and instruments are built on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from emulation.can_bus import CanBus
from emulation.clock import EmulatedClock
from emulation.lines import Line
from emulation.link import Link
from emulation.serial_line import SerialLine
from emulation.troubles import Troubles
from emulation.world import World

USB_BAUDRATE = 115_200
"""How fast bytes travel on a virtual port of USB, whose baud rate means nothing."""


class ScpiDevice(Protocol):
    """An emulated instrument as the PyVISA backend sees it."""

    def write(self, message: bytes) -> None:
        """Take a program message (with its terminator)."""

    def output(self) -> bytearray:
        """What waits to be read; the reader removes what it took."""

    def clear(self) -> None:
        """Device clear."""

    def status_byte(self) -> int:
        """What a serial poll reads."""


class EmulatedBench:
    """One world with its networks, lines, ports, instruments and off-board API.

    `variant` picks the class of a part: the part itself, or the seeded fault that takes its place.
    """

    def __init__(self, seed: int = 0, faults: Mapping[type, type] | None = None) -> None:
        self.world = World(seed)
        self.clock = EmulatedClock(self.world)
        self.buses: dict[str, CanBus] = {"body": CanBus(self.world, "body")}
        self.lines: dict[str, Line] = {}
        self.ports: dict[str, SerialLine] = {}
        self.instruments: dict[str, ScpiDevice] = {}
        self.parts: dict[str, Any] = {}
        self.http: Callable[..., Any] | None = None
        self.troubles = Troubles(self)
        for name, bus in self.buses.items():
            bus.link = self.link(f"can.{name}")
        self._faults = dict(faults or {})
        self._built: set[type] = set()

    def variant(self, part: type) -> type:
        """The class to build `part` from: a seeded fault's where one is in force."""
        self._built.add(part)
        return self._faults.get(part, part)

    def unused_faults(self) -> dict[type, type]:
        """Faults in force whose part nobody has built: they would break nothing, and prove nothing."""
        return {part: fault for part, fault in self._faults.items() if part not in self._built}

    def link(self, where: str) -> Link:
        """The wire between a place ("instrument.scope", "serial.modem", "can.body", "offboard") and its tester."""
        return self.troubles.link(where)

    def line(self, name: str) -> Line:
        """The net called `name`, made at its first use."""
        if name not in self.lines:
            self.lines[name] = Line(self.world, name)
        return self.lines[name]

    def port(self, name: str, baudrate: int | None = None) -> SerialLine:
        """The serial line called `name`, made at its first use: a UART at `baudrate`, or without one a port of USB."""
        if name not in self.ports:
            usb = baudrate is None
            self.ports[name] = SerialLine(self.world, name, baudrate or USB_BAUDRATE, any_baudrate=usb)
            self.ports[name].notice = self.clock.notice
            self.ports[name].link = self.link(f"serial.{name}")
        return self.ports[name]
