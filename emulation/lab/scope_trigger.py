"""Triggers of the emulated oscilloscope: edge, and pulse width (which Keysight calls glitch).

Each process returns the instant of its trigger in ns, as a float: a level is crossed between the ticks of the world.
"""

from __future__ import annotations

from collections.abc import Callable
from math import asin, ceil, pi, sqrt

from emulation.lines import Drive, Line
from emulation.world import Process, World
from harness.units import S


def edge(world: World, line: Line, level: float, slope: str) -> Process:
    """The next crossing of `level` volts in the direction of `slope`: POS, NEG or EITH."""
    while True:
        rises, moment = yield from _crossing(world, line, level)
        if slope in {"EITH", "POS" if rises else "NEG"}:
            return moment


def pulse(world: World, line: Line, level: float, positive: bool, qualifies: Callable[[float], bool]) -> Process:
    """The end of the next pulse whose width in ns `qualifies`."""
    began = None
    while True:
        rises, moment = yield from _crossing(world, line, level)
        if rises == positive:
            began = moment
        elif began is not None and qualifies(moment - began):
            return moment


def _crossing(world: World, line: Line, level: float) -> Process:
    """Wait for the line to cross `level`; whether it rose, and when."""
    while True:
        before = line.at(world.now)
        changed = line.changed()
        if before.pwm_hertz and before.low_volts < level <= before.volts:
            rises, moment = before.next_edge(world.now)
            yield changed | world.after(max(1, ceil(moment) - world.now))
            if not changed.happened:
                fraction = (level - before.low_volts) / (before.volts - before.low_volts)
                return rises, moment + line.edge * ((fraction if rises else 1 - fraction) - 0.5)
        else:
            yield changed
        after = line.at(world.now)
        low, high = sorted((before.volts, after.volts))
        if low < level <= high:
            fraction = (level - before.volts) / (after.volts - before.volts)
            return after.volts > before.volts, world.now + line.edge * (fraction - 0.5)
        if _peak(before) < level <= _peak(after) and after.volts < level:
            phase = asin((level - after.volts) / (sqrt(2) * after.ac_volts))
            return True, world.now + phase / (2 * pi * after.ac_hertz) * S


def _peak(drive: Drive) -> float:
    return drive.volts + sqrt(2) * drive.ac_volts
