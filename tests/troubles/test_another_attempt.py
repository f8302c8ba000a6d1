"""A test that bench or host have spoiled runs again, in both suites; each attempt is told, and the last one decides."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from fixtures.retrying import is_spoiled
from hil.summary import CAR_FAILED, PASSED, Run
from reports.journal import OUT_VARIABLE, Entry, Outcome, read
from tests.troubles.conftest import ROOT, written

TROUBLED = """
    from pathlib import Path
    from fixtures import clauses
    from harness.errors import ExpectationError, HostWasLate, Inconclusive

    @clauses("B-10")
    def test_of_a_bench_that_breaks_once(driver, bench):
        mark = Path({mark!r})
        if not mark.exists():
            mark.touch()
            bench.offboard.request("POST", "/bench/troubles", {{"where": "instrument.supply", "what": "garbage"}})
        bench.lines["battery"].measure_voltage()

    @clauses("B-10")
    def test_of_a_host_that_was_late(bench):
        mark = Path({mark!r} + " late")
        if not mark.exists():
            mark.touch()
            raise HostWasLate("it came 40 ms later")

    @clauses("B-10")
    def test_that_measures_badly(bench):
        raise Inconclusive("too uncertain to say")

    @clauses("B-10")
    def test_of_a_car_that_fails(bench):
        raise ExpectationError("it never rang")

    @clauses("B-10")
    def test_of_a_car_that_seems_to_fail(bench):
        bench.offboard.request("POST", "/bench/troubles", {{"where": "serial.modem", "what": "closes"}})
        raise ExpectationError("it never rang")

    @clauses("B-10")
    def test_that_is_wrong_itself(bench):
        raise TypeError("no bench's fault")
"""

ROBOT = """
*** Settings ***
Library    ConnectHil
Library    {library}

*** Test Cases ***
The Bench Breaks Once
    [Tags]    B-10    procedure:sos-call
    Given The Car Is Parked With Ignition II
    And The Bench Is In Trouble The First Time
    When The Driver Holds SOS For 1 s

The Car Seems To Fail
    [Tags]    B-10    procedure:sos-call
    Given The Car Is Parked With Ignition II
    And The Modem Port Closes
    Then It Never Rang
"""

LIBRARY = """
from pathlib import Path
from robot.libraries.BuiltIn import BuiltIn
from harness.errors import ExpectationError


class Meddler:
    def _trouble(self, **what):
        bench = BuiltIn().get_library_instance("ConnectHil").stage.bench
        bench.offboard.request("POST", "/bench/troubles", what)

    def the_bench_is_in_trouble_the_first_time(self):
        mark = Path({mark!r})
        if not mark.exists():
            mark.touch()
            self._trouble(where="instrument.scope", what="silent")

    def the_modem_port_closes(self):
        self._trouble(where="serial.modem", what="closes")

    def it_never_rang(self):
        raise ExpectationError("it never rang")
"""


def attempts(out):
    return {
        name: [(e.attempt, e.outcome, e.retried) for e in read(out) if name in e.test.replace("_", " ").lower()]
        for name in ("breaks once", "car that fails", "seem", "wrong itself", "was late", "measures badly")
    }


BROKEN_ONCE = [(1, Outcome.BROKEN, True), (2, Outcome.PASSED, False)]
BROKEN_TWICE = [(1, Outcome.BROKEN, True), (2, Outcome.BROKEN, False)]


def run(tmp_path, *arguments):
    subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, env=os.environ | {OUT_VARIABLE: str(tmp_path)},
                   capture_output=True, check=False)  # fmt: skip
    return [json.loads(file.read_text()) for file in (tmp_path / "allure").glob("*-result.json")]


def test_a_test_that_the_bench_broke_runs_again_in_pytest_and_no_other_does(tmp_path):
    bench = written(tmp_path, "\n[retry]\ntests = 1\n")
    (tmp_path / "test_again.py").write_text(_dedent(TROUBLED.format(mark=str(tmp_path / "mark"))))
    results = run(tmp_path, "pytest", str(tmp_path / "test_again.py"), "--bench", str(bench), "-p", "no:cacheprovider",
                  "--alluredir", str(tmp_path / "allure"))  # fmt: skip
    assert attempts(tmp_path) == {
        "breaks once": BROKEN_ONCE,
        "car that fails": [(1, Outcome.FAILED, False)],
        "seem": BROKEN_TWICE,
        "wrong itself": [(1, Outcome.BROKEN, False)],
        "was late": [(1, Outcome.INCONCLUSIVE, True), (2, Outcome.PASSED, False)],
        "measures badly": [(1, Outcome.INCONCLUSIVE, False)],
    }
    once = [result for result in results if "breaks_once" in result["fullName"]]
    assert len({result["historyId"] for result in once}) == 1
    assert sorted(result["status"] for result in once) == ["broken", "passed"]


def test_a_test_that_the_bench_broke_runs_again_in_robot(tmp_path):
    bench = written(tmp_path, "\n[retry]\ntests = 1\n")
    (tmp_path / "Meddler.py").write_text(LIBRARY.format(mark=str(tmp_path / "mark")))
    (tmp_path / "again.robot").write_text(ROBOT.format(library=tmp_path / "Meddler.py"))
    listener = f"reports.robot_listener.AllureListener;{tmp_path / 'allure'}"
    options = ["--outputdir", str(tmp_path / "robot"), "--log", "NONE", "--report", "NONE", "--listener", listener]
    own = ["--pythonpath", str(ROOT / "robot"), "--variable", f"BENCH:{bench}"]
    results = run(tmp_path, "robot", *options, *own, str(tmp_path / "again.robot"))
    told = attempts(tmp_path)
    assert told["breaks once"] == BROKEN_ONCE
    assert told["seem"] == BROKEN_TWICE
    assert "cannot be blamed" in [entry.message for entry in read(tmp_path) if "Seems" in entry.test][-1]
    once = [result for result in results if result["name"] == "The Bench Breaks Once"]
    assert len({result["historyId"] for result in once}) == 1
    assert len(once) == 2


def test_the_last_attempt_decides_what_a_run_came_to():
    entry = {"suite": "pytest", "procedure": "", "title": "", "clauses": (), "simulated_ns": 0, "seed": 1}
    first = Entry(test="t", outcome=Outcome.BROKEN, retried=True, **entry)
    second = Entry(test="t", outcome=Outcome.PASSED, attempt=2, **entry)
    assert Run("r", "b", 1, 1, 0, (first, second), ()).exit_code == PASSED
    failed = Entry(test="t", outcome=Outcome.FAILED, attempt=2, **entry)
    assert Run("r", "b", 1, 1, 0, (first, failed), ()).exit_code == CAR_FAILED


def test_robot_s_messages_tell_what_is_worth_another_attempt():
    assert is_spoiled("TransportError: no answer")
    assert is_spoiled("harness.errors.BenchError: no answer")
    assert is_spoiled("HostWasLate: it came 40 ms later")
    assert not is_spoiled("Inconclusive: too uncertain to say")
    assert not is_spoiled("ExpectationError: it never rang")
    assert not is_spoiled("TypeError: wrong")
    assert not is_spoiled("CatalogueError: no such clause")


def _dedent(text: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in text.splitlines())
