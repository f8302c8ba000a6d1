"""The Robot library: the manuals' procedures in the words of their reader, on the actors that pytest uses as well.

Variables: `BENCH` (bench file), `SEED`, `FAULTS` and `FAULT_FILES` (names, separated by commas). Each test has a bench
of its own, opened at its first keyword; the car is powered and ready unless the test says first that it has no power.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import allure
from app_keywords import AppKeywords
from call_keywords import CallKeywords
from car_keywords import CarKeywords
from connectivity_keywords import ConnectivityKeywords
from contract_keywords import ContractKeywords
from linking_keywords import LinkingKeywords
from modem_keywords import ModemKeywords
from remote_keywords import RemoteKeywords
from roadside_keywords import RoadsideKeywords
from robot.api.deco import keyword, library
from station_keywords import StationKeywords
from story_keywords import StoryKeywords
from teller import variable
from theft_keywords import TheftKeywords

from fixtures.recordings import settle
from fixtures.retrying import allowed, is_spoiled
from fixtures.stage import BENCH, SEED, Stage
from harness import catalogue
from harness.bench.health import disturbances, excused
from reports.claims import PROCEDURE_TAG
from reports.journal import Entry, Outcome, outcome_of_message, write


@library(scope="GLOBAL", version="1", listener="SELF")
class ConnectHil(
    StoryKeywords,
    CarKeywords,
    StationKeywords,
    ContractKeywords,
    ModemKeywords,
    CallKeywords,
    RemoteKeywords,
    ConnectivityKeywords,
    RoadsideKeywords,
    TheftKeywords,
    LinkingKeywords,
    AppKeywords,
):
    """Keywords for car and driver, modem, Assistance and the world around them."""

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self) -> None:
        super().__init__()
        self.attempts: Counter[str] = Counter()

    def start_test(self, test: Any, _result: Any) -> None:
        """Forget the last test; let this one end by the fault memory, and leave its evidence while it is open."""
        self.forget()
        self.disturbances: list[str] = []
        self.attempts[test.longname] += 1
        self.untouched = test.deepcopy()
        test.body.create_keyword(name="The Car Has Stored No Unexpected Trouble Code")
        if not test.has_teardown:
            test.teardown.config(name="The Evidence Is Kept And The Bench Is Safe")

    def end_test(self, test: Any, result: Any) -> None:
        """Write the journal; close a bench that the test's own teardown left open; try again where that broke."""
        stage = self.opened
        simulated = stage.bench.clock.now() if stage else 0
        if stage is not None:
            self.look_back(stage, passed=result.passed)
            stage.close()
        if result.failed and self.disturbances and outcome_of_message(result.message) is Outcome.FAILED:
            result.message = f"BenchError: {excused(result.message, self.disturbances)}"
        attempt = self.attempts[test.longname]
        again = result.failed and is_spoiled(result.message) and attempt <= allowed(variable("BENCH", BENCH))
        if again:
            test.parent.tests.insert(test.parent.tests.index(test) + 1, self.untouched)
        tags = [str(tag) for tag in result.tags]
        outcome = Outcome.PASSED if result.passed else outcome_of_message(result.message)
        outcome = Outcome.SKIPPED if result.skipped else outcome
        settle(test.longname, outcome)
        write(
            Entry(
                test=test.longname,
                suite="robot",
                procedure=next((tag.removeprefix(PROCEDURE_TAG) for tag in tags if tag.startswith(PROCEDURE_TAG)), ""),
                title=result.name,
                clauses=tuple(tag for tag in tags if tag in catalogue.load().clauses),
                outcome=outcome,
                simulated_ns=simulated,
                seed=stage.bench.seed if stage else int(variable("SEED", SEED)),
                bench=stage.bench.file.bench.name if stage else variable("BENCH", BENCH),
                message=result.message,
                measurements=tuple(vars(row) for row in stage.measure.rows) if stage else (),
                ecus=stage.software if stage else {},
                restbus=stage.cycle_errors() if stage else {},
                attempt=attempt,
                retried=again,
            )
        )

    def look_back(self, stage: Stage, *, passed: bool) -> None:
        """What disturbed the bench of a test that did not pass, asked while it is open."""
        if not passed and not stage.bench.closed:
            self.disturbances = disturbances(stage.bench)

    @keyword("The Car Has Stored No Unexpected Trouble Code")
    def conclude(self) -> None:
        """The last step of every test."""
        if self.opened is not None:
            self.opened.take_last_pictures()
            self.opened.conclude()

    @keyword("The Evidence Is Kept And The Bench Is Safe")
    def clean_up(self) -> None:
        """The teardown of every test that has none of its own."""
        stage = self.opened
        if stage is None:
            return
        try:
            self.look_back(stage, passed=variable("TEST STATUS", "") == "PASS")
            result: Any = allure.dynamic  # has no types
            result.label("seed", str(stage.bench.seed))
            stage.attach_evidence(variable("TEST NAME", ""), failed=variable("TEST STATUS", "") != "PASS")
        finally:
            stage.close()

    @keyword("Trouble Code ${name} Is Expected")
    def expect_trouble_code(self, name: str) -> None:
        """A code that an ECU stores in this test by rights; spaces stand for underscores."""
        self.stage.expected_codes.add(name.replace(" ", "_"))
