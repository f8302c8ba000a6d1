"""Timeline -> lanes of the picture: acts, lines, CAN states, modem, calls; only what changed is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.errors import BenchError
from harness.timeline import Event, Timeline
from reports.picture import Lane, Mark, State

SIGNALS = (
    "CEM_Ignition.Mode",
    "OHC_Status.Sos",
    "OHC_Status.OnCall",
    "ACM_Crash.CrashLevel",
    "TCU_Call.State",
    "TCU_Call.Target",
    "TCU_Status.ButtonLock",
    "TCU_Status.Registration",
    "TCU_Status.BackupBattery",
)
"""The states that tell the story of a procedure, from the driver's hand to the network (docs/interfaces.md)."""

QUIET = frozenset({"IDLE", "NONE", "OFF", "UNLOCKED", "OK", "0"})
"""States in which nothing goes on: drawn as a thin line."""

LONGEST = 34
"""Characters of a mark's label."""


def lanes_of(timeline: Timeline) -> list[Lane]:
    """The lanes that have something to show, from the tester's acts down to the off-board records."""
    end = timeline.end
    events: dict[str, list[Event]] = {}
    for event in timeline.events():
        events.setdefault(event.source, []).append(event)
    acts = events.pop("tester", [])
    lanes = [Lane("tester", "tester", marks=_marks(acts))] if acts else []
    lanes += (lane for name in SIGNALS if (lane := _signal_lane(timeline, name, end)))
    lanes += (_event_lane(source, found) for source, found in sorted(events.items()))
    return lanes


def _signal_lane(timeline: Timeline, name: str, end: int) -> Lane | None:
    """The states of one signal; None where it never changed, or the network has no such signal."""
    try:
        changes = timeline.signal(name)
    except BenchError:
        return None
    if len(changes) < 2:
        return None
    ends = [change.time for change in changes[1:]] + [end]
    states = [
        State(change.time, until, str(change.value), quiet=str(change.value) in QUIET)
        for change, until in zip(changes, ends, strict=True)
    ]
    return Lane(name, "can", states)


def _event_lane(source: str, events: Sequence[Event]) -> Lane:
    return Lane(source, "modem" if source == "modem" else "call", marks=_marks(events))


def _marks(events: Iterable[Event]) -> list[Mark]:
    return [Mark(event.time, _words(event)) for event in events]


def _words(event: Event) -> str:
    details = " ".join(str(value) for value in event.data.values() if isinstance(value, str))
    words = f"{event.kind} {details}".strip()
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
