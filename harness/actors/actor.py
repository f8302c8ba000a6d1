"""What everybody who acts on a bench has in common: its clock, its timeline, acts that leave a trace (all clauses)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.bench import Bench
from harness.catalogue import load
from harness.clock import HOST_IS_LATE, lateness
from harness.errors import ExpectationError, HostWasLate
from harness.msd import metres_between
from harness.ports import NetworkTester
from harness.timeline import Event, Timeline
from harness.units import MS, pretty

LOOK = 100 * MS
"""Least time between two looks at the off-board record; what it says has exact times of its own."""
LOOK_SHARE = 10
"""A long wait looks less often: every 10th part of the time waited, so at most 10 % late."""

TRIGGERS = frozenset({"press", "crash", "app_request", "call_back"})
"""Acts that may lead to a call."""


class Actor:
    """Acts on `bench`; every act is an event of the source `tester`."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.clock = bench.clock
        self.timeline: Timeline = bench.timeline

    @property
    def network_tester(self) -> NetworkTester:
        """The instrument that plays the cell."""
        return self.bench.instrument(NetworkTester)  # type: ignore[type-abstract]  # a role is a protocol

    def now(self) -> int:
        """The present instant, in ns."""
        return self.clock.now()

    def note(self, act: str, **data: Any) -> int:
        """File an act at the present instant; returns that instant."""
        now = self.clock.now()
        self.timeline.add(Event(now, "tester", act, data))
        return now

    def may_dial(self) -> None:
        """Called before whatever can lead to a call: raises `InterlockError` where that could reach anybody real."""
        self.bench.interlock.check()

    def until(self, condition: Callable[[], bool], within: int) -> bool:
        """Look at `condition`, which asks the world outside, for `within` ns; whether it came to hold.

        Raises `HostWasLate` where it did so later than that, by no more than a busy host may be late.
        """
        start = self.clock.now()
        while not condition():
            waited = self.clock.now() - start
            if waited >= within:
                return self._came_late(condition, within)
            self.clock.sleep(min(within - waited, max(LOOK, waited // LOOK_SHARE)))
        return True

    def _came_late(self, condition: Callable[[], bool], within: int) -> bool:
        if not (late := lateness(self.clock)):
            return False
        self.clock.sleep(late)
        if condition():
            raise HostWasLate(f"expected within {pretty(within)}, it came up to {pretty(late)} later: {HOST_IS_LATE}")
        return False

    @staticmethod
    def expects_near(what: str, place: Mapping[str, Any] | None, at: tuple[float, float]) -> None:
        """Hold what somebody was told (`latitude`, `longitude`) against a place, all in degrees.

        Raises `ExpectationError` where it is further away than the catalogue's accuracy, or tells no position.
        """
        latitude, longitude = (None if place is None else place[name] for name in ("latitude", "longitude"))
        if latitude is None or longitude is None:
            raise ExpectationError(f"expected {what} to tell where the car is; it does not")
        allowed = load().limit("position_accuracy").upper or 0.0
        if (far := metres_between(latitude, longitude, *at)) > allowed:
            raise ExpectationError(f"expected {what} within {allowed:g} m of the car; it is {far:.0f} m off")

    def last_trigger(self) -> int:
        """When the tester last did what may lead to a call (ns); where that never was, when the bench was opened."""
        acts = reversed(self.timeline.events("tester"))
        return next((act.time for act in acts if act.kind in TRIGGERS), self.bench.opened)
