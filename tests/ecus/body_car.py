"""A car of body module and a telematics unit that says what a test wants: for the tests of keys, locks, alarm."""

from __future__ import annotations

from emulation.ecus.base.ecu import Ecu
from emulation.ecus.body.body import Body
from harness.units import MS, S
from tests.ecus.conftest import HandDrivenCar

PRESS = 100 * MS
SWITCH_VOLTS = 5


class SpokenTelematics(Ecu):
    """Sends TCU_Remote, protected and on cycle, as it is told; has a battery of its own."""

    node = "TCU"

    def powered(self) -> bool:
        """Always."""
        return True


class BodyCar(HandDrivenCar):
    """Powered, unlocked, nobody about."""

    def __init__(self, faults: dict[type, type] | None = None) -> None:
        super().__init__(Body, SpokenTelematics, faults=faults)
        self.requests = 0
        self.power().run(1 * S)

    @property
    def body(self) -> Body:
        """The module under test."""
        found = self.ecus[0]
        assert isinstance(found, Body)
        return found

    def button(self, key: int, button: str) -> None:
        """A press of a key's button."""
        self.press(f"key_{key}_{button}", PRESS)

    def lay(self, key: int, where: str = "away") -> None:
        """Put a key somewhere."""
        for place in ("inside", "near"):
            self.drive(f"key_{key}_{place}", SWITCH_VOLTS if place == where else 0)
        self.run(50 * MS)

    def handle(self, door: str = "driver") -> None:
        """A press on a handle."""
        self.press(f"handle_{door}", PRESS)

    def door(self, door: str = "driver", is_open: bool = True) -> None:
        """A door's contact, or the bonnet's."""
        self.drive(door if door == "bonnet" else f"door_{door}", SWITCH_VOLTS if is_open else 0)
        self.run(50 * MS)

    def remote(self, command: str, handle_time: int = 0) -> int:
        """A command of the telematics unit, `handle_time` in seconds; returns its count."""
        self.requests = (self.requests + 1) % 16
        self.ecus[1].set("TCU_Remote", Command=command, RequestCount=self.requests, HandleTime=handle_time)
        self.run(300 * MS)
        return self.requests

    def starts(self) -> bool:
        """Turn to II and crank for half a second: whether the engine runs."""
        self.drive("terminal_s", 12)
        self.drive("terminal_15", 12)
        self.run(100 * MS)
        self.press("terminal_50", 500 * MS, settle=100 * MS)
        return self.now("CEM_Ignition", "Mode") == "RUNNING"

    def ignition_off(self) -> None:
        """Terminals open."""
        for terminal in ("terminal_15", "terminal_s"):
            self.drive(terminal, 0)
        self.run(100 * MS)

    def lock(self) -> tuple[object, object]:
        """State and cause."""
        return self.now("CEM_Lock", "State"), self.now("CEM_Lock", "LastCause")

    def alarm(self) -> tuple[object, object, object]:
        """State, source, siren."""
        state, source, siren = (self.now("CEM_Alarm", signal) for signal in ("State", "Source", "Siren"))
        return state, source, siren
