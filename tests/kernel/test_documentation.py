"""What the kernel's documentation shows is what happens: each example is run and its output compared."""

import doctest
from pathlib import Path

import emulation.world
from emulation import plugin

GUIDE = Path(__file__).parents[2] / "docs" / "world.md"


def test_the_examples_in_the_module_hold():
    failed, tried = doctest.testmod(emulation.world)
    assert (failed, tried > 5) == (0, True)


def test_the_examples_in_the_guide_hold(monkeypatch):
    monkeypatch.setattr(plugin, "_active", None)
    failed, tried = doctest.testfile(str(GUIDE), module_relative=False, encoding="utf-8")
    assert (failed, tried > 30) == (0, True)


def test_the_kernel_stays_under_400_lines():
    assert len(Path(emulation.world.__file__).read_text().splitlines()) < 400
