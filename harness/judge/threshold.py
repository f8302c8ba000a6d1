"""Where a hold begins to count: the threshold of a button, found by bisection (B-10, B-14)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import sqrt
from typing import NamedTuple

from harness.errors import ExpectationError, Inconclusive
from harness.judge.quantity import Contribution, Quantity
from harness.units import S, pretty


class Trial(NamedTuple):
    """One press of a bisection: how long it was on the line, and whether the device acted on it."""

    held: Quantity
    acted: bool


def bisect_threshold(
    press: Callable[[int], Trial], low: int, high: int, resolution: int, name: str = "hold threshold"
) -> Quantity:
    """The hold (s) from which on the device acts: `press(duration)` is tried between `low` and `high` (ns).

    The threshold lies between the longest hold that did nothing and the shortest that acted, both as measured on the
    line; both are pressed once more at the end. Raises `ExpectationError` where the device acts on `low` already or not
    on `high`, `Inconclusive` where its threshold moves by more than `resolution` (ns) between presses.
    """
    nothing, acted = press(low), press(high)
    if nothing.acted:
        raise ExpectationError(f"expected a hold of {pretty(low)} to do nothing; it acted. {nothing.held}")
    if not acted.acted:
        raise ExpectationError(f"expected a hold of {pretty(high)} to act; it did nothing. {acted.held}")
    trials = 2
    while high - low > resolution:
        middle = (low + high) // 2
        trial = press(middle)
        trials += 1
        if trial.acted:
            high, acted = middle, trial
        else:
            low, nothing = middle, trial
    if press(low).acted or not press(high).acted:
        raise Inconclusive(
            f"the threshold moves: holds of {pretty(low)} and {pretty(high)} did not do the same twice. "
            f"Bisect with a resolution coarser than {pretty(resolution)}, and judge the spread"
        )
    return _between(nothing.held, acted.held, name, trials + 2)


def _between(nothing: Quantity, acted: Quantity, name: str, trials: int) -> Quantity:
    """The middle of the bracket; the pulses share timebase and threshold, so the more uncertain one stands for both."""
    pulse = nothing if nothing.u > acted.u else acted
    width = abs(acted.value - nothing.value)
    bracket = Contribution(
        "bisection", width / sqrt(12), f"within the last bracket of {width * S / 1e6:.3g} ms, {trials} presses"
    )
    rows = [replace(row, source=f"pulse: {row.source}") for row in pulse.budget]
    if not rows:
        rows = [Contribution("pulse", pulse.u, "the measured pulse", pulse.dof)]
    return Quantity.of(name, (nothing.value + acted.value) / 2, "s", [bracket, *rows])
