"""`hil run` at a served bench, in short: a car that breaks a clause fails it, and the run ends with 1.

`.ci/served` runs the whole chosen part, and holds its hold threshold against the emulated bench's.
"""

import re
import sys

import pytest

import hil.main
import hil.running
from tests.serving import served

ONE = 'tests = ["test_a_shorter_hold_does_nothing_at_all[100 ms-SOS]"]'


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Runs `hil run WORDS` with results in a folder of its own; returns exit code and output."""
    monkeypatch.setattr(hil.running, "OUT", tmp_path)
    monkeypatch.setattr(hil.running, "LAST", tmp_path / "last")

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["hil", "run", *words])
        with pytest.raises(SystemExit) as end:
            hil.main.main()
        return end.value.code, capsys.readouterr().out

    return run


def test_a_car_that_calls_too_early_fails_on_the_wall_clock(run):
    with served("--fault", "EagerConsole") as bench:
        text = bench.file.read_text()
        bench.file.write_text(re.sub(r"tests = \[.*?\n\]", ONE, text, flags=re.DOTALL))
        code, out = run("--bench", str(bench.file))
    assert code == 1, out
    assert "1 failed on served" in out
    assert "expected no call" in out


def test_one_bench_on_wall_time_runs_one_test_after_another(run):
    code, _ = run("--bench", "benches/served.toml", "--jobs", "2")
    assert code == 2
