"""A run's exit code and closing words say what became of it."""

import io
import json

import pytest
from rich.console import Console

from harness.units import MIN, H, S
from hil.summary import Run, show
from reports.journal import Entry, Outcome


def run(*outcomes, troubles=()):
    entries = tuple(
        Entry(f"test_{n}", "pytest", "", "", ("B-10",), outcome, 90 * MIN, 1, message=f"why {n}")
        for n, outcome in enumerate(outcomes)
    )
    return Run("r", "emulated", 1, 2, 20 * S, entries, troubles)


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([Outcome.PASSED], 0),
        ([Outcome.PASSED, Outcome.FAILED], 1),
        ([Outcome.BROKEN, Outcome.FAILED], 1),
        ([Outcome.PASSED, Outcome.BROKEN], 3),
        ([Outcome.PASSED, Outcome.INCONCLUSIVE], 3),
        ([Outcome.PASSED, Outcome.INTERLOCK], 3),
        ([Outcome.SKIPPED], 3),
        ([], 3),
    ],
)
def test_the_exit_code_says_the_worst(outcomes, code):
    assert run(*outcomes).exit_code == code


def test_a_suite_that_did_not_take_place_is_no_success():
    assert run(Outcome.PASSED, troubles=("pytest ended with code 4",)).exit_code == 3


def test_the_summary_counts_by_clause_and_says_how_much_time_was_simulated():
    out = io.StringIO()
    show(run(Outcome.PASSED, Outcome.FAILED), Console(file=out, width=200))
    said = out.getvalue()
    row = next(line for line in said.splitlines() if "B-10" in line)
    assert [cell.strip() for cell in row.split("│")[1:-1]] == ["B-10", "1", "1", "", "", "", "3 h 00 min"]
    assert "why 1" in said
    assert "1 passed, 1 failed on emulated, seed 1: 3 h 00 min of simulated time in 20 s." in said


def test_the_summary_is_kept_as_json(tmp_path):
    run(Outcome.PASSED, Outcome.FAILED).save(tmp_path)
    kept = json.loads((tmp_path / "summary.json").read_text())
    assert (kept["simulated_ns"], kept["counts"], kept["exit_code"]) == (3 * H, {"passed": 1, "failed": 1}, 1)
