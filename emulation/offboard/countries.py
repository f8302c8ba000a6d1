"""Countries the car may be in, with the numbers that help is called by there (B-08)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Country:
    """One country: numbers as they are dialled, a test position in degrees (WGS 84), codes of ISO 3166-1."""

    code: str
    name: str
    emergency_number: str
    assistance_number: str
    latitude: float
    longitude: float
    neighbours: tuple[str, ...]
    plug_and_charge: bool
    """Whether providers and stations there support it (own choice)."""


def _load(path: Path) -> dict[str, Country]:
    with path.open("rb") as file:
        table = tomllib.load(file)
    return {
        code: Country(code=code, neighbours=tuple(entry.pop("neighbours")), **entry) for code, entry in table.items()
    }


COUNTRIES = _load(Path(__file__).with_name("countries.toml"))
"""Every country by its ISO 3166-1 code."""

HOME = "SE"
"""Where the car is until it is moved."""

ALWAYS_EMERGENCY = ("112", "911")
"""Numbers that every phone treats as an emergency call, in any country (3GPP TS 22.101, 10.1.1)."""


def country(code: str) -> Country:
    """The country of that code. Raises `ValueError` naming those that are known."""
    if code not in COUNTRIES:
        raise ValueError(f"unknown country {code!r}: expected one of {', '.join(COUNTRIES)}")
    return COUNTRIES[code]
