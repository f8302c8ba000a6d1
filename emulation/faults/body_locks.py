"""Body modules whose lock breaks a promise of remote unlocking (B-29, B-30)."""

from __future__ import annotations

from typing import ClassVar

from emulation.ecus.body.central_lock import CentralLock
from emulation.ecus.body.remote_unlock import RemoteUnlock
from emulation.faults import seeded
from harness.units import MIN


@seeded(breaks="B-29", story="the signal alone unlocks, before anybody presses a handle")
class EagerUnlock(RemoteUnlock):
    """Waits for no hand."""

    def allow(self, count: int, handle_time: int) -> None:
        """Unlocks at once."""
        super().allow(count, handle_time)
        if self.deadline is not None:
            self.body.lock.unlock("REMOTE")


@seeded(breaks="B-29", story="after the handle only the driver's door opens")
class LonelyLock(CentralLock):
    """Has a driver in mind, and nobody else."""

    def only_driver_door(self) -> bool:
        """Where it was unlocked from afar."""
        return self.cause == "REMOTE"


@seeded(breaks="B-29", story="only the driver's handle unlocks")
class OneHandleUnlock(RemoteUnlock):
    """Does not listen to the other handles."""

    UNLOCKING_HANDLES: ClassVar = frozenset({"Driver"})


@seeded(breaks="B-29", story="the handle unlocks nothing, although the car waits for it")
class DeafUnlock(RemoteUnlock):
    """Says that it waits, and does not."""

    UNLOCKING_HANDLES: ClassVar = frozenset()


@seeded(breaks="B-30", story="a handle that nobody presses is waited for all the same, for an hour")
class PatientUnlock(RemoteUnlock):
    """Has time."""

    def handle_time(self, asked: int) -> int:
        """An hour."""
        return 60 * MIN


@seeded(breaks="B-30", story="each request has the same two minutes, whatever Assistance has set")
class StubbornUnlock(RemoteUnlock):
    """Has a time of its own."""

    def handle_time(self, asked: int) -> int:
        """Two minutes."""
        return 2 * MIN


@seeded(breaks="B-30", story="the time for the handle is a tenth too long")
class SlowUnlock(RemoteUnlock):
    """Counts slowly."""

    def handle_time(self, asked: int) -> int:
        """A tenth more."""
        return super().handle_time(asked) * 11 // 10


@seeded(breaks="B-30", story="a handle that is pressed after the time still unlocks")
class ObligingUnlock(RemoteUnlock):
    """Tells that the time is over, and does not mean it."""

    def handle_pressed(self, handle: str) -> bool:
        """Unlocks late as well."""
        if self.state == "RELOCKED":
            self.body.lock.unlock("REMOTE")
        return super().handle_pressed(handle)


@seeded(breaks="B-30", story="a second request keeps the time of the first")
class FirstComeUnlock(RemoteUnlock):
    """Does not begin anew."""

    def allow(self, count: int, handle_time: int) -> None:
        """What runs, runs."""
        if self.deadline is None:
            super().allow(count, handle_time)


@seeded(breaks="B-30", story="a second short of the end a handle does not unlock any more")
class HastyUnlock(RemoteUnlock):
    """Rounds its time down to tens of seconds."""

    def handle_time(self, asked: int) -> int:
        """A fifth less."""
        return super().handle_time(asked) * 4 // 5
