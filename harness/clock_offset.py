"""What another clock says in instants of the bench's: offset and drift estimated, with their uncertainty (all clauses).

An interface stamps frames with a crystal of its own, a service tells events by its own time. `HeardOffset` learns from
messages that only come (the fastest of them show the offset), `AskedOffset` from questions and answers (the truth lies
within the round trip). Times are ns; an instant is a stamp and its offset; uncertainties are standard ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import hypot, sqrt
from statistics import median
from typing import Any

from harness.units import MS, US, S

DRIFT_PPM_MAX = 200
"""Two crystals, each within 100 ppm over temperature and age; a clock that NTP slews faster shows as uncertain."""

LATENCY_MAX = 500 * US
"""The fastest frame of a second is no later than this (USB polls every 125 us or 1 ms; a socket takes 50 us)."""

WINDOW = 1 * S
"""Of each window only the pair that was fastest is kept."""
KEPT = 64
"""Windows that the line is laid through."""
SPAN_MIN = 2_500 * MS
"""From a shorter record the drift is not taken: it counts as unknown."""
SPAN_SHORT = 8 * S
"""In a shorter one the worst window stands for all: a median of a few says little."""

STEP = 10 * MS
"""A change beyond what drift explains is a clock that was set or began anew: no delay makes a message early."""
BACKWARDS = 100 * MS
"""Stamps of one clock do not fall back so far; an interface may hand over frames a little out of order."""
FIRST = 20 * MS
"""How uncertain a single message leaves the offset: as late as a busy host may be."""
LATE_WINDOWS = 3
"""So many windows without one fast message are no delay any more: the clock was set back."""

_UNKNOWN_DRIFT = DRIFT_PPM_MAX / 1e6 / sqrt(3)


class Offset:
    """A line: the offset in ns at a stamp, and its slope in ns per ns. As made it is exact: the bench's own clock."""

    def __init__(self) -> None:
        self.steps = 0
        """How often the other clock was set, or began anew."""
        self.on_step: Callable[[int], None] = lambda _by: None
        """Told by how many ns the other clock jumped ahead (negative: back)."""
        self._at = 0
        self._base = 0
        self._slope = 0.0
        self._u = 0.0
        self._u_slope = 0.0
        self._newest: int | None = None

    @property
    def known(self) -> bool:
        """Whether anything is known of the other clock."""
        return True

    @property
    def offset(self) -> int:
        """The bench's clock less the other, in ns, at the newest message."""
        return self._offset(self._at if self._newest is None else self._newest)

    @property
    def drift_ppm(self) -> float:
        """How much faster the other clock runs, in ppm; 0 while that is unknown."""
        return -self._slope * 1e6

    @property
    def drift_uncertainty_ppm(self) -> float:
        """Standard uncertainty of `drift_ppm`."""
        return self._u_slope * 1e6

    @property
    def uncertainty(self) -> int:
        """Standard uncertainty of an instant, in ns, at the newest message."""
        return self.uncertainty_at(self._at if self._newest is None else self._newest)

    def uncertainty_at(self, stamp: int) -> int:
        """Standard uncertainty of `instant(stamp)`, in ns: it grows with the time to what was heard."""
        return round(hypot(self._u, self._u_slope * (stamp - self._at)))

    def uncertainty_against(self, other: Offset) -> int:
        """Standard uncertainty, in ns, of an interval that begins by this clock and ends by `other`."""
        return 0 if self is other else round(hypot(self.uncertainty, other.uncertainty))

    def instant(self, stamp: int) -> int:
        """`stamp` of the other clock as an instant of the bench's."""
        return stamp + self._offset(stamp)

    def numbers(self) -> list[float | None]:
        """All that its answers are made of; `restore` takes them."""
        return [self.steps, self._at, self._base, self._slope, self._u, self._u_slope, self._newest]

    def restore(self, numbers: Sequence[Any]) -> None:
        """Answer from now on as the offset did whose `numbers` these are."""
        self.steps, self._at, self._base, self._slope, self._u, self._u_slope, self._newest = numbers

    def _offset(self, stamp: int) -> int:
        return self._base + round(self._slope * (stamp - self._at))

    def _lay(self, at: int, base: float, slope: float, u: float, u_slope: float) -> None:
        self._at, self._base, self._slope, self._u, self._u_slope = at, round(base), slope, u, u_slope

    def _stepped(self, by: int) -> None:
        self.steps += 1
        self.on_step(by)


EXACT = Offset()
"""Of a clock that is the bench's own, and of everything in emulated time."""


class HeardOffset(Offset):
    """Of a clock whose messages only come. None comes before it was sent, so the lower envelope is the truth.

    `latency_max` is how late the fastest may be, in ns: that part of the offset cannot be seen from here.
    """

    def __init__(self, latency_max: int = LATENCY_MAX) -> None:
        super().__init__()
        self._u_latency = latency_max / sqrt(3)
        self._points: list[tuple[int, int]] = []
        """Stamp and gap (local less stamp) of the fastest message of each window."""
        self._least: tuple[int, int] | None = None
        self._window_ends = 0
        self._late = 0

    @property
    def known(self) -> bool:
        """Whether a message has come."""
        return self._newest is not None

    def hear(self, local: int, stamp: int) -> int:
        """A message stamped `stamp` was received at `local`; returns its instant, which is never after `local`."""
        gap = local - stamp
        newest = self._newest
        if newest is None:
            self._begin(local, stamp, gap)
        elif stamp < newest - BACKWARDS:
            self._step(local, stamp, gap)
        elif stamp > newest:
            self._newest = stamp
        if self._least is None or gap < self._least[1]:
            self._least = stamp, gap
        if local >= self._window_ends:
            self._close(local)
        offset = self._base + int(self._slope * (stamp - self._at))
        if gap < offset:  # faster than any before
            if len(self._points) >= LATE_WINDOWS and offset - gap > STEP + self._drifted(stamp):
                self._step(local, stamp, gap)
            else:
                self._base -= offset - gap
            offset = gap
        return stamp + offset

    def _drifted(self, stamp: int) -> int:
        """What drift alone may explain since the last window."""
        return abs(stamp - self._points[-1][0]) * DRIFT_PPM_MAX // 1_000_000

    def _begin(self, local: int, stamp: int, gap: int) -> None:
        self._points, self._late, self._least = [], 0, None
        self._newest, self._window_ends = stamp, local + WINDOW
        self._lay(stamp, gap, 0.0, hypot(self._u_latency, FIRST), _UNKNOWN_DRIFT)

    def _step(self, local: int, stamp: int, gap: int) -> None:
        by = self._offset(self._points[-1][0] if self._points else self._at) - gap
        self._begin(local, stamp, gap)
        self._least = stamp, gap
        self._stepped(by)

    def _close(self, local: int) -> None:
        """A window is over: its fastest message joins the others, or tells that the clock was set back."""
        assert self._least is not None
        (stamp, gap), self._least = self._least, None
        self._window_ends = local + WINDOW
        if self._points and gap - self._offset(stamp) > STEP + self._drifted(stamp):
            self._late += 1
            if self._late >= LATE_WINDOWS:
                self._step(local, stamp, gap)
            return
        self._late = 0
        self._points = [*self._points[1 - KEPT :], (stamp, gap)]
        self._fit()

    def _fit(self) -> None:
        points = self._points
        at = points[-1][0]
        span = at - points[0][0]
        if span < SPAN_MIN:
            base = min(gap + (at - stamp) * DRIFT_PPM_MAX / 1e6 for stamp, gap in points)
            spread = (points[-1][1] - base) if len(points) > 1 else 0.0
            drifted = WINDOW * DRIFT_PPM_MAX / 1e6  # from one window to the next
            self._lay(at, base, 0.0, hypot(self._u_latency, spread, drifted), _UNKNOWN_DRIFT)
            return
        (x1, y1), (x2, y2) = _middle_edge(points)
        slope = max(-DRIFT_PPM_MAX / 1e6, min(DRIFT_PPM_MAX / 1e6, (y2 - y1) / (x2 - x1)))
        left = [gap - slope * (stamp - at) for stamp, gap in points]
        base = min(left)
        # What the fastest of a window is late by, as a rule; or whether the newest have all risen.
        usual = max(left) if span < SPAN_SHORT else median(left)
        spread = max(usual, min(left[-LATE_WINDOWS:])) - base
        u_slope = sqrt(2) * spread / (x2 - x1)
        u = hypot(self._u_latency, spread, u_slope * max(at - x2, 0))
        self._lay(at, base, slope, u, u_slope)


def _middle_edge(points: list[tuple[int, int]]) -> tuple[tuple[int, int], tuple[int, int]]:
    """The edge of the lower convex hull over the middle of the record: of all lines below every point the closest.

    Ref: Moon, Skelly, Towsley, Estimation and removal of clock skew from network delay measurements, INFOCOM 1999.
    """
    hull: list[tuple[int, int]] = []
    for point in points:
        while len(hull) >= 2 and _turns_right(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    middle = (points[0][0] + points[-1][0]) / 2
    return next((first, second) for first, second in pairwise(hull) if second[0] >= middle)


def _turns_right(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) <= (b[1] - a[1]) * (c[0] - a[0])


class AskedOffset(Offset):
    """Of a clock that answers what time it is: its answer was true at some instant of the round trip."""

    EVERY = 10 * S
    """How often it is worth asking again: 200 ppm make 2 ms of it."""

    def __init__(self) -> None:
        super().__init__()
        self._points: list[tuple[int, int, int]] = []
        """Stamp, offset in the middle of the round trip, half of the round trip."""
        self._asked = 0

    @property
    def known(self) -> bool:
        """Whether it has answered."""
        return self._newest is not None

    def due(self, now: int) -> bool:
        """Whether it should be asked (again)."""
        return not self.known or now - self._asked >= self.EVERY

    def exchange(self, sent: int, stamp: int, received: int) -> None:
        """Asked at `sent`, it said `stamp`, which was here at `received`."""
        middle, half = (sent + received) // 2 - stamp, (received - sent + 1) // 2
        if self._points:
            beyond = abs(middle - self._offset(stamp)) - half - self._bound(stamp)
            if beyond > STEP or stamp < (self._newest or 0) - BACKWARDS:
                by = self.offset - middle
                self._points.clear()
                self._stepped(by)
        if self._points and received - self._asked < WINDOW:  # of one round of questions the fastest answer counts
            if half < self._points[-1][2]:
                self._points[-1] = stamp, middle, half
        else:
            self._points = [*self._points[1 - KEPT :], (stamp, middle, half)]
            self._asked = received
        self._newest = stamp
        self._fit()

    def _bound(self, stamp: int) -> int:
        """How far the offset may be from the line at `stamp`, without a step."""
        return min(half + abs(stamp - at) * DRIFT_PPM_MAX // 1_000_000 for at, _, half in self._points)

    def _fit(self) -> None:
        newest = self._points[-1][0]

        def worth(point: tuple[int, int, int]) -> float:
            return point[2] + abs(newest - point[0]) * DRIFT_PPM_MAX / 1e6

        at, base, half = min(self._points, key=worth)
        slope, u_slope = 0.0, _UNKNOWN_DRIFT
        if newest - self._points[0][0] >= SPAN_MIN:
            cut = len(self._points) // 2
            early = min(self._points[:cut], key=lambda point: point[2])
            late = min(self._points[cut:], key=lambda point: point[2])
            between = late[0] - early[0]
            if (u := hypot(early[2], late[2]) / sqrt(3) / between) < _UNKNOWN_DRIFT:
                slope, u_slope = (late[1] - early[1]) / between, u
        self._lay(at, base, slope, half / sqrt(3), u_slope)
