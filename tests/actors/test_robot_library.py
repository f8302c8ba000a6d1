"""A Robot test ends by whose fault it was, and leaves what a pytest procedure leaves."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reports.journal import OUT_VARIABLE, Outcome, read

ROOT = Path(__file__).parents[2]

SUITE = """
*** Settings ***
Library             ConnectHil


*** Test Cases ***
All Is Well
    [Tags]    B-09    procedure:sos-call
    Given The Car Is Parked With Ignition 0

Help Comes
    [Tags]    B-15    procedure:app-help
    When The App Asks For Help With A Flat Tyre
    Then Assistance Has The Case With The Car's Position

A Sentence Out Of Place
    [Tags]    B-16    procedure:sos-misuse
    Then The Call Is Recorded As Misuse

Nobody Knows That Country
    [Tags]    B-08
    Given The Car Is Driving In Utopia

No Border Is There
    [Tags]    B-08
    Given The Car Crosses The Border Into France
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs the suite with an app that tells no position; gives journal and raw Allure result of each test."""
    out = tmp_path_factory.mktemp("robot")
    (out / "suite.robot").write_text(SUITE)
    subprocess.run(
        [sys.executable, "-m", "robot", "--outputdir", str(out), "--log", "NONE", "--report", "NONE",
         "--pythonpath", str(ROOT / "robot"), "--variable", "SEED:7", "--variable", "FAULTS:UnlocatedApp",
         "--listener", f"reports.robot_listener.AllureListener;{out}", str(out / "suite.robot")],
        cwd=ROOT, env=os.environ | {OUT_VARIABLE: str(out)}, capture_output=True, check=False,
    )  # fmt: skip
    raw = [json.loads(file.read_text()) for file in out.glob("*-result.json")]
    for container in (json.loads(file.read_text()) for file in out.glob("*-container.json")):
        for result in raw:  # what a teardown attaches, Allure keeps apart
            if result["uuid"] in container["children"]:
                result["steps"] += container.get("afters", [])
    return {entry.title: entry for entry in read(out)}, {result["name"]: result for result in raw}


def test_the_journal_tells_what_passed_and_what_the_car_failed(run):
    well, helped = run[0]["All Is Well"], run[0]["Help Comes"]
    assert (well.outcome, helped.outcome) == (Outcome.PASSED, Outcome.FAILED)
    assert (well.suite, well.procedure, well.clauses, well.seed) == ("robot", "sos-call", ("B-09",), 7)
    assert well.simulated_ns > 0
    assert well.ecus["telematics"]
    assert "expected the case to tell where the car is" in helped.message


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("A Sentence Out Of Place", "LookupError: no call yet: say who receives one"),
        ("Nobody Knows That Country", "LookupError: no country 'Utopia'; there are Sweden, "),
        ("No Border Is There", "LookupError: Sweden has no border with France; it has with NO"),
    ],
)
def test_a_suite_that_makes_no_sense_is_not_the_car_s_fault(run, title, said):
    entry = run[0][title]
    assert entry.outcome is Outcome.BROKEN
    assert said in entry.message


@pytest.mark.parametrize(("title", "clause", "logs"), [("All Is Well", "B-09", False), ("Help Comes", "B-15", True)])
def test_the_evidence_is_that_of_pytest(run, title, clause, logs):
    result = run[1][title]
    labels = [(label["name"], label["value"]) for label in result["labels"]]
    assert ("seed", "7") in labels
    assert ("tag", clause) in labels
    attached = {attachment["name"] for attachment in _attachments(result)}
    assert "Timeline" in attached
    assert ({"can.log", "at.log", "scpi.log", "faults.txt"} <= attached) == logs


def _attachments(step):
    yield from step.get("attachments", ())
    for inner in step.get("steps", ()):
        yield from _attachments(inner)
