"""The cell around the car: power, coverage, country, and how long everything takes on it (B-08, B-24)."""

from __future__ import annotations

from typing import Any, Literal, get_args

from emulation.bench import EmulatedBench
from emulation.offboard.countries import COUNTRIES, HOME, country
from emulation.offboard.records import Records
from emulation.world import Condition

Coverage = Literal["full", "weak", "none"]

ATTENUATION_DB: dict[Coverage, float] = {"full": 0.0, "weak": 38.0}
"""Path from the cell to the car's aerial; -80 dBm there in the open, -118 dBm in a garage (own choice)."""
CELL_POWER_DBM = -80.0
WEAK_DBM = -115.0
"""Below, the network works badly (cell edge; TS 36.133 reports RSRP from -140 to -44 dBm)."""
SENSITIVITY_DBM = -124.0
"""Below, a modem cannot camp (a usual minimum receive level that operators broadcast, TS 36.304 Qrxlevmin)."""

WEAK_SLOWER = 2
"""How much longer everything takes on the cell's edge (own choice)."""
WEAK_LOSS = 0.2
"""Part of the attach and call requests that get lost on the cell's edge (own choice)."""


class Cell:
    """What a modem receives of it, where it stands, and what it does to every request."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._bench = bench
        self._world = bench.world
        self._random = bench.world.random("network")
        self._records: Records = bench.parts["records"]
        self.cell_on = True
        self.cell_power_dbm = CELL_POWER_DBM
        self.coverage: Coverage = "full"
        self.country = HOME
        self.plmn = "00101"
        self._change: Condition | None = None
        self._plan = 0

    @property
    def rsrp_dbm(self) -> float | None:
        """What the modem receives, in dBm; None where it receives nothing."""
        if not self.cell_on or self.coverage == "none":
            return None
        rsrp = self.cell_power_dbm - ATTENUATION_DB[self.coverage]
        return rsrp if rsrp >= SENSITIVITY_DBM else None

    @property
    def receivable(self) -> bool:
        """Whether a modem can camp on the cell now."""
        return self.rsrp_dbm is not None

    @property
    def weak(self) -> bool:
        """Whether the car is on the edge of the cell now."""
        rsrp = self.rsrp_dbm
        return rsrp is not None and rsrp < WEAK_DBM

    def set_cell(self, on: bool) -> None:
        """Switch the cell."""
        self.cell_on = on
        self._tell()

    def set_cell_power(self, dbm: float) -> None:
        """Set the reference signal's level at the car in the open, in dBm per 15 kHz."""
        self.cell_power_dbm = dbm
        self._tell()

    def change(
        self,
        coverage: Coverage | None = None,
        country: str | None = None,
        plmn: str | None = None,
    ) -> None:
        """The surroundings change now. Raises `ValueError` for what cannot be; then nothing has changed."""
        self.check(coverage, country)
        self.coverage = coverage or self.coverage
        self.plmn = plmn or self.plmn
        if country is not None and country != self.country:
            self.country = country
            self._move_sky()
        self._tell()

    def check(self, coverage: str | None = None, code: str | None = None) -> None:
        """Raise `ValueError` where there is no such coverage or country."""
        if coverage is not None and coverage not in get_args(Coverage):
            raise ValueError(f"unknown coverage {coverage!r}: expected one of {', '.join(get_args(Coverage))}")
        if code is not None:
            country(code)

    def schedule(self, after: int, **changes: Any) -> None:
        """`change(**changes)` in `after` ns (coverage back, border crossing)."""
        self.check(changes.get("coverage"), changes.get("country"))
        plan = self._plan
        self._world.call_at(self._world.now + after, lambda _: self.change(**changes) if plan == self._plan else None)

    def forget_schedule(self) -> None:
        """Nothing that was scheduled until now happens any more."""
        self._plan += 1

    def changed(self) -> Condition:
        """Happens at the next change of cell, coverage, country or PLMN."""
        if self._change is None:
            self._change = self._world.condition("network changed")
        return self._change

    def _tell(self) -> None:
        self._records.add(
            "network", "changed", cell=self.cell_on, coverage=self.coverage, country=self.country, plmn=self.plmn
        )
        if self._change is not None:
            change, self._change = self._change, None
            change.happen()

    def _move_sky(self) -> None:
        """The satellites see the car where its country is."""
        sky = self._bench.parts.get("sky")
        if sky is not None:
            sky.latitude, sky.longitude = COUNTRIES[self.country].latitude, COUNTRIES[self.country].longitude

    def gets_lost(self) -> bool:
        """Whether a request of now does not come through; drawn anew each time."""
        return self.weak and self._random.random() < WEAK_LOSS

    def draw(self, delay: tuple[int, int, int]) -> int:
        """One of these delays, in ns, as long as it takes here and now."""
        least, likely, most = delay
        drawn = round(self._random.triangular(least, most, likely))
        return drawn * WEAK_SLOWER if self.weak else drawn
