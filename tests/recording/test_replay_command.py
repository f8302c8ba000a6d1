"""`hil replay` runs both suites again on the recordings, and says which verdicts and quantities are as they were."""

import json
from dataclasses import replace

import pytest
from rich.console import Console
from typer.testing import CliRunner

from fixtures.recordings import RECORDINGS
from harness.recording.folder import recordings_in
from hil.main import app
from hil.replay import compare
from hil.running import carry_out
from hil.suites import Setting
from reports.claims import collect
from reports.journal import Entry, Outcome, read
from tests.recording.scenes import ROOT

RUNNER = CliRunner()
SOON = "procedures/test_sos_call.py::test_sos_dials_soon_after_the_hold"
EARLY = "procedures/test_button_short_press.py::test_a_shorter_hold_does_nothing_at_all[100 ms-SOS]"
TOLD = "Emergency Assistance.Holding SOS Calls Assistance"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A car that asks for a call too early: a short press that fails, a call and a told procedure that pass."""
    out = tmp_path_factory.mktemp("runs") / "night"
    out.mkdir()
    claims = {claim.test: claim for claim in collect(ROOT)}
    chosen = [replace(claims[test.partition("[")[0]], test=test) for test in (SOON, EARLY, TOLD)]
    bench = ROOT / "benches" / "emulated.toml"
    setting = Setting(ROOT, out, bench, 1, 1, faults=("EagerConsole",), evidence=False, record="all")
    carry_out(chosen, setting, everything=False, console=Console(quiet=True), wall=False)
    return out


def outcomes(folder):
    return {entry.test: entry.outcome for entry in read(folder)}


def test_both_suites_are_recorded_test_by_test(run):
    assert outcomes(run) == {SOON: Outcome.PASSED, EARLY: Outcome.FAILED, TOLD: Outcome.PASSED}
    found = {about.test: about for _, about in recordings_in(run / RECORDINGS)}
    assert found.keys() == {SOON, EARLY, TOLD}
    assert all(about.whole and about.faults == ("EagerConsole",) for about in found.values())


def test_the_same_verdicts_and_quantities_come_out_of_the_recordings(run):
    result = RUNNER.invoke(app, ["replay", str(run), "--jobs", "1"])
    assert result.exit_code == 0, result.output
    assert "3 verdicts equal" in result.output
    again = run.with_name("night-replay")
    assert outcomes(again) == outcomes(run)
    measured = {entry.test: entry.measurements for entry in read(run)}
    assert measured[SOON]
    assert {entry.test: entry.measurements for entry in read(again)} == measured
    assert not (again / RECORDINGS).exists()
    assert json.loads((again / "summary.json").read_text())["counts"] == {"passed": 2, "failed": 1}


def test_a_verdict_that_was_another_one_is_named(run):
    """As if the limit had been another one when it was judged first."""
    before = [replace(each, outcome=Outcome.FAILED) if each.test == SOON else each for each in read(run)]
    again = run.with_name("night-replay")
    result = compare(before, read(again) if again.exists() else read(run))
    assert (result.exit_code, result.equal) == (1, 2)
    assert result.different[0].startswith(f"{SOON}: was failed, is passed")


def entry(test, outcome=Outcome.PASSED, message="", value=1.0):
    row = {"name": "hold", "value": value, "u": 0.1}
    return Entry(test, "pytest", "sos-call", "", ("B-10",), outcome, 0, 1, message=message, measurements=(row,))


def test_a_comparison_counts_what_is_equal_and_names_what_is_not():
    before = [entry("a"), entry("b"), entry("c"), entry("d"), entry("e", Outcome.FAILED)]
    lost = "InterlockError: no proof: the record has X; the procedure now asks Y. Run it on a bench"
    after = [
        entry("a"), entry("b", value=1.1), entry("c", Outcome.INTERLOCK, lost), entry("e", Outcome.PASSED)
    ]  # fmt: skip
    result = compare(before, after)
    assert (result.equal, result.quantities, result.exit_code) == (1, 1, 1)
    assert [line[0] for line in result.different] == ["b", "e"]
    assert "hold: value was 1.0, is 1.1" in result.different[0]
    assert [line[0] for line in result.could_not] == ["c", "d"]
    assert compare(before[:1], after).exit_code == 0
    assert compare(before[2:3], after).exit_code == 3
    assert compare([], []).exit_code == 3


def test_a_run_without_recordings_is_said(tmp_path):
    result = RUNNER.invoke(app, ["replay", str(tmp_path)])
    assert "holds no recordings" in str(result.exception)
