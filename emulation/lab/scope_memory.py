"""The memory of the emulated oscilloscope: what one acquisition caught, as 8-bit codes, and what is measured in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emulation.lab.parameters import INFINITY
from emulation.lines import Line
from emulation.world import Process
from harness.units import MS, S

DIVISIONS_DOWN = 8
LEVELS = 256
SLICE = 1 << 15
"""Samples that are worked out at a time; on the wall clock about 1 ms, in which nothing else on the bench runs."""
SLICE_TIME = 1 * MS
"""Simulated time that a scope takes for each further slice, so that the rest of the bench has its turn in between."""
ASCII_SLICE = 1 << 12
"""Numbers that are written at a time."""

Noise = Callable[[int], NDArray[np.float32]]
"""So many samples of the front end's noise, in codes."""


@dataclass(frozen=True)
class Record:
    """One acquisition: when it was triggered (ns), and with which settings; `stretch` is the timebase's error."""

    trigger: float
    start_seconds: float
    range_seconds: float
    stretch: float
    gain: dict[int, float]
    """Volts that the screen shows for each volt at the input."""
    scale: dict[int, float]
    offset: dict[int, float]

    def volts(self, channel: int, codes: NDArray[np.uint8]) -> NDArray[np.float64]:
        """What codes of a channel mean."""
        step = self.scale[channel] * DIVISIONS_DOWN / LEVELS
        return (codes.astype(np.float64) - LEVELS // 2) * step + self.offset[channel]

    def digitize(self, line: Line, channel: int, points: int, noise: Noise) -> Process:
        """Work out the codes of a channel in slices; returns them, shape (points,)."""
        interval = self.range_seconds / points * S * self.stretch
        start = round(self.trigger + self.start_seconds * S * self.stretch)
        step = self.scale[channel] * DIVISIONS_DOWN / LEVELS
        codes = np.empty(points, dtype=np.uint8)
        for first in range(0, points, SLICE):
            if first:
                yield SLICE_TIME
            count = min(SLICE, points - first)
            volts = line.sample(start + first * interval, interval, count).astype(np.float32)
            volts *= np.float32(self.gain[channel] / step)
            volts += noise(count)
            volts += np.float32(LEVELS // 2 + 0.5 - self.offset[channel] / step)
            codes[first : first + count] = np.clip(volts, 0, LEVELS - 1, out=volts)
        return codes


def positive_width(volts: NDArray[np.float64], least_swing: float) -> float:
    """Samples from the first rise through 50 % to the next fall; 9.9E+37 where there is no such pulse."""
    low, high = volts.min(), volts.max()
    if high - low < least_swing:
        return INFINITY
    above = volts > (low + high) / 2
    rises = np.flatnonzero(~above[:-1] & above[1:])
    falls = np.flatnonzero(above[:-1] & ~above[1:])
    if not len(rises) or not len(falls[falls > rises[0]]):
        return INFINITY
    return float(falls[falls > rises[0]][0] - rises[0])


def written(volts: NDArray[np.float64]) -> Process:
    """The samples as numbers with commas between, as bytes; worked out in slices."""
    parts = []
    for first in range(0, len(volts), ASCII_SLICE):
        if first:
            yield SLICE_TIME
        parts.append(",".join(f"{sample:.5E}" for sample in volts[first : first + ASCII_SLICE].tolist()))
    return ",".join(parts).encode()
