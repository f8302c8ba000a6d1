"""Cars and services that get single clauses right, and one that another crosses wrong (A-12, B-30, B-32, B-33)."""

from __future__ import annotations

from emulation.bench import EmulatedBench
from emulation.ecus.body.remote_unlock import RemoteUnlock
from emulation.ecus.telematics.services import Services
from emulation.faults import seeded
from emulation.offboard.link_rules import Link
from emulation.offboard.links import Links


@seeded(breaks="B-33", story="a phone whose link is deleted takes the tracking of the stolen car with it")
class LinkEndsTracking(Links):
    """Tidies up after a user."""

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self._bench = bench

    def delete(self, link: Link, by: str) -> None:
        """And whatever that user has asked for."""
        super().delete(link, by)
        desk = self._bench.parts["theft_desk"]
        if desk.open_case is not None:
            desk.close(desk.open_case, "operator")


@seeded(breaks="A-12", story="a car that is sold keeps the phone of its old owner, and obeys it")
class LinksOutliveSale(Links):
    """Knows users, not owners."""

    def sold(self) -> None:
        """Is nothing to it."""


@seeded(breaks="B-32", story="an alarm in a garage is forgotten where the battery goes before the owner was told")
class FlatMemory(Services):
    """Keeps nothing over a reset."""

    LASTING = frozenset()


@seeded(breaks="B-30", story="the time for the handle ends by locking the car, also where a crash has unlocked it")
class PunctualUnlock(RemoteUnlock):
    """Looks at its clock alone."""

    def lock_changed(self) -> None:
        """A crash is no handle."""
        if self.body.lock.cause != "CRASH":
            super().lock_changed()

    def expire(self) -> None:
        """Time is up."""
        self.body.lock.lock("AUTO_RELOCK")
        super().expire()
