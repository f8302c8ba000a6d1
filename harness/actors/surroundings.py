"""What is around the car: radio coverage, country, sky (B-04, B-08, B-24)."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from harness.actors.actor import Actor
from harness.offboard import Country

Coverage = Literal["full", "weak", "none"]


class Position(NamedTuple):
    """Degrees, north and east positive."""

    latitude: float
    longitude: float


class Surroundings(Actor):
    """Changes the world that the car is in, now or later."""

    def coverage(self, coverage: Coverage, after: int | None = None) -> None:
        """Change the radio coverage now, or in `after` ns."""
        self._network(after, coverage=coverage)

    def country(self, code: str, after: int | None = None) -> None:
        """Bring the car into a country, now or by a border crossing in `after` ns; its test position comes with it."""
        self._network(after, country=code)

    def rejects(self, cause: int | None) -> None:
        """Let the network reject attach requests with an EMM cause (3GPP TS 24.301); None: accept again."""
        self._network(None, reject_cause=cause)

    def countries(self) -> dict[str, Country]:
        """The countries there are, with their numbers."""
        return self.bench.offboard.countries()

    def land(self) -> Country:
        """The country that the car is in."""
        return self.countries()[self.bench.offboard.network()["country"]]

    def here(self) -> Position:
        """Where the car is."""
        place = self.bench.offboard.request("GET", "/position")
        return Position(place["latitude"], place["longitude"])

    def moves(self, latitude: float, longitude: float, **more: Any) -> Position:
        """Put the car somewhere (degrees); `speed_kmh`, `heading_deg`, where wanted."""
        self._sky(latitude=latitude, longitude=longitude, **more)
        return Position(latitude, longitude)

    def loses_position(self) -> None:
        """No satellite is seen any more."""
        self._sky(fix=False, satellites=0)

    def finds_position(self) -> None:
        """The sky is clear."""
        self._sky(fix=True, satellites=10, accuracy_m=5.0)

    def disturbs_position(self, accuracy_m: float = 2_000.0) -> None:
        """A fix as bad as `accuracy_m`: not to be trusted."""
        self._sky(accuracy_m=accuracy_m, satellites=4)

    def cell(self, on: bool) -> None:
        """Switch the cell of the network tester."""
        self.note("cell", on=on)
        self.network_tester.set_cell(on)

    def _network(self, after: int | None, **change: Any) -> None:
        self.note("surroundings", **change, **({} if after is None else {"after_ns": after}))
        if after is None:
            self.bench.offboard.set_network(**change)
        else:
            self.bench.offboard.schedule_network(after, **change)

    def _sky(self, **position: Any) -> None:
        self.note("position", **position)
        self.bench.offboard.set_position(**position)
