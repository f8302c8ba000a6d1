"""Parked cars that are reachable for too long, too short, or never again (B-31)."""

from __future__ import annotations

from collections.abc import Iterator

from emulation.ecus.telematics.sleep import ConnectivitySleep
from emulation.faults import seeded
from emulation.world import FOREVER
from harness.units import H


@seeded(breaks="B-31", story="a parked car is reachable for a day and no longer")
class EarlySleeper(ConnectivitySleep):
    """Saves its battery."""

    REACHABLE = 24 * H


@seeded(breaks="B-31", story="a parked car is reachable for ever, until its battery is empty")
class Insomniac(ConnectivitySleep):
    """Never sleeps."""

    def phases(self) -> Iterator[tuple[bool, int]]:
        """Awake."""
        yield False, FOREVER >> 1


@seeded(breaks="B-31", story="a car that sleeps does not listen once an hour")
class DeafSleeper(ConnectivitySleep):
    """Sleeps through."""

    def phases(self) -> Iterator[tuple[bool, int]]:
        """Reachable, and then not."""
        yield False, self.REACHABLE
        yield True, FOREVER >> 1


@seeded(breaks="B-31", story="a car that was parked for weeks still listens once an hour")
class RestlessSleeper(ConnectivitySleep):
    """Does not give up."""

    HOURLY = 28 * 24 * H
