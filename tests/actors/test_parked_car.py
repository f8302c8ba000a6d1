"""A car that a test left locked, robbed, disabled, with a key blocked begins the next one as if it were new."""

import pytest

from fixtures.stage import Stage
from harness.actors.beginning import Beginning
from harness.actors.parked_car import ParkedCar
from harness.units import MIN, S


@pytest.fixture
def stage():
    opened = Stage.open()
    try:
        opened.get_ready()
        yield opened
    finally:
        opened.close()


def as_made(stage):
    """What a new car says of itself."""
    signals = ("Lock.State", "Lock.DriverDoorOnly", "Alarm.State", "Alarm.Siren", "Keys.Immobiliser", "Keys.Registered")
    signals += ("Keys.Inside", "Keys.Near", "Keys.Blocked", "Doors.DriverDoor", "Ignition.Mode")
    return {name: stage.car.state(f"CEM_{name}") for name in signals}


def leave_in_a_mess(stage):
    """Key 1 blocked, key 3 taught, the car locked and broken into, then disabled as Assistance does it."""
    stage.workshop.registers_key(3)
    stage.workshop.blocks_key(1)
    stage.keys.near(3)
    stage.doors.expects_locked("KEY", since=stage.keys.locks(3))
    stage.doors.forces("rear_left")
    node = stage.bench.restbus["body"].take_over("telematics")
    stage.bench.clock.sleep(1 * S)
    node["TCU_Remote"].set(Command="IMMOBILISE", RequestCount=1)
    stage.car.expects("CEM_Keys.Immobiliser", "DISABLED_REMOTELY", 1 * S)
    stage.bench.restbus["body"].give_back("telematics")


def test_all_of_it_is_put_right_through_the_wires(stage):
    new = as_made(stage)
    leave_in_a_mess(stage)
    assert as_made(stage) != new
    beginning = Beginning(stage.bench)
    beginning.everything_off()
    stage.car.power()
    beginning.cell_on()
    beginning.car_as_usual()
    stage.car.wait_ready()
    stage.bench.clock.sleep(1 * S)
    assert as_made(stage) == new
    assert stage.workshop.key_register().counting == {1, 2}
    since = stage.bench.clock.now()
    stage.bench.clock.sleep(3 * MIN)
    assert stage.bench.timeline.stays("CEM_Lock.State", "UNLOCKED", since), "no relocking is left from before"
    assert stage.driver.tries_to_start()


def test_a_car_as_usual_is_left_alone(stage):
    since = stage.bench.clock.now()
    ParkedCar(stage.bench).as_usual()
    told = stage.bench.timeline
    assert told.stays("CEM_Lock.LastCause", "NONE", since)
    assert not told.events("body", "uds_request", since)
