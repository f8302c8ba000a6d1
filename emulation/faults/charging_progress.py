"""Displays and lamps that do not tell how far the installation has come (C-07)."""

from __future__ import annotations

from typing import ClassVar

from emulation.ecus.charger.socket_lamp import SocketLamp
from emulation.ecus.driver_display import DriverDisplay
from emulation.faults import seeded


@seeded(breaks="C-07", story="the driver display says nothing of the installation")
class SilentDisplay(DriverDisplay):
    """Has no words for it."""

    TEXTS: ClassVar = {**DriverDisplay.TEXTS, "INSTALLING": "PLUG_AND_CHARGE_CONNECTING"}


@seeded(breaks="C-07", story="the driver display of a parked car sleeps although it is plugged in")
class SleepingDisplay(DriverDisplay):
    """Awake with terminal 15 alone."""

    def awake(self) -> bool:
        """With terminal 15."""
        return self.terminal_15.is_high


@seeded(breaks="C-07", story="the driver display stays awake when the cable is out")
class SleeplessDisplay(DriverDisplay):
    """Never sleeps again."""

    woken = False

    def awake(self) -> bool:
        """Once awake, awake."""
        self.woken = self.woken or super().awake()
        return self.woken


@seeded(breaks="C-07", story="the lamp at the charge socket stays white while the contract is installed")
class WhiteLamp(SocketLamp):
    """Knows no blue."""

    COLOURS: ClassVar = {**SocketLamp.COLOURS, "INSTALLING": "WHITE"}


@seeded(breaks="C-07", story="the lamp at the charge socket is dark until current flows")
class LateLamp(SocketLamp):
    """Only for current."""

    COLOURS: ClassVar = {"CHARGING": "GREEN", "FINISHED": "GREEN"}


@seeded(breaks="C-07", story="a failure of Plug & Charge is shown in yellow, as if the driver had to wait")
class MildLamp(SocketLamp):
    """Knows no red."""

    COLOURS: ClassVar = {**SocketLamp.COLOURS, "FAILED": "YELLOW"}
