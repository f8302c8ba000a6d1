"""Doors, bonnet and handles: their contacts, told on CAN (B-29, B-32)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from emulation.ecus.body.inputs import follow
from emulation.world import Process

if TYPE_CHECKING:
    from emulation.ecus.body.body import Body


class Doors:
    """What is open, what is pressed."""

    CONTACTS: ClassVar = {
        "door_driver": "DriverDoor",
        "door_passenger": "PassengerDoor",
        "door_rear_left": "RearLeftDoor",
        "door_rear_right": "RearRightDoor",
        "bonnet": "Bonnet",
    }
    """Line -> signal of CEM_Doors."""
    HANDLES: ClassVar = {
        "handle_driver": "Driver",
        "handle_passenger": "Passenger",
        "handle_rear_left": "RearLeft",
        "handle_rear_right": "RearRight",
    }
    """Line -> signal of CEM_Handles."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.opened: set[str] = set()
        """Signals of CEM_Doors that are OPEN."""

    def processes(self) -> Iterable[Process]:
        """Follow every contact and every handle."""
        self.opened.clear()
        world, line = self.body.world, self.body.bench.line
        for name, signal in self.CONTACTS.items():
            yield follow(world, line(name), partial(self.moves, signal))
        for name, signal in self.HANDLES.items():
            yield follow(world, line(name), partial(self.handle, signal))

    def moves(self, signal: str, is_open: bool) -> None:
        """A door or the bonnet opens or closes."""
        (self.opened.add if is_open else self.opened.discard)(signal)
        self.body.set("CEM_Doors", **{signal: "OPEN" if is_open else "CLOSED"})
        self.body.door_moved(signal, is_open)

    def handle(self, signal: str, pressed: bool) -> None:
        """A handle is pressed or released."""
        self.body.set("CEM_Handles", **{signal: "PRESSED" if pressed else "RELEASED"})
        if pressed:
            self.body.handle_pressed(signal)

    def doors_closed(self) -> bool:
        """Whether every door is closed, whatever the bonnet is."""
        return not self.opened - {"Bonnet"}
