"""What disturbed the bench, on the timeline: a verdict against the car needs a bench that was whole."""

from __future__ import annotations

from harness.clock import Clock
from harness.timeline import Event, Timeline

SOURCE, KIND = "bench", "disturbed"
"""Source and kind of such an event; its data: `where` (the place), `what`, and whether it is an `outage`."""


def disturbed(clock: Clock, timeline: Timeline, where: str, what: str, *, outage: bool = False) -> None:
    """File that something went wrong with a part of the bench, now. `outage`: from now on it is not watched."""
    timeline.add(Event(clock.now(), SOURCE, KIND, {"where": where, "what": what, "outage": outage}))
