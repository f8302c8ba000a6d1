"""Tracking at the wrong rate, of the wrong place, for the wrong people, or for ever (B-33, B-34)."""

from __future__ import annotations

from typing import Any

from emulation.ecus.telematics.tracking import Tracker
from emulation.faults import seeded
from emulation.offboard.accounts import Verdict
from emulation.offboard.theft import TheftCase, TheftDesk
from emulation.world import Process


@seeded(breaks="B-33", story="positions come at half the agreed rate")
class HalfRate(Tracker):
    """Saves data."""

    def agreed(self, interval: int) -> int:
        """Twice as long."""
        return 2 * interval


@seeded(breaks="B-33", story="the place where tracking began is told for ever")
class FrozenTracker(Tracker):
    """Looks once."""

    seen: dict[str, Any] | None = None

    def position(self) -> dict[str, Any] | None:
        """The first place, at the present time."""
        now = super().position()
        if self.seen is None:
            self.seen = now
        return None if self.seen is None or now is None else {**self.seen, "at": now["at"]}


@seeded(breaks="B-33", story="without satellites the last place is told as if the car were there now")
class RosyTracker(Tracker):
    """Vouches for what it does not know."""

    def position(self) -> dict[str, Any] | None:
        """Always fresh, always trusted."""
        known = super().position()
        return None if known is None else {**known, "trusted": True, "at": self.unit.world.now}


@seeded(breaks="B-33", story="positions taken without coverage are never sent")
class ForgetfulTracker(Tracker):
    """Keeps the newest one only."""

    KEPT = 1


@seeded(breaks="B-33", story="positions taken without coverage are sent as if they were taken now")
class RestampingTracker(Tracker):
    """Stamps what it sends when it sends it."""

    def is_kept(self, position: dict[str, Any]) -> bool:
        """And stamps it."""
        position["at"] = self.unit.world.now
        return super().is_kept(position)


@seeded(breaks="B-33", story="the police is not told")
class QuietDesk(TheftDesk):
    """Looks on."""

    def tell_police(self, case: TheftCase) -> Process:
        """Nobody."""
        yield self._world.condition("never")


@seeded(breaks="B-33", story="a car that its owner drives is tracked as well")
class CuriousDesk(TheftDesk):
    """Tracks whoever is asked about."""

    def find_out(self, case: TheftCase, interval: int, *, unauthorised: bool) -> None:
        """Whatever the operator found."""
        self.track(case, interval)


@seeded(breaks="B-33", story="whoever asks is told, whatever PIN is given")
class CredulousDesk(TheftDesk):
    """Believes everybody."""

    def verify(self, account: str, pin: str) -> Verdict:
        """Fine."""
        return "ok"


@seeded(breaks="B-34", story="tracking goes on after the key has switched the alarm off")
class EndlessTracker(Tracker):
    """Cannot be stopped."""

    def stop(self, _data: dict[str, Any] | None = None) -> None:
        """No."""
