"""Body modules whose alarm leaves the owner unaware, or alarmed for ever (B-32, B-34)."""

from __future__ import annotations

from typing import ClassVar

from emulation.ecus.body.alarm import Alarm
from emulation.faults import seeded


@seeded(breaks="B-32", story="the bonnet is not watched")
class BlindAlarm(Alarm):
    """Takes doors for all there is."""

    def trigger(self, source: str) -> None:
        """Not by the bonnet."""
        if source != "BONNET":
            super().trigger(source)


@seeded(breaks="B-32", story="a car that is lifted onto a truck raises no alarm")
class NumbAlarm(Alarm):
    """Has no inclination sensor."""

    def tilted(self, high: bool) -> None:
        """Is not felt."""


@seeded(breaks="B-32", story="once triggered and switched off, the alarm is not armed a second time")
class TiredAlarm(Alarm):
    """Guards once."""

    def look(self) -> None:
        """Arms where it was never triggered."""
        if self.source == "NONE":
            super().look()


@seeded(breaks="B-32", story="a door of a car that is not locked raises the alarm")
class NervousAlarm(Alarm):
    """Guards always."""

    def trigger(self, source: str) -> None:
        """Armed or not."""
        if self.state == "DISARMED" and source == "DOOR":
            self.state = "ARMED"
        super().trigger(source)


@seeded(breaks="B-34", story="the key unlocks the doors, and the alarm goes on")
class KeyDeafAlarm(Alarm):
    """Is not told who unlocks."""

    def disarm(self, by: str) -> None:
        """Not while it is triggered."""
        if self.state != "TRIGGERED":
            super().disarm(by)


@seeded(breaks="B-34", story="the alarm calls an opening from afar a switching off with the key")
class CredulousAlarm(Alarm):
    """Takes everybody for the owner."""

    BY_KEY: ClassVar = Alarm.BY_KEY | {"REMOTE"}
