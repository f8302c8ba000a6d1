"""Ctrl-C, SIGTERM and SIGHUP at `hil run`: each suite is told once, leaves its bench safe, and the rest is reported."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.console import Console

from harness.units import S
from hil import ending, running
from hil.ending import Ending, Interrupted
from hil.suites import Command, Setting, run_all
from reports.journal import Outcome, outcome_of_message
from tests.serving import ROOT

ENDS_S = 120.0
BENCH = Path("benches/emulated.toml")

PYTEST = """
import pytest, time
from pathlib import Path
from harness.bench import Bench, load

@pytest.fixture
def opened():
    with Bench.open(load("benches/emulated.toml")) as bench:
        yield bench
    Path({out!r}, "closed").write_text("told")

def test_that_hangs(opened):
    Path({out!r}, "begun").touch()
    time.sleep(60)
"""

ROBOT = """
*** Settings ***
Library           {out}/hangs.py
Test Teardown     Let Go

*** Test Cases ***
Hangs
    Hang
"""

LIBRARY = """
import time
from pathlib import Path
from harness.bench import Bench, load

class hangs:
    def hang(self):
        self.bench = Bench.open(load("benches/emulated.toml"))
        Path({out!r}, "begun").touch()
        time.sleep(60)

    def let_go(self):
        self.bench.close()
        Path({out!r}, "closed").write_text("told")
"""


def pytest_suite(out: Path) -> Command:
    (out / "test_hangs.py").write_text(PYTEST.format(out=str(out)))
    arguments = ["-m", "pytest", f"--junitxml={out}/pytest.xml", str(out / "test_hangs.py")]
    return Command("pytest", arguments, out / "log", range(0))


def robot_suite(out: Path) -> Command:
    (out / "hangs.robot").write_text(ROBOT.format(out=out))
    (out / "hangs.py").write_text(LIBRARY.format(out=str(out)))
    return Command("robot", ["-m", "robot", "--outputdir", str(out), str(out / "hangs.robot")], out / "log", range(0))


def stand_in(out: Path, *words: str) -> Command:
    return Command("stand-in", ["-m", "tests.safety.stand_in", str(out), *words], out / "log", range(0))


def run_ended_by(numbers: Sequence[int], made: Command, out: Path) -> None:
    """Run it in this process, which is sent the signals, one after the other, once the suite has begun."""
    deadline, left = time.monotonic() + ENDS_S, list(numbers)

    def look() -> None:
        assert time.monotonic() < deadline, made.log.read_text()
        if left and (out / "begun").exists():
            os.kill(os.getpid(), left.pop(0))

    run_all([made], Setting(ROOT, out, BENCH, 1, 1), look)


def wait_for(file: Path) -> None:
    deadline = time.monotonic() + ENDS_S
    while not file.exists():
        assert time.monotonic() < deadline, f"{file} did not come"
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("suite", "number", "report"),
    [(pytest_suite, signal.SIGHUP, "pytest.xml"), (robot_suite, signal.SIGTERM, "output.xml")],
    ids=["pytest", "robot"],
)
def test_a_suite_closes_its_bench_and_reports(tmp_path, suite, number, report):
    with pytest.raises(Interrupted, match=number.name):
        run_ended_by([number], suite(tmp_path), tmp_path)
    assert (tmp_path / "closed").read_text() == "told"
    assert (tmp_path / report).exists()


def test_a_suite_is_told_once_however_often_somebody_presses_ctrl_c(tmp_path):
    with pytest.raises(Interrupted, match="SIGINT"):
        run_ended_by([signal.SIGINT] * 3, stand_in(tmp_path), tmp_path)
    assert (tmp_path / "closed").read_text() == "told"


def test_a_suite_that_does_not_end_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(ending, "GRACE", 1 * S)
    with pytest.raises(Interrupted, match="SIGTERM"):
        run_ended_by([signal.SIGTERM], stand_in(tmp_path, "deaf"), tmp_path)
    assert not (tmp_path / "closed").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_a_suite_ends_when_its_run_is_killed(tmp_path):
    program = (
        "from pathlib import Path\n"
        "from tests.safety.test_signals import *\n"
        f"out = Path({str(tmp_path)!r})\n"
        "run_all([stand_in(out)], Setting(ROOT, out, BENCH, 1, 1), lambda: None)"
    )
    run = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    wait_for(tmp_path / "begun")
    run.kill()
    run.wait()
    wait_for(tmp_path / "closed")


def test_no_suite_is_begun_once_a_run_is_ended(tmp_path):
    with Ending() as ended:
        os.kill(os.getpid(), signal.SIGTERM)
        deadline = time.monotonic() + ENDS_S
        while ended.asked is None:
            assert time.monotonic() < deadline
        assert stand_in(tmp_path).run(ROOT, ending=ended).code == -signal.SIGTERM
    assert not (tmp_path / "begun").exists()


def test_an_interrupted_run_is_no_verdict_on_the_car(tmp_path, monkeypatch):
    """Whatever Robot calls a test that a signal ended; and the summary says that the run was interrupted."""

    def interrupted(*_):
        raise Interrupted("SIGTERM")

    assert outcome_of_message("Execution terminated by signal") is Outcome.BROKEN
    monkeypatch.setattr(running, "run_all", interrupted)
    setting = Setting(ROOT, tmp_path, BENCH, 1, 1)
    done = running.carry_out([], setting, everything=False, console=Console(quiet=True), wall=False)
    assert done.exit_code == 3
    assert "Interrupted by SIGTERM" in (tmp_path / "summary.json").read_text()
