"""Satellite receivers that break one clause each (B-04, B-09)."""

from __future__ import annotations

from emulation.ecus.gnss import Gnss
from emulation.faults import seeded


@seeded(breaks="B-04", story="a position that is off by up to 500 m is called trusted")
class BoastfulGnss(Gnss):
    """Knows no doubt."""

    TRUSTED_M = 10_000.0


@seeded(breaks="B-04", story="the position stays where the first fix was")
class FrozenGnss(Gnss):
    """Computes its position once."""

    def tell(self, fix: str) -> None:
        """Always the first one."""
        if fix != "NONE":
            self.first = getattr(self, "first", (self.latitude, self.longitude))
            self.latitude, self.longitude = self.first
        super().tell(fix)


@seeded(breaks="B-09", story="longitude has the wrong sign")
class MirroredGnss(Gnss):
    """Takes east for west."""

    def tell(self, fix: str) -> None:
        """The other hemisphere."""
        if fix != "NONE":
            self.longitude = -self.longitude
        super().tell(fix)
