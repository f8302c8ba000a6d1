"""A fault is noticed only by a failed test of its own clause, in a suite that is green without it."""

import os
import subprocess
import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import hil.qualify
from hil.errors import UsageError
from hil.qualify import qualify
from hil.suites import Command, Setting
from reports.claims import Claim
from reports.journal import OUT_VARIABLE

CLAIM = Claim("procedures/test_sos.py::test_hold", "pytest", Path("procedures/test_sos.py"), 1, ("B-10",))
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Eager:
    name: str = "EagerConsole"
    breaks: str = "B-10"
    story: str = "a press of 1.5 s already calls"


class Cold(AbstractContextManager):
    """Stands in for a warm interpreter, which would take longer to get warm than all of these tests."""

    def __init__(self, root, environment):
        self.root, self.environment = root, environment

    def run(self, arguments, log, environment):
        env = os.environ | self.environment | environment
        with log.open("w") as file:
            return subprocess.run(
                [sys.executable, *arguments], check=False, cwd=self.root, env=env, stdout=file, stderr=file
            ).returncode

    def __exit__(self, *error):
        return None


@pytest.fixture
def suite(monkeypatch, tmp_path):
    """Stands in for the suites: a process that writes one line of journal, another where a fault is in force."""

    def stand_in(outcome, clause="B-10", without_fault="passed"):
        def commands(claims, setting):
            told = outcome if setting.faults else without_fault
            folder = {OUT_VARIABLE: str(setting.out)}
            return (
                [
                    Command(
                        "stand-in",
                        ["-m", "tests.hil.stand_in", CLAIM.test, clause, told],
                        setting.out / "log",
                        range(2, 6),
                        folder,
                    )
                ]
                if claims
                else []
            )

        monkeypatch.setattr(hil.qualify, "commands", commands)
        monkeypatch.setattr(hil.qualify, "Warm", Cold)
        return Setting(ROOT, tmp_path / "qualify", Path("bench.toml"), seed=1, jobs=1)

    return stand_in


def proof(setting, claims=(CLAIM,)):
    told = []
    (found,) = qualify([Eager()], list(claims), setting, told.append)
    assert told == [found]
    return found


def test_a_failed_test_of_its_clause_kills_a_fault(suite):
    assert proof(suite("failed")).killed_by == (CLAIM.test,)


@pytest.mark.parametrize("outcome", ["broken", "inconclusive", "interlock"])
def test_what_does_not_blame_the_car_kills_nothing(suite, outcome):
    found = proof(suite(outcome))
    assert found.killed_by == ()
    assert found.note == f"{outcome}: {CLAIM.test}: why"


def test_a_test_of_another_clause_kills_nothing(suite):
    assert proof(suite("failed", clause="B-09")).killed_by == ()


def test_a_fault_that_nothing_notices_survives(suite):
    found = proof(suite("passed"))
    assert (found.killed_by, found.ran, found.note) == ((), 1, "all 1 tests of B-10 passed")


def test_a_fault_whose_clause_no_test_names_survives(suite):
    assert proof(suite("failed"), claims=()).note == "no test names B-10"


def test_what_has_just_passed_is_not_run_again_without_a_fault(suite):
    """The stand-in is red without a fault, and is not asked, because it is known to be green."""
    setting = suite("failed", without_fault="failed")
    (found,) = qualify([Eager()], [CLAIM], setting, lambda _: None, green=frozenset({CLAIM.test}))
    assert found.killed_by == (CLAIM.test,)


def test_the_test_that_noticed_last_time_is_tried_first(suite, monkeypatch):
    setting = suite("passed")
    other = replace(CLAIM, test="procedures/test_other.py::test_other")
    asked = []
    stand_in = hil.qualify.commands
    monkeypatch.setattr(
        hil.qualify, "commands", lambda claims, s: (asked.append([c.test for c in claims]), stand_in(claims, s))[1]
    )
    killers = {Eager().name: (f"{other.test}[SOS]",)}
    qualify([Eager()], [CLAIM, other], setting, lambda _: None, killers=killers)
    assert asked[1] == [other.test, CLAIM.test]


def test_a_suite_that_is_red_without_a_fault_proves_nothing(suite):
    with pytest.raises(
        UsageError, match=r"red without any fault(.|\n)*failed: procedures/test_sos\.py::test_hold: why"
    ):
        proof(suite("failed", without_fault="failed"))
