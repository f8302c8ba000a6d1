"""The guide "add an instrument" works as it stands."""

import re
from pathlib import Path

import pytest

from emulation.lab.syntax import Setting as TwinSetting
from harness.ports import Supply
from instruments.commands import Setting
from tests.lab.conftest import exchange

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "instrument.md"


def run_guide():
    names = {}
    for code in re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL):
        exec(compile(code, str(GUIDE), "exec"), names)
    return names


@pytest.mark.usefixtures("bench")
def test_the_guides_example_runs_and_says_what_it_shows(capsys):
    run_guide()
    shown = re.search(r"print\(error\)  # (.*)", GUIDE.read_text())[1]
    assert capsys.readouterr().out == shown + "\n"


def test_the_guides_driver_fills_its_role_and_its_limits_are_the_twins(bench):
    names = run_guide()
    driver, twin = names["E36103B"], bench.instruments["TCPIP::e36103b::INSTR"]
    assert all(hasattr(driver, method) for method in dir(Supply) if not method.startswith("_"))
    twin_limits = {row.parameter.high for row in twin.TABLE if isinstance(row, TwinSetting) and row.name != "output"}
    assert {command.high for command in vars(driver).values() if isinstance(command, Setting)} == twin_limits
    assert exchange(twin, "SYST:ERR?") == '+0,"No error"'


def test_the_files_that_the_guide_names_exist():
    text = GUIDE.read_text()
    root = GUIDE.parents[2]
    named = set(re.findall(r"`((?:tests|emulation|harness)/[\w/]+\.py)`", text)) - {"emulation/lab/supply_e36103b.py"}
    assert len(named) >= 4
    assert [name for name in named if not (root / name).exists()] == []
