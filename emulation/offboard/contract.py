"""A car's contract with a mobility provider, and which providers there are (C-03, C-04, C-16, C-17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Company = Literal["partner", "other"]
COMPANIES: dict[Company, tuple[str, str]] = {"partner": ("SE", "ZPS"), "other": ("DE", "ZOT")}
"""Country and provider id in each one's eMAIDs; codes that nobody has been given."""


@dataclass
class Contract:
    """One contract of a car; instants in ns, None where it did not happen."""

    id: int
    company: Company
    emaid: str
    pcid: str
    opened: int
    lasts: timedelta
    ended: int | None = None
    blocked: bool = False

    @property
    def state(self) -> str:
        """`in order`, `blocked` or `ended`."""
        return "ended" if self.ended is not None else "blocked" if self.blocked else "in order"
