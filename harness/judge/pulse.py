"""How long a button was held: pulse duration from a scope's samples, with its uncertainty (B-10, B-14).

Pulse duration is the time between the 50 % (mesial) crossings of the edges, interpolated (IEEE Std 181-2011, 5.3).
Contact bounce is part of the pulse that it begins or ends: a press begins at its first edge, and is over with the last
opening.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from harness.errors import BenchError
from harness.judge.quantity import Contribution, Quantity
from harness.ports import Waveform
from harness.units import MS, S, nanoseconds, pretty

BOUNCE = 5 * MS
"""Openings shorter than this are contact chatter (tactile switches and reed relays settle within 5 ms)."""

SMALLEST_AMPLITUDE_IN_NOISE = 10.0
"""A pulse must stand this many standard deviations of noise above its base line."""


@dataclass(frozen=True)
class Pulse:
    """One pulse; instants in ns relative to the trigger, `openings` are the gaps of contact bounce within it."""

    start: int
    end: int
    duration: Quantity
    low_volts: float
    high_volts: float
    openings: tuple[tuple[int, int], ...] = ()


def pulse_width(waveform: Waveform, name: str = "pulse duration") -> Quantity:
    """The duration of the only pulse in `waveform`, in s."""
    return only_pulse(waveform, name).duration


def only_pulse(waveform: Waveform, name: str = "pulse duration") -> Pulse:
    """The only pulse in `waveform`. Raises `BenchError` where there is none, or more."""
    pulses = find_pulses(waveform, name)
    if len(pulses) == 1:
        return pulses[0]
    starts = ", ".join(pretty(pulse.start) for pulse in pulses)
    raise BenchError(f"expected one pulse on the line, saw {len(pulses)}, beginning at {starts} after the trigger")


def find_pulses(waveform: Waveform, name: str = "pulse duration") -> list[Pulse]:
    """Every positive pulse in `waveform`, in order of time. Raises `BenchError` where none can be measured."""
    volts = waveform.volts
    low, high = two_levels(waveform)
    level = (volts - low) / (high - low)
    edges = edges_of(level)
    if edges[0][1] < 0 or edges[-1][1] > 0 or len(edges) % 2:
        raise BenchError(
            f"the line is high at the {'beginning' if edges[0][1] < 0 else 'end'} of the scope's record of "
            f"{pretty(waveform.interval * (len(volts) - 1))}: record more before and after the pulse"
        )
    contacts = [
        (crossing(level, rise), crossing(level, fall))
        for (rise, _), (fall, _) in zip(edges[::2], edges[1::2], strict=True)
    ]
    transitions = [transition(level, span) for span, _ in edges]
    groups: list[list[int]] = []
    for index, (begins, _) in enumerate(contacts):
        if groups and (begins - contacts[groups[-1][-1]][1]) * waveform.interval < BOUNCE:
            groups[-1].append(index)
        else:
            groups.append([index])
    return [_pulse(waveform, name, (low, high), [contacts[i] for i in group], max(transitions)) for group in groups]


def two_levels(waveform: Waveform) -> tuple[float, float]:
    """The two state levels: the medians of what lies below and above the middle (IEEE Std 181-2011, 5.2)."""
    volts = waveform.volts
    bottom, top = float(volts.min()), float(volts.max())
    if top - bottom < SMALLEST_AMPLITUDE_IN_NOISE * waveform.noise_volts or top == bottom:
        raise BenchError(
            f"no pulse: the line stayed between {bottom:.3g} V and {top:.3g} V, and the scope's noise is "
            f"{waveform.noise_volts:.2g} V. Does the switch reach the line, and does the scope see it?"
        )
    upper = volts > (bottom + top) / 2
    for state, extreme, edge in ((volts[upper], top, "top"), (volts[~upper], bottom, "bottom")):
        if waveform.noise_volts > 0 and _is_clipped(state, extreme, waveform.noise_volts):
            raise BenchError(
                f"clipped: the samples stand still at {extreme:.4g} V, the {edge} of the scope's range, although its "
                f"noise is {waveform.noise_volts:.2g} V. Choose a larger range, or another offset"
            )
    return float(np.median(volts[~upper])), float(np.median(volts[upper]))


def _is_clipped(state: NDArray[np.float64], extreme: float, noise: float) -> bool:
    """Whether a level that should show noise over several codes of the converter shows its last code alone."""
    distinct = np.unique(state)
    step = float(np.diff(distinct).min()) if len(distinct) > 1 else 0.0
    return len(state) > 100 and step < noise / 2 and float(np.mean(state == extreme)) > 0.5


def edges_of(level: NDArray[np.float64]) -> list[tuple[tuple[int, int], int]]:
    """Each edge as ((last sample before, first sample after), +1 or -1), with a hysteresis of 25 % to 75 %."""
    sure = np.flatnonzero((level > 0.75) | (level < 0.25))
    states = (level[sure] > 0.75).astype(np.int8)
    turns = np.flatnonzero(np.diff(states))
    return [((int(sure[turn]), int(sure[turn + 1])), 1 if states[turn + 1] else -1) for turn in turns]


def crossing(level: NDArray[np.float64], span: tuple[int, int], fraction: float = 0.5) -> float:
    """Where the edge crosses `fraction`, in samples: the middle of its crossings where noise makes several."""
    first, last = span
    above = level[first : last + 1] > fraction
    found = np.flatnonzero(above[1:] != above[:-1]) + first
    places = [index + (fraction - level[index]) / (level[index + 1] - level[index]) for index in (found[0], found[-1])]
    return float(sum(places) / 2)


def transition(level: NDArray[np.float64], span: tuple[int, int]) -> float:
    """Duration of the edge from 0 to 100 %, in samples, from its 25 % and 75 % crossings; at least one sample."""
    return max(1.0, 2 * abs(crossing(level, span, 0.75) - crossing(level, span, 0.25)))


def _pulse(
    waveform: Waveform,
    name: str,
    levels: tuple[float, float],
    contacts: list[tuple[float, float]],
    transition: float,
) -> Pulse:
    def instant(sample: float) -> int:
        return waveform.start + nanoseconds(sample * waveform.interval / S)

    begin, end = contacts[0][0], contacts[-1][1]
    openings = [(left[1], right[0]) for left, right in pairwise(contacts)]
    window = BOUNCE / waveform.interval
    chatter = max((closes - begin for _, closes in openings if closes - begin < window), default=0.0)
    chatter += max((end - opens for opens, _ in openings if end - opens < window), default=0.0)
    dt = waveform.interval / S
    duration = (end - begin) * dt
    budget = duration_budget(
        duration,
        interval=dt,
        timebase_ppm=waveform.timebase_ppm,
        noise_fraction=waveform.noise_volts / (levels[1] - levels[0]),
        threshold_fraction=waveform.threshold_fraction,
        transition=transition * dt,
        bounce=chatter * dt,
    )
    return Pulse(
        instant(begin),
        instant(end),
        Quantity.of(name, duration, "s", budget),
        *levels,
        tuple((instant(opens), instant(closes)) for opens, closes in openings),
    )


def duration_budget(
    duration: float,
    *,
    interval: float,
    timebase_ppm: float,
    noise_fraction: float,
    threshold_fraction: float,
    transition: float,
    bounce: float = 0.0,
) -> list[Contribution]:
    """What makes a duration uncertain; all durations in s, noise and threshold as fractions of the amplitude."""
    rows = [
        Contribution("sample interval", interval / sqrt(6), "two edges, each within half a sample: dt / sqrt(6)"),
        Contribution("timebase", duration * timebase_ppm * 1e-6 / sqrt(3), "limit of error: T ppm / sqrt(3)"),
        Contribution("noise", sqrt(2) * noise_fraction * transition, "two edges: sqrt(2) sigma / slope"),
        Contribution(
            "threshold",
            2 * threshold_fraction * transition / sqrt(3),
            "limit of error, both edges: 2 dV / slope / sqrt(3)",
        ),
    ]
    if bounce:
        rows.append(Contribution("bounce", bounce / sqrt(12), "the contact was made within the chatter: b / sqrt(12)"))
    return rows
