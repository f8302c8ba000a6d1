"""The control pilot from a scope's samples: levels, frequency, duty cycle, with their uncertainty (C-06, C-08, C-12).

Ref: IEC 61851-1, annex A, for what a pilot is; IEEE Std 181-2011 for levels and mesial crossings.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from harness.errors import BenchError
from harness.judge.pulse import SMALLEST_AMPLITUDE_IN_NOISE, crossing, duration_budget, edges_of, transition, two_levels
from harness.judge.quantity import Contribution, Quantity
from harness.ports import Waveform
from harness.units import S


@dataclass(frozen=True)
class SquareWave:
    """Levels in V, frequency in Hz, duty cycle in %; of a line that stands still only `high`."""

    high: Quantity
    low: Quantity | None = None
    frequency: Quantity | None = None
    duty: Quantity | None = None


def square_wave(waveform: Waveform, name: str = "line") -> SquareWave:
    """What `waveform` shows. Raises `BenchError` where it moves, and is not one whole period of a square wave."""
    volts = waveform.volts
    swing = float(volts.max() - volts.min())
    if swing < max(SMALLEST_AMPLITUDE_IN_NOISE * waveform.noise_volts, 2 * waveform.offset_error_volts):
        return SquareWave(_level(waveform, float(np.mean(volts)), f"{name}, level"))
    low, high = two_levels(waveform)
    relative = (volts - low) / (high - low)
    edges = edges_of(relative)
    rises = [crossing(relative, span) for span, direction in edges if direction > 0]
    falls = [crossing(relative, span) for span, direction in edges if direction < 0]
    falls = [fall for fall in falls if rises and fall > rises[0]]
    if len(rises) < 2 or not falls:
        raise BenchError(
            f"{name}: expected a square wave of at least one period on the scope, saw {len(edges)} edges between "
            f"{low:.3g} V and {high:.3g} V. Look again, or longer"
        )
    dt, slope = waveform.interval / S, max(transition(relative, span) for span, _ in edges)
    periods = len(rises) - 1

    def budget(duration: float) -> list[Contribution]:
        return duration_budget(
            duration,
            interval=dt,
            timebase_ppm=waveform.timebase_ppm,
            noise_fraction=waveform.noise_volts / (high - low),
            threshold_fraction=waveform.threshold_fraction,
            transition=slope * dt,
        )

    whole = (rises[-1] - rises[0]) * dt
    hertz = periods / whole
    width = float(np.mean([fall - rise for rise, fall in zip(rises[:-1], falls, strict=False)])) * dt
    share = 100 * width * hertz
    of_whole, of_width = budget(whole), budget(width)
    return SquareWave(
        _level(waveform, high, f"{name}, high level"),
        _level(waveform, low, f"{name}, low level"),
        Quantity.of(f"{name}, frequency", hertz, "Hz", _scaled(of_whole, hertz / whole)),
        Quantity.of(
            f"{name}, duty cycle",
            share,
            "%",
            [*_scaled(of_width, 100 * hertz), *_scaled(of_whole, share / whole, " of the period")],
        ),
    )


def _scaled(rows: list[Contribution], sensitivity: float, what: str = "") -> list[Contribution]:
    return [Contribution(row.source + what, abs(sensitivity) * row.u, row.basis, row.dof) for row in rows]


def _level(waveform: Waveform, volts: float, name: str) -> Quantity:
    rows = [
        Contribution("gain", waveform.gain_error_volts / sqrt(3), "limit of error, 2 % of the screen: / sqrt(3)"),
        Contribution("offset", waveform.offset_error_volts / sqrt(3), "limit of error, 0.1 division: / sqrt(3)"),
        Contribution("noise", waveform.noise_volts / sqrt(10), "median of at least ten samples"),
    ]
    return Quantity.of(name, volts, "V", rows)
