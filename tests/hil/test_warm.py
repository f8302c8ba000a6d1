"""A warm interpreter runs suites as fresh processes do: own state, own output, own exit code."""

from pathlib import Path

import pytest

from hil.warm import Warm

ROOT = Path(__file__).parents[2]

TEST = """
import os, sys

def test_nobody_was_here_before():
    assert not hasattr(sys, "seen")
    sys.seen = True
    assert os.environ["WORD"] == "yes"
"""
ROBOT = """
*** Test Cases ***
Truth
    Should Be Equal    1    %s
"""


@pytest.fixture(scope="module")
def warm():
    with Warm(ROOT, {}) as warm:
        yield warm


def test_each_run_is_a_process_of_its_own(warm, tmp_path):
    (tmp_path / "test_it.py").write_text(TEST)
    arguments = ["-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", str(tmp_path), str(tmp_path)]
    logs = [tmp_path / f"{number}.log" for number in range(3)]
    said = [
        warm.run(["-m", "pytest", *arguments], log, {"WORD": word})
        for log, word in zip(logs, ("yes", "yes", "no"), strict=True)
    ]
    assert said == [0, 0, 1]
    assert ["1 passed" in log.read_text() for log in logs] == [True, True, False]


@pytest.mark.parametrize(("value", "code"), [("1", 0), ("2", 1)])
def test_robot_ends_with_the_number_of_failures(warm, tmp_path, value, code):
    (tmp_path / "it.robot").write_text(ROBOT % value)
    arguments = ["--output", "NONE", "--log", "NONE", "--report", "NONE", str(tmp_path / "it.robot")]
    assert warm.run(["-m", "robot", *arguments], tmp_path / "log", {}) == code
    assert "1 test, " in (tmp_path / "log").read_text()
