"""What all keywords share: the bench of the running test, the call that it speaks of, and since when (all clauses)."""

from __future__ import annotations

from typing import Any, Literal

from robot.libraries.BuiltIn import BuiltIn

from fixtures.stage import BENCH, SEED, Stage
from harness.actors import Attach
from harness.errors import ExpectationError
from harness.offboard import Call

TRIGGERS: dict[str, Literal["sos", "on_call", "crash"]] = {"manual": "sos", "on call": "on_call", "automatic": "crash"}
SERVICES: dict[str, Literal["police", "ambulance", "tow"]] = {
    "police": "police",
    "ambulance": "ambulance",
    "tow truck": "tow",
}


class Teller:
    """State of one test; begun anew for each."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Nothing has happened yet."""
        self._stage: Stage | None = None
        self._attach: Attach | None = None
        self._call: Call | None = None
        self._since = 0

    @property
    def stage(self) -> Stage:
        """The bench of this test, the car ready to call."""
        if self._stage is None:
            self._open().get_ready()
        assert self._stage is not None
        return self._stage

    def _open(self) -> Stage:
        faults, files = (variable(name, "").replace(",", " ").split() for name in ("FAULTS", "FAULT_FILES"))
        self._stage = Stage.open(variable("BENCH", BENCH), int(variable("SEED", SEED)), faults, files)
        return self._stage

    @property
    def call(self) -> Call:
        """The call that the test speaks of."""
        if self._call is None:
            raise ExpectationError("expected a call that somebody has taken; none was received in this test")
        return self._call

    def _bare(self) -> Stage:
        return self._stage or self._open()

    def _land(self) -> Any:
        return self.stage.surroundings.countries()[self.stage.bench.offboard.network()["country"]]

    def _near(self, latitude: float | None, longitude: float | None) -> None:
        """Raises `ExpectationError` where a position is not the car's."""
        here = self.stage.surroundings.here()
        allowed = 0.01  # degrees, about 1 km: a case names the place, the message's accuracy is judged by itself
        if latitude is None or longitude is None or max(abs(latitude - here[0]), abs(longitude - here[1])) > allowed:
            raise ExpectationError(f"expected the car's position {here}; got {latitude}, {longitude}")


def variable(name: str, default: object) -> str:
    """A variable of the run, as `--variable NAME:value` gave it."""
    return str(BuiltIn().get_variable_value(f"${{{name}}}", default) or "")
