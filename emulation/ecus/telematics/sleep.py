"""Connectivity of a parked car asleep: reachable for days, then for a moment an hour, then until it is started (B-31).

Facts: Polestar 1 owner's manual, connectivity of a parked car.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from emulation.world import FOREVER, Process
from harness.units import MIN, H

if TYPE_CHECKING:
    from emulation.ecus.telematics.telematics import Telematics


class ConnectivitySleep:
    """Part of the telematics unit; the network's sleep (`CEM_Network`) is the body module's affair."""

    REACHABLE = 3 * 24 * H
    """From parking on."""
    HOURLY = 14 * 24 * H
    """After that, so long once an hour."""
    EVERY = 1 * H
    WINDOW = 2 * MIN
    """How long it is reachable then: a few attempts on the edge of a cell (own choice)."""

    def __init__(self, unit: Telematics) -> None:
        self.unit = unit
        self.services = unit.services

    def processes(self) -> Iterable[Process]:
        """Follow the network's sleep, and the time since parking."""
        return [self.follow_network(), self.follow_parking()]

    def follow_network(self) -> Process:
        """Send while it is awake."""
        while True:
            yield self.unit.sleep.changed()
            self.unit.transmit(not self.unit.sleep.asleep)

    def follow_parking(self) -> Process:
        """Driven and parked in turn."""
        while True:
            self.services.set(asleep=False)
            while self.needed():
                yield self.unit.due()
            yield from self.park()

    def needed(self) -> bool:
        """Whether somebody uses the car, or robs it."""
        alarm = self.unit.theft.state == "TRIGGERED" or self.services.tracking
        return self.unit.last("CEM_Ignition", "Mode") not in (None, "OFF") or alarm

    def park(self) -> Process:
        """From one phase to the next, until the car is needed."""
        for asleep, lasting in self.phases():
            self.services.set(asleep=asleep)
            over = self.unit.world.after(lasting)
            while not over.happened:
                yield over | self.unit.due()
                if self.needed():
                    return

    def phases(self) -> Iterator[tuple[bool, int]]:
        """Whether it sleeps, and for how long (ns)."""
        yield False, self.REACHABLE
        for _ in range(self.HOURLY // self.EVERY):
            yield True, self.EVERY - self.WINDOW
            yield False, self.WINDOW
        yield True, FOREVER >> 1
