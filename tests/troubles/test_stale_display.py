"""A display that answers late is not believed about the next question, and its boots are told from answers."""

from __future__ import annotations

import pytest

from harness.errors import BenchError
from harness.head_unit import HeadUnitPort
from harness.timeline import Timeline
from harness.units import MS
from tests.bench.fakes import FakeClock, ScriptedPort


def display(script):
    clock, timeline = FakeClock(), Timeline()
    port = ScriptedPort(clock, {"SYNC": "ERROR 400 not a command\n"} | script)
    made = HeadUnitPort(port, clock, timeline)
    clock.attach(made.pump)
    return made, port, timeline


def test_a_late_answer_is_not_taken_for_the_next_one():
    made, port, _ = display({"PAGE?": "OK Home\n", "TEXTS?": 'OK {"call": "IDLE"}\n'})
    port.delay = 3_100 * MS
    with pytest.raises(BenchError, match="did not answer"):
        made.page()
    port.delay = 300 * MS
    assert made.texts() == {"call": "IDLE"}


def test_a_boot_is_no_answer():
    made, _port, timeline = display({"PAGE?": "BOOTED\nOK Home\n"})
    assert made.page() == "Home"
    assert timeline.events("head_unit", "booted")
