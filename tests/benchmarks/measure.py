"""Measuring two ways of doing one thing, side by side: rounds of both in turn, medians, their ratio."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import NamedTuple

ROUNDS = 5
"""Each side is measured so often, in turn, so that a slow moment of the machine meets both."""


class Contest(NamedTuple):
    """One line of the table: `ours` and `theirs` do the same and return how often a second."""

    what: str
    ours: Callable[[], float]
    peer: str
    theirs: Callable[[], float]


class Outcome(NamedTuple):
    """Medians per second, and how many times faster ours is."""

    ours: float
    theirs: float
    ratio: float


def rate(work: Callable[[], object], count: float) -> float:
    """How often a second: `work` amounts to `count`."""
    start = perf_counter()
    work()
    return count / (perf_counter() - start)


def run(contest: Contest) -> Outcome:
    """Both sides in turn; the ratio is the median of the rounds' ratios."""
    pairs = [(contest.ours(), contest.theirs()) for _ in range(ROUNDS)]
    return Outcome(
        median(ours for ours, _ in pairs),
        median(theirs for _, theirs in pairs),
        median(ours / theirs for ours, theirs in pairs),
    )
