"""The picture of a timeline: lanes of states and acts over one time axis, limits drawn in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from harness.units import S, seconds

WIDTH_INCHES = 11.0
LANE_INCHES = 0.40
FRAME_INCHES = 0.95
DPI = 100
LEFT, RIGHT = 0.185, 0.985
GLYPH_INCHES = 0.083
"""Width of one character of a label at 8 points: decides whether a label fits its bar."""

INK, FAINT, GRID, LIMIT = "#1f2430", "#8b93a3", "#e6e9ef", "#c2255c"
COLOURS = {"tester": "#495057", "line": "#d9730d", "can": "#1971c2", "modem": "#0c8599", "call": "#2f9e44"}
TINTS = {"tester": "#6c757d", "line": "#e8954a", "can": "#4d94d6", "modem": "#3aa3b3", "call": "#5cb56d"}
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
    """A limit: on `lane`, from `start` to `end` (ns), with its `label` in words (`hold of 2 s`)."""

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


class Painter:
    """Draws lanes to PNG; keeps one figure, because making one costs more than drawing into it."""

    def __init__(self) -> None:
        self._figure = Figure(dpi=DPI)
        FigureCanvasAgg(self._figure)

    def png(self, lanes: Sequence[Lane], *, title: str, limits: Sequence[Span] = ()) -> bytes:
        """PNG of `lanes` from the top down, 1,100 pixels wide. Without anything to show, a picture that says so."""
        figure = self._figure
        figure.clear()
        height = FRAME_INCHES + LANE_INCHES * max(1, len(lanes))
        figure.set_size_inches(WIDTH_INCHES, height)
        axes = figure.add_axes((LEFT, 0.52 / height, RIGHT - LEFT, 1 - FRAME_INCHES / height))
        start, end = _extent(lanes, limits)
        _frame(axes, lanes, title, start, end)
        rows = {lane.name: row for row, lane in enumerate(lanes)}
        for row, lane in enumerate(lanes):
            _draw_states(axes, row, lane, (end - start) / S)
            _draw_marks(axes, row, lane, end / S)
        for limit in limits:
            if limit.lane in rows:
                _draw_limit(axes, rows[limit.lane], limit)
        if not lanes:
            axes.text(
                0.5, 0.5, "Nothing was observed.", transform=axes.transAxes, ha="center", va="center", color=FAINT
            )
        buffer = io.BytesIO()
        self._figure.savefig(buffer, format="png")
        return buffer.getvalue()


def _extent(lanes: Sequence[Lane], limits: Sequence[Span]) -> tuple[int, int]:
    """First and last instant of interest, with a little air; quiet states do not stretch the axis."""
    times = [edge for lane in lanes for state in lane.states if not state.quiet for edge in (state.start, state.end)]
    times += [mark.time for lane in lanes for mark in lane.marks]
    times += [edge for limit in limits for edge in (limit.start, limit.end)]
    if not times:
        times = [edge for lane in lanes for state in lane.states for edge in (state.start, state.end)] or [0]
    first, last = min(times), max(times)
    air = max((last - first) // 25, S // 50)
    return max(0, first - air), last + air


def _frame(axes: Axes, lanes: Sequence[Lane], title: str, start: int, end: int) -> None:
    axes.set_xlim(start / S, end / S)
    axes.set_ylim(max(1, len(lanes)) - 0.5, -0.5)
    axes.set_yticks(range(len(lanes)), [lane.name for lane in lanes], fontsize=9, color=INK)
    axes.tick_params(axis="y", length=0, pad=8)
    axes.tick_params(axis="x", labelsize=8, colors=FAINT, length=3)
    axes.set_xlabel("simulated time since the bench was opened, s", fontsize=8, color=FAINT, labelpad=3)
    axes.set_title(title, loc="left", fontsize=11, color=INK, pad=10)
    axes.grid(visible=True, axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GRID)


def _draw_states(axes: Axes, row: int, lane: Lane, span_s: float) -> None:
    colour = COLOURS[lane.kind]
    quiet = [(s.start / S, (s.end - s.start) / S) for s in lane.states if s.quiet]
    if quiet:
        axes.broken_barh(quiet, (row - 0.025, 0.05), facecolors=colour, alpha=0.45)
    shown = [s for s in lane.states if not s.quiet]
    # Neighbours in two tints; the edge keeps a state visible that flashed by for less than a pixel.
    for parity in (0, 1):
        bars = [(s.start / S, (s.end - s.start) / S) for s in shown[parity::2]]
        axes.broken_barh(
            bars,
            (row - 0.30, 0.60),
            facecolors=TINTS[lane.kind] if parity else colour,
            edgecolors=colour,
            linewidth=0.8,
        )
    inches_per_s = WIDTH_INCHES * (RIGHT - LEFT) / span_s
    small: list[str] = []  # names of bars too narrow for them, written beside where the lane is quiet again
    for state in lane.states:
        room = seconds(state.end - state.start) * inches_per_s
        if state.quiet:
            label = " > ".join(small)
            if label and room > GLYPH_INCHES * (len(label) + 1):
                _word(axes, state.start / S, row, label, offset=5)
            small = []
        elif room > GLYPH_INCHES * len(state.label):
            middle = seconds(state.start + state.end) / 2
            axes.text(middle, row, state.label, fontsize=8, color="white", ha="center", va="center_baseline")
        else:
            small.append(state.label)


def _draw_marks(axes: Axes, row: int, lane: Lane, end_s: float) -> None:
    if not lane.marks:
        return
    colour = COLOURS[lane.kind]
    times = [mark.time / S for mark in lane.marks]
    axes.plot(times, [row] * len(times), linestyle="none", marker="D", markersize=4.5, color=colour, clip_on=False)
    low, high = axes.get_xlim()
    inches_per_s = WIDTH_INCHES * (RIGHT - LEFT) / (high - low)
    for mark, following in zip(lane.marks, [*times[1:], end_s], strict=True):
        words = GLYPH_INCHES * len(mark.label)
        if (following - mark.time / S) * inches_per_s > words:
            offset = 7
        elif following is end_s and (mark.time / S - low) * inches_per_s > words:
            offset = -7
        else:
            continue  # the neighbour would be written over; the table of acts has every one
        _word(axes, mark.time / S, row, mark.label, offset=offset)


def _draw_limit(axes: Axes, row: int, limit: Span) -> None:
    start, end = limit.start / S, limit.end / S
    axes.annotate(
        "", (end, row + 0.40), xytext=(start, row + 0.40),
        arrowprops={"arrowstyle": "<->", "color": LIMIT, "linewidth": 1, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
    axes.vlines([start, end], row - 0.42, row + 0.48, colors=LIMIT, linewidth=1, linestyles="dashed")
    _word(axes, end, row + 0.40, limit.label, offset=4, colour=LIMIT)


def _word(axes: Axes, at_s: float, row: float, label: str, *, offset: float, colour: str = INK) -> None:
    """`label` beside an instant: `offset` points to its right, or to its left where that is negative."""
    axes.annotate(
        label, (at_s, row), xytext=(offset, 0), textcoords="offset points",
        fontsize=8, color=colour, ha="left" if offset > 0 else "right", va="center_baseline", annotation_clip=False,
        bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"} if colour == INK else None,
    )  # fmt: skip
