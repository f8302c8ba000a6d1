"""The picture of a timeline: lanes of states and acts over one time axis, limits drawn in.

Written as SVG by hand: it is drawn once a test, and a plotting library takes a tenth of a second for what is a page of
text here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import zip_longest
from math import floor, log10
from typing import NamedTuple

from harness.units import S, pretty

WIDTH, LEFT, RIGHT = 1100, 204, 1084
"""Of the picture, and where its time axis begins and ends, in pixels."""

TOP, LANE, FOOT = 44, 40, 44
"""Heights of the title, of a lane, and of the axis with its label, in pixels."""

BAR = 24
GLYPH = 7.2
"""Width of one character of a label, in pixels, rather too much: decides whether a label fits where it should stand."""

TICKS = 8
"""About so many steps divide the time axis."""

INK, FAINT, GRID, LIMIT = "#1f2430", "#667085", "#e6e9ef", "#c2255c"
COLOURS = {"tester": "#495057", "line": "#c05f00", "can": "#1971c2", "modem": "#0b7285", "call": "#2b8a3e"}
TINTS = {"tester": "#6c757d", "line": "#d97b29", "can": "#4d94d6", "modem": "#2f97a6", "call": "#48a65b"}
"""Every second state of a lane, so that neighbours are told apart."""


class State(NamedTuple):
    """From `start` to `end` (ns) the lane was in `label`; a quiet state (idle, off) is drawn as a thin line."""

    start: int
    end: int
    label: str
    quiet: bool = False


class Mark(NamedTuple):
    """Something that happened at `time` (ns)."""

    time: int
    label: str


class Span(NamedTuple):
    """A limit: on `lane`, from `start` to `end` (ns). Drawn as its `label` and its length: `hold 2 s`."""

    lane: str
    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Lane:
    """One row of the picture. `kind` picks the colour: `tester`, `line`, `can`, `modem`, `call`."""

    name: str
    kind: str
    states: Sequence[State] = field(default=())
    marks: Sequence[Mark] = field(default=())


def picture(lanes: Sequence[Lane], *, title: str, limits: Sequence[Span] = ()) -> str:
    """SVG of `lanes` from the top down, 1,100 pixels wide. Without anything to show, a picture that says so."""
    height = TOP + LANE * max(1, len(lanes)) + FOOT
    axis = _Axis(*_extent(lanes, limits), bottom=height - FOOT)
    rows = {lane.name: TOP + LANE * row + LANE // 2 for row, lane in enumerate(lanes)}
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}">',
        f'<g font-family="system-ui, Segoe UI, Helvetica, Arial, sans-serif" font-size="12" fill="{INK}">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="{LEFT}" y="26" font-size="16">{escape(title)}</text>',
        *axis.drawn(),
    ]
    for lane in lanes:
        drawn += _lane(lane, axis, rows[lane.name])
    for limit in limits:
        if limit.lane in rows:
            drawn += _limit(limit, axis, rows[limit.lane])
    if not lanes:
        drawn.append(f'<text x="{LEFT}" y="{TOP + 20}" fill="{FAINT}">Nothing was observed.</text>')
    return "\n".join([*drawn, "</g></svg>\n"])


def _extent(lanes: Sequence[Lane], limits: Sequence[Span]) -> tuple[int, int]:
    """First and last instant of interest, with a little air."""
    times = [edge for lane in lanes for state in lane.states for edge in (state.start, state.end)]
    times += [mark.time for lane in lanes for mark in lane.marks]
    times += [edge for limit in limits for edge in (limit.start, limit.end)]
    first, last = min(times, default=0), max(times, default=S)
    air = max((last - first) // 40, S // 50)
    return max(0, first - air), last + air


class _Axis:
    """Instants to pixels."""

    def __init__(self, start: int, end: int, bottom: int) -> None:
        self.start, self.end, self.bottom = start, end, bottom

    def x(self, time: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * (time - self.start) / (self.end - self.start), 1)

    def drawn(self) -> Iterator[str]:
        raw = (self.end - self.start) / S / TICKS
        power = 10.0 ** floor(log10(raw))
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)
        tick = -(-self.start // round(step * S)) * round(step * S)
        while tick <= self.end:
            x = self.x(tick)
            yield f'<line x1="{x}" x2="{x}" y1="{TOP}" y2="{self.bottom}" stroke="{GRID}"/>'
            yield (
                f'<text x="{x}" y="{self.bottom + 16}" font-size="11" fill="{FAINT}" text-anchor="middle">'
                f"{tick / S:.6g}</text>"
            )
            tick += round(step * S)
        yield (
            f'<text x="{(LEFT + RIGHT) // 2}" y="{self.bottom + 34}" font-size="11" fill="{FAINT}" '
            'text-anchor="middle">simulated time since the bench was opened, s</text>'
        )


def _lane(lane: Lane, axis: _Axis, y: int) -> Iterator[str]:
    yield f'<text x="{LEFT - 12}" y="{y + 4}" text-anchor="end" font-size="13">{escape(lane.name)}</text>'
    small: list[str] = []  # names of bars too narrow for them, written beside where the lane is quiet again
    shown = 0
    for state in lane.states:
        x, room = axis.x(state.start), axis.x(state.end) - axis.x(state.start)
        if state.quiet:
            yield f'<line x1="{x}" x2="{x + room:.1f}" y1="{y}" y2="{y}" stroke="{COLOURS[lane.kind]}" opacity="0.5"/>'
            label = ", ".join(small)
            if label and room > GLYPH * len(label) + 6:
                yield _word(x + 6, y, label)
            small = []
            continue
        colour = (COLOURS if shown % 2 == 0 else TINTS)[lane.kind]
        shown += 1
        # A state that flashed by is still a line of two pixels.
        yield f'<rect x="{x}" y="{y - BAR // 2}" width="{max(2.0, room):.1f}" height="{BAR}" fill="{colour}"/>'
        if room > GLYPH * len(state.label):
            yield _word(x + room / 2, y, state.label, colour="white", anchor="middle")
        else:
            small.append(state.label)
    yield from _marks(lane, axis, y)


def _marks(lane: Lane, axis: _Axis, y: int) -> Iterator[str]:
    """A diamond for each; its label to the right, else to the left, where it would not write over a neighbour."""
    before = float(LEFT)
    for mark, following in zip_longest(lane.marks, lane.marks[1:]):
        x, words = axis.x(mark.time), GLYPH * len(mark.label) + 9
        yield f'<path d="M{x - 5} {y}l5 -5l5 5l-5 5z" fill="{COLOURS[lane.kind]}"/>'
        if (axis.x(following.time) if following else WIDTH) - x > words:
            yield _word(x + 9, y, mark.label)
            before = x + words
        elif x - before > words:
            yield _word(x - 9, y, mark.label, anchor="end")
            before = x
        else:
            before = x


def _limit(limit: Span, axis: _Axis, y: int) -> Iterator[str]:
    start, end, low = axis.x(limit.start), axis.x(limit.end), y + LANE // 2 - 3
    label = f"{limit.label} {pretty(limit.end - limit.start)}"
    for x in (start, end):
        yield f'<line x1="{x}" x2="{x}" y1="{y - 15}" y2="{low + 3}" stroke="{LIMIT}" stroke-dasharray="3 2"/>'
    yield f'<line x1="{start}" x2="{end}" y1="{low}" y2="{low}" stroke="{LIMIT}"/>'
    yield f'<text x="{end + 4}" y="{low + 3}" font-size="11" fill="{LIMIT}">{escape(label)}</text>'


def _word(x: float, y: int, label: str, *, colour: str = INK, anchor: str = "start") -> str:
    """A label; dark ones get a white halo, so that a line behind them does not cross them out."""
    halo = ' stroke="white" stroke-width="4" paint-order="stroke"' if colour == INK else ""
    return f'<text x="{x:.1f}" y="{y + 4}" fill="{colour}" text-anchor="{anchor}"{halo}>{escape(label)}</text>'
