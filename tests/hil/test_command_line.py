"""A user's mistake is answered in words and an exit code, never by a traceback."""

import json
import re
import sys

import pytest

import hil.main
from harness import catalogue


@pytest.fixture
def command(monkeypatch, capsys, tmp_path):
    """Runs `hil WORDS`; returns exit code, output, errors."""
    monkeypatch.setattr(hil.main, "QUALIFY", tmp_path / "qualify.json")

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["hil", *words])
        with pytest.raises(SystemExit) as end:
            hil.main.main()
        return end.value.code, *capsys.readouterr()

    return run


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["run", "--clause", "B-99"], "there is no clause 'B-99'; did you mean B-"),
        (["run", "--bench", "benches/emulatde.toml"], "there is no bench file benches/emulatde.toml; known are"),
        (["run", "--manual", "asistance"], "did you mean assistance?"),
        (["run", "--suite", "nose"], "'nose' is not one of 'pytest', 'robot'"),
        (["run", "--jobs", "0"], "greater than or equal to 1"),
        (["run", "--claus", "B-10"], "--clause"),
        (["run", "--longest", "2"], "--longest: expected a duration with its unit"),
        (
            [
                "run",
                "--bench",
                "benches/served.toml",
                "--procedure",
                "test_after_weeks_only_a_start_makes_it_reachable",
            ],
            "Left out, as they last longer than 1 h; --longest runs them: procedures/test_connectivity_asleep.py::",
        ),
        (["rnu"], "No such command 'rnu'"),
        (["report", "out/none"], "out/none holds no finished run; start with `hil run`"),
        (["bench", "benches/none.toml"], "there is no bench file benches/none.toml"),
        (["qualify", "--faults", "none.py"], "there is no fault file"),
        (["qualify", "--clause", "Z-01"], "no fault breaks Z-01"),
    ],
)
def test_a_mistake_is_answered_in_words(command, words, answer):
    code, _, errors = command(*words)
    assert code == 2
    assert answer in " ".join(re.sub("[│╰╯]", " ", errors).split())
    assert "Traceback" not in errors


def test_help_names_every_command_and_the_exit_codes(command):
    code, out, _ = command("--help")
    assert code == 0
    for word in ("run", "report", "coverage", "qualify", "bench", "compare", "Exit codes"):
        assert word in out


def test_coverage_as_json_has_every_clause(command):
    code, out, _ = command("coverage", "--json")
    told = json.loads(out)
    assert code == 0
    assert [row["id"] for row in told["clauses"]] == list(catalogue.load().clauses)
    assert told["proofs_are_of_these_sources"] is False
    assert not any(row["covered"] for row in told["clauses"])


def test_coverage_as_a_table_counts_the_clauses(command):
    code, out, _ = command("coverage")
    assert code == 0
    assert f"{len(catalogue.load().clauses)} clauses: 0 proved" in out
