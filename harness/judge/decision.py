"""Pass, fail or inconclusive: a quantity against a limit with a guard band, and how probable that is (B-10, B-24).

Rule: guarded acceptance and guarded rejection, w = U with k = 2 (ILAC-G8:09/2019, 4.2.2 and 4.2.3; JCGM 106:2012, 8.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import atan, gamma, isinf, pi, sqrt
from statistics import NormalDist
from typing import Protocol

import numpy as np

from harness.errors import ExpectationError, Inconclusive
from harness.judge.quantity import Quantity


class Verdict(Enum):
    """What a measurement says of a limit."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


class Bounded(Protocol):
    """A limit: `lower` and `upper` in the quantity's unit (seconds for durations), None where it is open."""

    @property
    def id(self) -> str: ...
    @property
    def lower(self) -> float | None: ...
    @property
    def upper(self) -> float | None: ...
    @property
    def unit(self) -> str: ...


@dataclass(frozen=True)
class Bounds:
    """A limit that stands in no catalogue."""

    id: str
    unit: str
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Decision:
    """A verdict with its reasons.

    `margin` is the distance to the nearest bound in the quantity's unit, negative outside; `probability` is that of the
    true value lying within the limit.
    """

    quantity: Quantity
    limit: Bounded
    verdict: Verdict
    margin: float
    probability: float

    def check(self) -> Decision:
        """Itself where it passed. Raises `ExpectationError` where it failed, `Inconclusive` where it is neither."""
        if self.verdict is Verdict.FAIL:
            raise ExpectationError(f"{self}. The limit is in catalogue/limits.toml; the budget is with the measurement")
        if self.verdict is Verdict.INCONCLUSIVE:
            raise Inconclusive(f"{self}. Measure with less uncertainty, or more often")
        return self

    def __str__(self) -> str:
        said = "met" if self.verdict is Verdict.PASS else "not met" if self.verdict is Verdict.FAIL else "undecided"
        return (
            f"limit {self.limit.id} ({interval(self.limit)}) is {said}: {self.quantity}, margin {self.margin:.3g} "
            f"{self.quantity.unit}, probability of conformity {self.probability:.4f}"
        )


def interval(limit: Bounded) -> str:
    """The bounds as a reader writes them: `at least 2 s`, `1.999 s ... 2 s`."""
    if limit.lower is not None and limit.upper is not None:
        return f"{limit.lower:.9g} {limit.unit} ... {limit.upper:.9g} {limit.unit}"
    return (
        f"at least {limit.lower:.9g} {limit.unit}" if limit.upper is None else f"at most {limit.upper:.9g} {limit.unit}"
    )


def decide(quantity: Quantity, limit: Bounded) -> Decision:
    """`quantity` against `limit`. Raises `TypeError` where their units differ or the limit has no bound."""
    if quantity.unit != limit.unit:
        raise TypeError(f"{quantity.name} is in {quantity.unit!r}, limit {limit.id} in {limit.unit!r}")
    inside = []
    if limit.lower is not None:
        inside.append(quantity.value - limit.lower)
    if limit.upper is not None:
        inside.append(limit.upper - quantity.value)
    if not inside:
        raise TypeError(f"limit {limit.id} has neither a lower nor an upper bound: it decides nothing")
    margin = min(inside)
    if margin >= quantity.expanded:
        verdict = Verdict.PASS
    elif margin < -quantity.expanded:
        verdict = Verdict.FAIL
    else:
        verdict = Verdict.INCONCLUSIVE
    return Decision(quantity, limit, verdict, margin, conformity(quantity, limit))


def conformity(quantity: Quantity, limit: Bounded) -> float:
    """Probability that the true value lies within `limit` (JCGM 106:2012, 7), by Student's or the normal law."""
    below = 0.0 if limit.lower is None else _cumulative(quantity, limit.lower)
    return (1.0 if limit.upper is None else _cumulative(quantity, limit.upper)) - below


def _cumulative(quantity: Quantity, bound: float) -> float:
    if quantity.u == 0:
        return 1.0 if quantity.value <= bound else 0.0
    return student((bound - quantity.value) / quantity.u, quantity.dof)


def student(t: float, dof: float) -> float:
    """Cumulative distribution of Student's t; the normal law from 200 degrees of freedom on (difference < 0.0002)."""
    if isinf(dof) or dof > 200:
        return NormalDist().cdf(t)
    # With t = sqrt(dof) tan(a) the density is proportional to cos(a)^(dof - 1).
    angles = np.linspace(0.0, atan(abs(t) / sqrt(dof)), 2001)
    area = float(np.trapezoid(np.cos(angles) ** (dof - 1), angles))
    half = area * gamma((dof + 1) / 2) / (sqrt(pi) * gamma(dof / 2))
    return 0.5 + half if t >= 0 else 0.5 - half
