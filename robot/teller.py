"""What all keywords share: the bench of the running test, the call that it speaks of, and since when (all clauses)."""

from __future__ import annotations

from robot.libraries.BuiltIn import BuiltIn

from fixtures.stage import BENCH, SEED, Stage
from harness.actors import Attach, Case
from harness.offboard import Call


class Teller:
    """State of one test; begun anew for each."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Nothing has happened yet."""
        self.opened: Stage | None = None
        """The bench of this test, once a keyword has asked for it."""
        self.since = 0
        """What is judged has happened from here on: the last press, crash, power-on or PIN (ns)."""
        self.attach: Attach | None = None
        self._call: Call | None = None
        self._case: Case | None = None

    @property
    def stage(self) -> Stage:
        """The bench of this test, the car powered and ready to call."""
        if self.opened is None:
            self._open().get_ready()
        return self.bare_stage

    @property
    def bare_stage(self) -> Stage:
        """The bench of this test, the car as it is: without power where no keyword has said anything else."""
        if self.opened is None:
            self._open().get_bare()
        assert self.opened is not None  # opened just now
        return self.opened

    def _open(self) -> Stage:
        faults, files = (variable(name, "").replace(",", " ").split() for name in ("FAULTS", "FAULT_FILES"))
        bench, seed = variable("BENCH", BENCH), int(variable("SEED", SEED))
        test = f"{variable('SUITE NAME', '')}.{variable('TEST NAME', '')}"
        self.opened = Stage.open(bench, seed, faults, files, test)
        return self.opened

    @property
    def call(self) -> Call:
        """The call that the test speaks of. Raises `LookupError` where it has not told of one."""
        if self._call is None:
            raise LookupError("no call yet: say who receives one before saying more about it")
        return self._call

    @call.setter
    def call(self, call: Call) -> None:
        self._call = call

    @property
    def case(self) -> Case:
        """The case that the app opened. Raises `LookupError` where it has not."""
        if self._case is None:
            raise LookupError("no case yet: let the app ask for help before saying what comes of it")
        return self._case

    @case.setter
    def case(self, case: Case) -> None:
        self._case = case

    def country(self, name: str) -> str:
        """The code of a country by its name, with or without `The`. Raises `LookupError`."""
        known = self.stage.surroundings.countries()
        for code, land in known.items():
            if land.name == name.removeprefix("The "):
                return code
        raise LookupError(f"no country {name!r}; there are {', '.join(land.name for land in known.values())}")


def variable(name: str, default: object) -> str:
    """A variable of the run, as `--variable NAME:value` gave it."""
    return str(BuiltIn().get_variable_value(f"${{{name}}}", default) or "")
