"""On wall time nobody waits for three days without having asked for it; in simulated time days cost seconds."""

from pathlib import Path

import pytest
import typer

import hil.run
from harness.units import H, S
from hil.running import unannounced
from hil.selection import split
from hil.summary import Run
from reports.claims import Claim
from reports.journal import Entry, Outcome

HERE = Path("procedures/test_parked.py")
SHORT = Claim("procedures/test_parked.py::test_minutes", "pytest", HERE, 1, ("B-31",))
LONG = Claim("procedures/test_parked.py::test_days[a week]", "pytest", HERE, 5, ("B-31",), lasts=72 * H)


def test_only_what_says_that_it_is_longer_is_left_out():
    assert split([SHORT, LONG], 1 * H) == ([SHORT], [LONG])
    assert split([SHORT, LONG], 72 * H) == ([SHORT, LONG], [])


@pytest.fixture
def ran(monkeypatch):
    """Runs `hil run` on a bench without running anything; returns which tests it chose, and whether they were all."""
    told = []

    def run_tests(chosen, path, seed, jobs, *, everything, **_):
        told.append((chosen, everything))
        entry = Entry(SHORT.test, "pytest", "", "", ("B-31",), Outcome.PASSED, 1 * S, 1)
        return Run("r", path.stem, seed, jobs, 1 * S, (entry,), ())

    monkeypatch.setattr(hil.run, "run_tests", run_tests)
    monkeypatch.setattr(hil.run, "collect", lambda _root: [SHORT, LONG])

    def run(bench, **options):
        with pytest.raises(typer.Exit) as end:
            hil.run.run(bench=Path("benches") / bench, everything=True, **options)
        assert end.value.exit_code == 0
        return told[-1]

    return run


def test_on_wall_time_long_tests_are_left_out_by_name(ran, capsys):
    assert ran("served.toml") == ([SHORT], False)
    assert (
        capsys.readouterr().out.count("procedures/test_parked.py::test_days[a week]: 72 h 00 min") == 2
    )  # before, and after


def test_who_asks_for_them_gets_them(ran, capsys):
    assert ran("served.toml", longest="80 h") == ([SHORT, LONG], True)
    assert "Left out" not in capsys.readouterr().out


def test_in_simulated_time_they_run(ran, capsys):
    assert ran("emulated.toml") == ([SHORT, LONG], True)
    assert "Left out" not in capsys.readouterr().out


@pytest.mark.parametrize(("test", "lasted"), [(SHORT, 61), (LONG, 73 * 60)])
def test_a_test_that_lasts_longer_than_it_says_is_told(test, lasted):
    """Else it would hold up somebody's bench for days; a run with such a one does not end with 0."""
    case = test.test.partition("[")[0] + "[case]"
    entry = Entry(case, "pytest", "", "", ("B-31",), Outcome.PASSED, lasted * 60 * S, 1)
    (told,) = unannounced([SHORT, LONG], [entry])
    assert case in told
    assert Run("r", "emulated", 1, 1, 1 * S, (entry,), (told,)).exit_code == 3


def test_who_keeps_to_his_word_is_not():
    entries = [
        Entry(claim.test, "pytest", "", "", ("B-31",), Outcome.PASSED, lasted, 1)
        for claim, lasted in ((SHORT, 1 * H), (LONG, 71 * H))
    ]
    assert unannounced([SHORT, LONG], entries) == ()
