"""Timeline -> lanes of the picture: acts, lines, CAN states, modem, calls; only what tells something is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

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

QUIET = frozenset({"IDLE", "NONE", "OFF", "UNLOCKED", "OK", "off", "ended", ""})
"""States in which nothing goes on: drawn as a thin line."""

OFF_BOARD = ("network", "assistance", "emergency", "app", "police", "ambulance", "tow")
"""Who keeps records outside the car, in the order in which a call reaches them."""

BESIDE = frozenset({"line", "release"})
"""Acts that a line's own lane shows."""

LONGEST = 34
"""Characters of a mark's label."""


def lanes_of(timeline: Timeline) -> list[Lane]:
    """The lanes that have something to show, from the tester's acts down to the off-board records."""
    acts = [event for event in timeline.events("tester") if event.kind not in BESIDE]
    found = [_marks_lane("tester", "tester", acts), *_line_lanes(timeline)]
    found += [_signal_lane(timeline, name) for name in SIGNALS]
    found += [_event_lane(timeline, "registration"), _event_lane(timeline, "call")]
    found += [_marks_lane(source, "call", timeline.events(source)) for source in OFF_BOARD]
    return [lane for lane in found if lane.states or lane.marks]


def _line_lanes(timeline: Timeline) -> list[Lane]:
    """A lane for each line that the tester drove: on and off by relay or supply, or pulses of a generator."""
    releases = [event.time for event in timeline.events("tester", "release")]
    by_line: dict[str, list[tuple[int, str]]] = {}
    for event in timeline.events("tester", "line"):
        changes = by_line.setdefault(event.data["line"], [])
        if "pulse" in event.data:
            over = next((time for time in releases if time >= event.time), timeline.end)
            changes += [(event.time, str(event.data["pulse"])), (over, "off")]
        elif "volts" in event.data:
            changes.append((event.time, f"{event.data['volts']:g} V"))
        else:
            changes.append((event.time, "on" if event.data["active"] else "off"))
    return [Lane(name, "line", _states([(0, "off"), *changes], timeline.end)) for name, changes in by_line.items()]


def _signal_lane(timeline: Timeline, name: str) -> Lane:
    """The states of one signal; empty where it never changed, or where the network has no such signal."""
    try:
        changes = [(change.time, str(change.value)) for change in timeline.signal(name)]
    except BenchError:
        changes = []
    return Lane(name, "can", _states(changes, timeline.end) if len(changes) > 1 else ())


def _event_lane(timeline: Timeline, kind: str) -> Lane:
    """What the modem said of its registration or its calls."""
    changes = [(event.time, str(event.data["state"])) for event in timeline.events("modem", kind)]
    return Lane(f"modem {kind}", "modem", _states(changes, timeline.end))


def _states(changes: Sequence[tuple[int, str]], end: int) -> list[State]:
    """From each change to the next, those that repeat what was already so left out."""
    news = [change for number, change in enumerate(changes) if number == 0 or change[1] != changes[number - 1][1]]
    spans = pairwise([*news, (max(end, news[-1][0]), "")]) if news else ()
    return [State(start, until, label, quiet=label in QUIET) for (start, label), (until, _) in spans]


def _marks_lane(name: str, kind: str, events: Iterable[Event]) -> Lane:
    return Lane(name, kind, marks=[Mark(event.time, _words(event)) for event in events])


def _words(event: Event) -> str:
    """`holds SOS 2 s`: the act and its values, as far as they are words."""
    if event.kind == "press":
        held = event.data.get("duration")
        return f"holds {event.data['button']} {held}" if held else f"presses {event.data['button']}"
    values = (value for value in event.data.values() if isinstance(value, str) and len(value) < LONGEST)
    details = " ".join(value for value in values if "*" not in value)  # a masked subscriber tells nothing here
    words = f"{event.kind.replace('_', ' ')} {details}".strip()
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
