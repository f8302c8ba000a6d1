"""The body network asleep: when it falls silent, what keeps it up, what wakes it; silence is no trouble code."""

import pytest

from fixtures.stage import Stage
from harness.actors.doors import Door
from harness.units import MIN, MS, H, S

SILENT = 3 * MIN + 3 * S
"""After everything was left: what the car waits, its notice, and a cycle."""


@pytest.fixture
def parked():
    """A locked car that everybody has left."""
    stage = Stage.open()
    try:
        stage.get_ready()
        stage.keys.near(1)
        stage.doors.expects_locked("KEY", since=stage.keys.locks(1))
        stage.keys.away(1)
        yield stage
    finally:
        stage.close()


def frames_since(stage, since):
    """How many frames of the car were on the bus."""
    stage.bench.networks["body"].pump()
    return len(list(stage.bench.timeline.frames(since=since)))


def test_a_car_that_was_left_falls_silent_and_says_so_before(parked):
    left = parked.bench.clock.now()
    parked.bench.clock.sleep(SILENT)
    assert parked.bench.timeline.was("body/CEM_Network.State", "GOING_TO_SLEEP", left)
    asleep = parked.bench.clock.now()
    parked.bench.clock.sleep(10 * MIN)
    assert frames_since(parked, asleep) == 0


def test_a_cable_keeps_it_awake(parked):
    parked.station.plugs_in()
    parked.bench.clock.sleep(2 * SILENT)
    assert frames_since(parked, parked.bench.clock.now() - 1 * S) > 0


def test_a_handle_wakes_everybody_and_nothing_was_missed_meanwhile(parked):
    parked.bench.clock.sleep(SILENT + 1 * H)
    woken = parked.bench.clock.now()
    parked.doors.press_handle(Door.DRIVER)
    parked.bench.clock.sleep(10 * S)
    assert frames_since(parked, woken + 200 * MS) > 1_000
    assert parked.car.fault_memory() == []


def test_a_tester_wakes_it(parked):
    parked.bench.clock.sleep(SILENT + 1 * MIN)
    parked.car.wake()
    assert parked.bench.diagnostics["airbag"].software_version()
