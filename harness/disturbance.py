"""What disturbed the bench, on the timeline: a verdict against the car needs a bench that was whole."""

from __future__ import annotations

from harness.clock import Clock
from harness.timeline import Event, Timeline

SOURCE, KIND = "bench", "disturbed"
"""Source and kind of such an event; its data: `where` (the place, as the bench file names it) and `what`."""


def disturbed(clock: Clock, timeline: Timeline, where: str, what: str) -> None:
    """File that something went wrong with a part of the bench, now."""
    timeline.add(Event(clock.now(), SOURCE, KIND, {"where": where, "what": what}))
