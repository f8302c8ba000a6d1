"""Robot files one after the other in one process: each has its result; one that does not take place ends them."""

import json
import subprocess
import sys

import pytest

from hil.suites import ROBOT_TROUBLE, Command, together

PASSES = "*** Test Cases ***\nIt Holds\n    Should Be Equal    a    a\n"
FAILS = "*** Test Cases ***\nIt Does Not\n    Fail    no\nIt Does Not Either\n    Fail    no\n"


def line(folder, name, text):
    (folder / f"{name}.robot").write_text(text)
    out = ["--outputdir", str(folder / name), "--log", "NONE", "--report", "NONE"]
    return [*out, str(folder / f"{name}.robot")]


@pytest.mark.parametrize(
    ("texts", "code", "written"),
    [
        ((PASSES, PASSES), 0, [True, True]),
        ((FAILS, PASSES), 2, [True, True]),
        (("nothing", PASSES), 252, [False, False]),
    ],
)
def test_each_file_has_its_own_result(tmp_path, texts, code, written):
    lines = [line(tmp_path, f"file{number}", text) for number, text in enumerate(texts)]
    ended = subprocess.run(  # our own command line
        [sys.executable, "-m", "hil.robot_runs", json.dumps(lines)], capture_output=True, check=False
    )
    assert ended.returncode == code
    assert [(tmp_path / f"file{number}" / "output.xml").exists() for number in range(2)] == written


def test_only_robot_files_are_put_together(tmp_path):
    def command(name, trouble):
        return Command(name, ["-m", "module", name], tmp_path / f"{name}.log", trouble, {"A": "1"})

    made = [command("pytest", range(2, 6)), command("one", ROBOT_TROUBLE), command("two", ROBOT_TROUBLE)]
    pytest_, robots = together(made, tmp_path)
    assert pytest_ is made[0]
    assert json.loads(robots.arguments[2]) == [["one"], ["two"]]
    assert robots.environment == {"A": "1"}
    assert together(made[:2], tmp_path) == made[:2]
