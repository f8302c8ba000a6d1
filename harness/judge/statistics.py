"""Many measurements of one thing: spread, confidence, tolerance, and whether two sources agree (B-24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean, stdev

from harness.errors import ExpectationError
from harness.judge.quantity import Contribution, Quantity, coverage_factor


@dataclass(frozen=True)
class Sample:
    """`n` values of one quantity in `unit`; `instrument_u` is what repeating cannot reduce (same unit)."""

    name: str
    unit: str
    values: tuple[float, ...]
    instrument_u: float = 0.0

    @classmethod
    def of(cls, name: str, quantities: Sequence[Quantity]) -> Sample:
        """From single measurements; the largest uncertainty stands for the instrument's. At least two are needed."""
        if len(quantities) < 2:
            raise ValueError(f"{name}: a spread needs at least 2 values, got {len(quantities)}")
        units = {quantity.unit for quantity in quantities}
        if len(units) > 1:
            raise ValueError(f"{name}: expected values in one unit, got {', '.join(sorted(units))}")
        return cls(name, units.pop(), tuple(q.value for q in quantities), max(q.u for q in quantities))

    @property
    def n(self) -> int:
        """How many."""
        return len(self.values)

    @property
    def mean(self) -> float:
        """Arithmetic mean."""
        return fmean(self.values)

    @property
    def sd(self) -> float:
        """Experimental standard deviation, n - 1 degrees of freedom."""
        return stdev(self.values)

    @property
    def smallest(self) -> float:
        """The smallest value."""
        return min(self.values)

    @property
    def largest(self) -> float:
        """The largest value."""
        return max(self.values)

    def quantity(self) -> Quantity:
        """The mean, with s / sqrt(n) and the instrument's own uncertainty."""
        rows = [Contribution("repeats", self.sd / sqrt(self.n), f"s / sqrt(n), n = {self.n}", self.n - 1)]
        if self.instrument_u:
            rows.append(Contribution("instrument", self.instrument_u, "of each single value, not reduced by repeating"))
        return Quantity.of(f"mean {self.name}", self.mean, self.unit, rows)

    def spread(self) -> Quantity:
        """The standard deviation, with its own s / sqrt(2 (n - 1)) (GUM, E.4.3)."""
        rows = [Contribution("repeats", self.sd / sqrt(2 * (self.n - 1)), f"n = {self.n}", self.n - 1)]
        return Quantity.of(f"standard deviation of {self.name}", self.sd, self.unit, rows)

    def best(self) -> Quantity:
        """The smallest value, as a single measurement."""
        return self._single(f"smallest {self.name}", self.smallest)

    def worst(self) -> Quantity:
        """The largest value, as a single measurement."""
        return self._single(f"largest {self.name}", self.largest)

    def _single(self, name: str, value: float) -> Quantity:
        return Quantity.of(name, value, self.unit, [Contribution("instrument", self.instrument_u, "of a single value")])

    def confidence(self) -> tuple[float, float]:
        """95 % confidence interval of the mean, by Student's t."""
        half = coverage_factor(self.n - 1) * self.sd / sqrt(self.n)
        return self.mean - half, self.mean + half

    def tolerance(self, share: float = 0.95, confidence: float = 0.95) -> tuple[float, float]:
        """The interval that holds `share` of a normal population with `confidence` (ISO 16269-6; Howe's factor)."""
        dof = self.n - 1
        quantile = _chi_squared_quantile(1 - confidence, dof)
        factor = NormalDist().inv_cdf((1 + share) / 2) * sqrt(dof * (1 + 1 / self.n) / quantile)
        return self.mean - factor * self.sd, self.mean + factor * self.sd

    def row(self) -> dict[str, float | int | str]:
        """The figures as a report shows them."""
        low, high = self.tolerance()
        return {
            "name": self.name,
            "unit": self.unit,
            "n": self.n,
            "mean": self.mean,
            "sd": self.sd,
            "min": self.smallest,
            "max": self.largest,
            "95/95 from": low,
            "95/95 to": high,
        }


def _chi_squared_quantile(probability: float, dof: int) -> float:
    """By Wilson and Hilferty (1931): within 1 % from 5 degrees of freedom on."""
    spread = 2 / (9 * dof)
    return float(dof * (1 - spread + NormalDist().inv_cdf(probability) * sqrt(spread)) ** 3)


@dataclass(frozen=True)
class Agreement:
    """Two sources of one quantity, compared pair by pair: they agree where `e_n` is at most 1 (ISO 13528, 9.7)."""

    name: str
    difference: Quantity
    e_n: float

    @property
    def agrees(self) -> bool:
        """Whether the mean difference is within its expanded uncertainty."""
        return self.e_n <= 1

    def check(self) -> Agreement:
        """Itself where the sources agree; `ExpectationError` where they do not."""
        if not self.agrees:
            raise ExpectationError(
                f"expected {self.name} to agree within their uncertainty; {self.difference}, E_n = {self.e_n:.2f}. "
                "One of them tells of something that has not happened"
            )
        return self


def agree(name: str, first: Sequence[Quantity], second: Sequence[Quantity]) -> Agreement:
    """The mean of the paired differences `second - first`, or a single one, against its expanded uncertainty."""
    if not first or len(first) != len(second):
        raise ValueError(f"{name}: expected pairs, got {len(first)} and {len(second)} values")
    differences = [late.value - early.value for early, late in zip(first, second, strict=True)]
    rows = [
        Contribution("first source", max(quantity.u for quantity in first), "of a single value"),
        Contribution("second source", max(quantity.u for quantity in second), "of a single value"),
    ]
    if (n := len(differences)) > 1:
        rows.append(Contribution("repeats", stdev(differences) / sqrt(n), f"s / sqrt(n), n = {n}", n - 1))
    difference = Quantity.of(f"difference of {name}", fmean(differences), first[0].unit, rows)
    size = abs(difference.value)
    return Agreement(name, difference, size / difference.expanded if difference.u else float("inf") if size else 0.0)
