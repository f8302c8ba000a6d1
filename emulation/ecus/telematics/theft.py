"""Theft service of the telematics unit: tells of the alarm, and that a key has switched it off (B-32, B-34)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from emulation.ecus.base.vehicle import SignalValue
from emulation.ecus.telematics.tracking import Tracker
from emulation.world import Process
from harness.units import H

if TYPE_CHECKING:
    from emulation.ecus.telematics.telematics import Telematics


class TheftService:
    """Watches `CEM_Alarm`; what it makes of it goes to Assistance over the data link."""

    ALARM: tuple[str, ...] = ("TRIGGERED",)
    """States of an alarm that has gone off."""
    DISARMERS: tuple[str, ...] = ("KEY",)
    """`CEM_Alarm.DisarmedBy` that ends the service; whoever does it from afar may not be at the car."""

    KEEP = 72 * H
    """So long an alarm, or its end, is tried to be told (own choice: a weekend in a garage)."""

    def __init__(self, unit: Telematics) -> None:
        self.unit = unit
        self.tracker: Tracker = unit.bench.variant(Tracker)(unit)
        unit.services.on("track", self.tracker.start)
        unit.services.on("stop_tracking", self.tracker.stop)
        self.state: SignalValue | None = None
        """The alarm's last one; kept in non-volatile memory, as is `number`: a cut battery makes nothing forgotten."""
        self.number = 0
        """Of the newest alarm, so that each is told of once."""

    def processes(self) -> Iterable[Process]:
        """Watch the alarm; take and send positions while that is asked for."""
        return [self.watch(), self.tracker.take(), self.tracker.send()]

    def watch(self) -> Process:
        """From one state of the alarm to the next."""
        known: bytes | None = None
        while True:
            heard = self.unit.heard("CEM_Alarm", known)
            yield heard
            known, said = heard.value.data, self.unit.decode(heard.value)
            before, self.state = self.state, said["State"]
            if self.state in self.ALARM and before not in (None, *self.ALARM):
                self.alarmed(said["Source"])
            elif self.state == "DISARMED" and before not in (None, "DISARMED") and said["DisarmedBy"] in self.DISARMERS:
                self.disarmed()

    def alarmed(self, source: SignalValue) -> None:
        """The alarm has gone off."""
        self.number += 1
        self.unit.services.tell("alarm", valid_for=self.KEEP, source=source, number=self.number)

    def disarmed(self) -> None:
        """A key has switched it off: the service is over, in the car at once, at Assistance when that hears of it."""
        self.tracker.stop()
        self.unit.services.tell("disarmed", valid_for=self.KEEP, cause="key")
