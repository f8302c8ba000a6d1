"""The report of a run states how late the harness's own cyclic frames were, and in which test the worst was."""

import re

from harness.can.cycle_error import CycleError
from harness.units import MS, US
from reports.journal import Entry, Outcome
from reports.restbus import of_run, told


def entry(title, *lateness, skipped=0):
    error = CycleError()
    for each in lateness:
        error.add(0x40, each)
    error.skipped += skipped
    networks = {"body": error.told()} if lateness else {}
    return Entry(title, "pytest", "", title, ("B-03",), Outcome.PASSED, 0, 1, restbus=networks)


def test_a_run_adds_up_its_tests_and_names_the_worst():
    entries = [entry("calm", *[20 * US] * 99), entry("played nothing"), entry("stalled", 12 * MS, skipped=1)]
    sentence = of_run(entries)
    assert re.match(r"cycle error p50 2\d(\.\d)? us, p99 2", sentence)
    assert "max 12 ms; 1 of 101 slots skipped (stalled)" in sentence


def test_a_run_that_played_nothing_on_the_wall_clock_says_nothing():
    assert of_run([entry("one"), entry("two")]) == ""
    assert told({}) == ""


def test_one_line_a_network():
    lines = told({"body": entry("", 3 * MS).restbus["body"]}).splitlines()
    assert lines == ["body: cycle error p50 3 ms, p99 3 ms, max 3 ms; 0 of 1 slots skipped"]
