"""Electrical nets of the emulated car: who drives them, their logic level, and the voltage that a scope samples.

Levels are read, not only edges: a button that was pressed before an ECU's first step is still seen as pressed.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emulation.world import Condition, World
from harness.units import US, S


class Drive(NamedTuple):
    """What a source puts on a net: volts DC, and a sine of `ac_volts` RMS at `ac_hertz` on top.

    With `pwm_hertz` it is a square wave: `volts` for the share `duty` (0 ... 1) of each period, `low_volts` for
    the rest. Its periods count from the world's first instant, so that a change of level does not shift them.
    """

    volts: float
    ac_volts: float = 0.0
    ac_hertz: float = 0.0
    low_volts: float = 0.0
    pwm_hertz: float = 0.0
    duty: float = 1.0

    def next_edge(self, now: int) -> tuple[bool, float]:
        """Of a square wave: whether its next edge after `now` (ns) rises, and when (ns)."""
        period = S / self.pwm_hertz
        phase = now / period % 1
        rises = phase >= self.duty
        return rises, now + ((1 if rises else self.duty) - phase) * period

    def square(self, times: NDArray[np.float64], edge: float) -> NDArray[np.float64]:
        """A square wave at `times` (ns), its edges taking `edge` ns around their instants."""
        phase = times * (self.pwm_hertz / S) % 1
        phase -= phase > (1 + self.duty) / 2  # what is before the next rise
        steep = S / (self.pwm_hertz * edge)
        share = np.minimum(np.clip(0.5 + phase * steep, 0, 1), np.clip(0.5 - (phase - self.duty) * steep, 0, 1))
        levels: NDArray[np.float64] = self.low_volts + (self.volts - self.low_volts) * share
        return levels


class Line:
    """One net. The source with the highest voltage wins, as through diodes; without any, `idle_volts` stands.

    `threshold_volts` is where a logic input sees high; `edge` is the 0-100 % transition time in ns, centred on the
    instant of the change, so that the mesial (50 %) crossing is that instant.
    """

    def __init__(
        self, world: World, name: str, idle_volts: float = 0.0, threshold_volts: float = 2.5, edge: int = 20 * US
    ) -> None:
        self.name = name
        self.threshold_volts = threshold_volts
        self.edge = edge
        self._world = world
        self._idle = Drive(idle_volts)
        self._sources: dict[str, Drive] = {}
        self._now = self._idle
        self._times = [0]
        self._history = [self._idle]
        self._level_waiters: dict[bool, Condition] = {}
        self._change: Condition | None = None

    @property
    def volts(self) -> float:
        """DC voltage now."""
        return self._now.volts

    @property
    def ac_volts(self) -> float:
        """RMS of the AC part now, in volts."""
        return self._now.ac_volts

    @property
    def is_high(self) -> bool:
        """Whether a logic input on this net sees high now."""
        return self._now.volts > self.threshold_volts

    def drive(self, source: str, volts: float | None, ac_volts: float = 0.0, ac_hertz: float = 0.0) -> None:
        """`source` drives the net from now on; `volts=None` lets go of it."""
        self.put(source, None if volts is None else Drive(volts, ac_volts, ac_hertz))

    def put(self, source: str, drive: Drive | None) -> None:
        """`source` puts that on the net from now on; None lets go of it."""
        if drive is None:
            self._sources.pop(source, None)
        else:
            self._sources[source] = drive
        self._settle(max(self._sources.values(), default=self._idle))

    def _settle(self, drive: Drive) -> None:
        if drive == self._now:
            return
        was_high, self._now = self.is_high, drive
        if self._times[-1] == self._world.now:
            self._history[-1] = drive
        else:
            self._times.append(self._world.now)
            self._history.append(drive)
        if self._change is not None:
            change, self._change = self._change, None
            change.happen(drive)
        if self.is_high != was_high and self.is_high in self._level_waiters:
            self._level_waiters.pop(self.is_high).happen(self._world.now)

    def pressed(self) -> Condition:
        """Happens when the net is high: at once if it is already. Its value is the instant in ns."""
        return self._level(high=True)

    def released(self) -> Condition:
        """Happens when the net is low: at once if it is already. Its value is the instant in ns."""
        return self._level(high=False)

    def _level(self, high: bool) -> Condition:
        if self.is_high == high:
            condition = self._world.condition(f"{self.name} {'high' if high else 'low'}")
            condition.happen(self._world.now)
            return condition
        if high not in self._level_waiters:
            self._level_waiters[high] = self._world.condition(f"{self.name} {'high' if high else 'low'}")
        return self._level_waiters[high]

    def changed(self) -> Condition:
        """Happens at the next change of anything on the net; its value is the new `Drive`."""
        if self._change is None:
            self._change = self._world.condition(f"{self.name} changed")
        return self._change

    def at(self, time: int) -> Drive:
        """What was on the net at `time` (ns)."""
        return self._history[max(0, bisect_right(self._times, time) - 1)]

    def sample(self, start: float, interval: float, count: int) -> NDArray[np.float64]:
        """`count` noise-free samples in volts from `start` on, `interval` apart (ns); shape `(count,)`.

        `interval` may be a fraction: a timebase that is some ppm off does not sample on whole nanoseconds.
        """
        stop = start + interval * (count - 1)
        first = max(0, bisect_right(self._times, start - self.edge) - 1)
        last = max(first + 1, bisect_right(self._times, stop + self.edge))
        corner_times: list[float] = []
        corner_volts: list[float] = []
        half = self.edge / 2
        for index in range(first, last):
            before = self._history[index - 1] if index else self._history[0]
            moment = self._times[index]
            ramp_from = moment - half - start
            corner_times += [max(ramp_from, corner_times[-1]) if corner_times else ramp_from, moment + half - start]
            corner_volts += [before.volts, self._history[index].volts]
        offsets = np.arange(count, dtype=np.float64) * interval
        volts: NDArray[np.float64] = np.interp(offsets, corner_times, corner_volts)
        for index in range(first, last):
            drive = self._history[index]
            if drive.ac_volts or drive.pwm_hertz:
                ends = self._times[index + 1] if index + 1 < len(self._times) else stop + interval
                lit = (offsets >= self._times[index] - start) & (offsets < ends - start)
                times = offsets[lit] + start
                if drive.pwm_hertz:
                    volts[lit] = drive.square(times, self.edge)
                if drive.ac_volts:
                    phase = 2 * np.pi * drive.ac_hertz * (times - self._times[index]) / S
                    volts[lit] += np.sqrt(2) * drive.ac_volts * np.sin(phase)
        return volts
