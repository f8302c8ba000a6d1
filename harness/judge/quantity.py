"""A measured quantity: value, unit, standard uncertainty, degrees of freedom and the budget it came from (B-10, B-24).

Compared with a limit it answers True or False only where the measurement can tell, with a guard band of `k` standard
uncertainties on both sides of the limit; in between it raises `Inconclusive`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf, isinf, sqrt

from harness.errors import Inconclusive
from harness.units import S

K = 2.0
"""Coverage factor of the guard band for many degrees of freedom (ILAC-G8:09/2019, 4.2); it grows where they are few."""


def coverage_factor(dof: float) -> float:
    """Student's factor for 95 % with `dof` degrees of freedom (GUM G.6)."""
    import GTC  # noqa: PLC0415  loads SciPy

    return float(GTC.rp.k_factor(dof, 95))


@dataclass(frozen=True)
class Contribution:
    """One row of a budget: `u` is a standard uncertainty in the quantity's unit, sensitivity applied."""

    source: str
    u: float
    basis: str
    dof: float = inf


@dataclass(frozen=True)
class Quantity:
    """`value` in `unit` with standard uncertainty `u` (same unit) and `dof` degrees of freedom.

    Durations have the unit `s` and compare with an int of ns; all other quantities compare with a number in their unit.
    """

    name: str
    value: float
    unit: str
    u: float
    dof: float = inf
    budget: tuple[Contribution, ...] = ()

    @classmethod
    def of(cls, name: str, value: float, unit: str, budget: Iterable[Contribution]) -> Quantity:
        """The quantity whose uncertainty the independent rows of `budget` add up to (GUM 5.1, G.4)."""
        import GTC  # noqa: PLC0415  loads SciPy, half a second that not every process needs

        rows = tuple(budget)
        total = value + sum((GTC.ureal(0.0, row.u, row.dof, label=row.source) for row in rows), GTC.constant(0.0))
        return cls(name, value, unit, float(GTC.uncertainty(total)), float(GTC.dof(total)), rows)

    @classmethod
    def between(cls, name: str, start: int, end: int, error: int, clocks: int = 0) -> Quantity:
        """The duration from `start` to `end` (instants of the bench's clock), each within `error` (all in ns).

        `clocks` is the standard uncertainty, in ns, of one clock against the other where two clocks stamped them
        (`Bench.uncertainty_between`).
        """
        row = Contribution("time stamps", sqrt(2) * error / S / sqrt(3), "limit of error of each: sqrt(2) e / sqrt(3)")
        other = [Contribution("two clocks", clocks / S, "offset and drift, as estimated")] if clocks else []
        return cls.of(name, (end - start) / S, "s", [row, *other])

    @property
    def k(self) -> float:
        """Coverage factor: 2, or Student's 95 % factor where few degrees of freedom ask for more."""
        return K if isinf(self.dof) else max(K, coverage_factor(self.dof))

    @property
    def expanded(self) -> float:
        """Expanded uncertainty U = k u, in the quantity's unit."""
        return self.k * self.u

    def named(self, name: str) -> Quantity:
        """The same quantity under another name."""
        return replace(self, name=name)

    def in_unit(self, limit: float) -> float:
        """`limit` as a number in this quantity's unit: an int of ns where that is `s`."""
        if self.unit != "s":
            return float(limit)
        if isinstance(limit, int):
            return limit / S
        raise TypeError(f"{self.name} is a duration: compare it with an int of ns, as in 2 * S, not with {limit!r}")

    def __lt__(self, limit: float) -> bool:
        bound, low, high = self._around(limit)
        return self._say(high < bound, low >= bound, f"less than {bound:.9g}")

    def __le__(self, limit: float) -> bool:
        bound, low, high = self._around(limit)
        return self._say(high <= bound, low > bound, f"at most {bound:.9g}")

    def __gt__(self, limit: float) -> bool:
        bound, low, high = self._around(limit)
        return self._say(low > bound, high <= bound, f"more than {bound:.9g}")

    def __ge__(self, limit: float) -> bool:
        bound, low, high = self._around(limit)
        return self._say(low >= bound, high < bound, f"at least {bound:.9g}")

    def _around(self, limit: float) -> tuple[float, float, float]:
        return self.in_unit(limit), self.value - self.expanded, self.value + self.expanded

    def _say(self, surely: bool, surely_not: bool, relation: str) -> bool:
        if surely or surely_not:
            return surely
        raise Inconclusive(
            f"{self}: too uncertain to say whether it is {relation} {self.unit}. Expected a distance of more than "
            f"{self.expanded:.3g} {self.unit}; measure with a smaller uncertainty, or choose a point further away"
        )

    def __str__(self) -> str:
        return f"{self.name} = {self.value:.9g} {self.unit} +- {self.expanded:.2g} {self.unit} (k = {self.k:.3g})"
