"""Central lock of the emulated car: key, handle, nobody who comes, crash (B-29, B-30)."""

import pytest

from emulation.ecus.airbag import Airbag
from harness.units import MIN, S
from tests.ecus.body_car import BodyCar


@pytest.fixture
def car():
    return BodyCar()


def test_a_key_locks_and_unlocks(car):
    car.button(1, "lock")
    assert car.lock() == ("LOCKED", "KEY")
    car.button(2, "unlock")
    assert car.lock() == ("UNLOCKED", "KEY")
    assert car.now("CEM_Keys", "LastUsed") == 2
    assert car.now("CEM_Lock", "DriverDoorOnly") == "NO"


@pytest.mark.parametrize("door", ["driver", "passenger", "rear_left", "rear_right"])
def test_a_handle_with_a_key_near_unlocks(car, door):
    car.button(1, "lock")
    car.lay(1, "near")
    car.handle(door)
    assert car.lock() == ("UNLOCKED", "HANDLE")


@pytest.mark.parametrize(("key", "where"), [(1, "away"), (1, "inside"), (3, "near")])
def test_without_a_key_near_a_handle_does_nothing(car, key, where):
    """A key left in the cabin must not let in who stands outside."""
    car.button(2, "lock")
    car.lay(key, where)
    car.handle()
    assert car.lock() == ("LOCKED", "KEY")
    assert car.values("CEM_Handles", "Driver")[-3:] == ["RELEASED", "PRESSED", "RELEASED"]


@pytest.mark.parametrize("door", ["driver", "passenger", "rear_left", "rear_right"])
def test_with_a_door_open_it_does_not_lock(car, door):
    car.door(door)
    car.button(1, "lock")
    assert car.lock()[0] == "UNLOCKED"


def test_a_running_car_is_not_locked(car):
    assert car.starts()
    car.button(1, "lock")
    assert car.lock()[0] == "UNLOCKED"


def test_unlocked_and_nobody_came_it_locks_again(car):
    car.button(1, "lock")
    car.button(1, "unlock")
    since = car.world.now
    car.run(2 * MIN - 1 * S)
    assert car.lock() == ("UNLOCKED", "KEY")
    car.run(2 * S)
    assert car.lock() == ("LOCKED", "AUTO_RELOCK")
    assert car.values("CEM_Lock", "State", since) == ["UNLOCKED", "LOCKED"]
    assert car.alarm()[0] == "ARMED"


def test_a_door_that_was_opened_keeps_it_unlocked(car):
    car.button(1, "lock")
    car.button(1, "unlock")
    car.door()
    car.door(is_open=False)
    car.run(3 * MIN)
    assert car.lock() == ("UNLOCKED", "KEY")


def test_the_lock_stays_as_it_is_without_supply_and_its_time_begins_anew(car):
    car.button(1, "lock")
    car.power(0).run(1 * S)
    car.power().run(1 * S)
    assert car.lock() == ("LOCKED", "KEY")
    car.button(1, "unlock")
    car.run(1 * MIN)
    car.power(0).run(3 * MIN)
    car.power().run(1 * MIN)
    assert car.lock() == ("UNLOCKED", "KEY")
    car.run(1 * MIN + 1 * S)
    assert car.lock() == ("LOCKED", "AUTO_RELOCK")


@pytest.mark.parametrize(
    ("level", "lock"), [("IMPACT", "LOCKED"), ("BELT_TENSIONER", "UNLOCKED"), ("AIRBAG", "UNLOCKED")]
)
def test_a_crash_unlocks(level, lock):
    car = BodyCar()
    airbag = Airbag(car.bench)
    airbag.start()
    car.run(1 * S)
    car.button(1, "lock")
    airbag.crash(level, "FRONT")
    car.run(1 * S)
    assert car.lock() == (lock, "CRASH" if lock == "UNLOCKED" else "KEY")
    car.run(3 * MIN)
    assert car.lock()[0] == lock, "and stays so"


@pytest.mark.parametrize("wrong", [{"CrashLevelInverted": 3}, {"Crc": 0}])
def test_a_frame_that_only_looks_like_a_crash_unlocks_nothing(car, wrong):
    car.button(1, "lock")
    for count in range(5):
        car.tell("ACM_Crash", **{"CrashLevel": "AIRBAG", "Counter": count} | wrong)
    assert car.lock()[0] == "LOCKED"


def test_doors_and_bonnet_are_told(car):
    for door, signal in (("rear_left", "RearLeftDoor"), ("bonnet", "Bonnet")):
        car.door(door)
        assert car.now("CEM_Doors", signal) == "OPEN"
        car.door(door, is_open=False)
        assert car.now("CEM_Doors", signal) == "CLOSED"
    assert car.alarm()[0] == "DISARMED"


def test_it_says_when_nobody_is_about(car):
    """What a network's sleep waits for: locked, closed, no key here."""
    asked = []

    def watch():
        while True:
            asked.append(car.body.quiet())
            yield car.body.quiet_changed()

    car.world.spawn(watch(), "watch")
    car.lay(1, "near")
    car.button(1, "lock")
    assert not car.body.quiet()
    car.lay(1)
    assert car.body.quiet()
    assert asked[-1] is True
    before = len(asked)
    car.handle("rear_left")
    assert len(asked) > before, "a hand on a handle, so that a sleeping network wakes"
    car.lay(1, "near")
    assert asked[-1] is False
