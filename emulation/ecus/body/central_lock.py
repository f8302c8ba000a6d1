"""Central lock: by key, handle, from afar, by a crash; and locked again when nobody gets in (B-29, B-30)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from emulation.world import Process
from harness.units import MIN

if TYPE_CHECKING:
    from emulation.ecus.body.body import Body


class CentralLock:
    """Its bolts stay where they are without supply."""

    AUTO_RELOCK = 2 * MIN
    """An unlocked car of which no door was opened locks again; usual of the make, own design."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.locked = False
        self.cause = "NONE"
        self.unlocked_at: int | None = None
        """Since when nobody has opened a door, ns; None where somebody has, or the car is locked."""
        self._news = body.world.condition("lock news")

    def processes(self) -> Iterable[Process]:
        """Lock again in time; without supply no time passes."""
        if self.unlocked_at is not None:
            self.unlocked_at = self.body.world.now
        self._news = self.body.world.condition("lock news")
        self.tell()
        yield self.relock()

    def relock(self) -> Process:
        """Wait for an unlocking that nobody makes use of."""
        world = self.body.world
        while True:
            self._news = world.condition("lock news")
            since = self.unlocked_at
            if since is None:
                yield self._news
            else:
                yield self._news | world.after(since + self.AUTO_RELOCK - world.now)
                if not self._news.happened:
                    self.unlocked_at = None
                    self.lock("AUTO_RELOCK")

    def lock(self, cause: str) -> bool:
        """Lock all doors, unless one is open or the engine runs; whether it did."""
        if not self.body.doors.doors_closed() or self.body.mode_now == "RUNNING":
            return False
        self.locked, self.cause, self.unlocked_at = True, cause, None
        self._changed()
        return True

    def unlock(self, cause: str) -> None:
        """Unlock all doors."""
        self.locked, self.cause = False, cause
        waits = cause != "CRASH" and self.body.doors.doors_closed()
        self.unlocked_at = self.body.world.now if waits else None
        self._changed()

    def stay_locked(self, cause: str) -> None:
        """Say why it stays locked, where it is."""
        if self.locked:
            self.cause = cause
            self.tell()

    def door_opened(self) -> None:
        """Somebody made use of the unlocking."""
        self.unlocked_at = None
        self._news.happen()

    def only_driver_door(self) -> bool:
        """Whether an unlocking leaves the other doors locked; it does not."""
        return False

    def tell(self) -> None:
        """Put the lock on CAN."""
        only = not self.locked and self.only_driver_door()
        self.body.set(
            "CEM_Lock",
            State="LOCKED" if self.locked else "UNLOCKED",
            LastCause=self.cause,
            DriverDoorOnly="YES" if only else "NO",
        )

    def _changed(self) -> None:
        self.tell()
        self._news.happen()
        self.body.lock_changed(self.cause)
