"""Remote unlock of the emulated car: signal, handle, time, and everything that comes between (B-28 ... B-31)."""

import pytest

from harness.units import MIN, MS, S
from tests.ecus.body_car import BodyCar


@pytest.fixture
def car():
    """Locked with key 1, which went away."""
    car = BodyCar()
    car.button(1, "lock")
    return car


def remote(car):
    return tuple(car.now("CEM_Remote", signal) for signal in ("State", "RequestCount", "TimeLeft"))


def test_the_signal_alone_opens_nothing(car):
    count = car.remote("UNLOCK", 60)
    assert remote(car) == ("WAITING_FOR_HANDLE", count, 60)
    since = car.world.now
    car.run(59 * S)
    assert car.values("CEM_Lock", "State", since) == ["LOCKED"]
    assert car.alarm()[0] == "ARMED"


@pytest.mark.parametrize("door", ["driver", "passenger", "rear_left", "rear_right"])
def test_any_handle_within_the_time_unlocks_all_doors(car, door):
    count = car.remote("UNLOCK", 60)
    car.run(50 * S)
    car.handle(door)
    assert car.lock() == ("UNLOCKED", "REMOTE")
    assert car.now("CEM_Lock", "DriverDoorOnly") == "NO"
    assert remote(car) == ("UNLOCKED", count, 0)
    for each in ("driver", "passenger", "rear_left", "rear_right"):
        car.door(each)
    assert car.alarm()[0] == "DISARMED"


@pytest.mark.parametrize("seconds", [1, 30, 120])
def test_each_request_has_its_own_time(car, seconds):
    asked = car.world.now
    count = car.remote("UNLOCK", seconds)
    car.run(seconds * S)
    assert remote(car) == ("RELOCKED", count, 0)
    assert car.lock() == ("LOCKED", "AUTO_RELOCK")
    waits = next(f.time for f in car.sent("CEM_Remote", asked) if car.body.decode(f)["State"] == "WAITING_FOR_HANDLE")
    ends = next(f.time for f in car.sent("CEM_Remote", asked) if car.body.decode(f)["State"] == "RELOCKED")
    assert ends - waits == pytest.approx(seconds * S, abs=1 * MS)


def test_a_handle_after_the_time_opens_nothing(car):
    car.remote("UNLOCK", 30)
    car.run(30 * S)
    since = car.world.now
    for door in ("driver", "passenger", "rear_left", "rear_right"):
        car.handle(door)
    assert car.values("CEM_Lock", "State", since) == ["LOCKED"]
    assert car.alarm()[0] == "ARMED"


def test_the_time_left_counts_down_every_second(car):
    car.remote("UNLOCK", 5)
    car.run(6 * S)
    assert car.values("CEM_Remote", "TimeLeft")[-6:] == [5, 4, 3, 2, 1, 0]


def test_the_longest_time_is_told(car):
    count = car.remote("UNLOCK", 4095)
    assert remote(car) == ("WAITING_FOR_HANDLE", count, 4095)


def test_a_new_request_begins_anew_with_its_own_time(car):
    car.remote("UNLOCK", 60)
    car.run(50 * S)
    count = car.remote("UNLOCK", 20)
    assert remote(car) == ("WAITING_FOR_HANDLE", count, 20)
    car.run(15 * S)
    car.handle()
    assert car.lock() == ("UNLOCKED", "REMOTE")


def test_told_to_lock_it_waits_no_longer(car):
    car.remote("UNLOCK", 60)
    count = car.remote("LOCK")
    assert remote(car) == ("RELOCKED", count, 0)
    car.handle()
    assert car.lock()[0] == "LOCKED"


def test_told_to_lock_an_unlocked_car_locks_and_arms(car):
    car.remote("UNLOCK", 60)
    car.handle()
    count = car.remote("LOCK")
    assert remote(car)[:2] == ("RELOCKED", count)
    assert car.lock() == ("LOCKED", "REMOTE")
    assert car.alarm()[0] == "ARMED"


def test_with_a_door_open_it_is_not_locked(car):
    car.button(1, "unlock")
    car.door("rear_right")
    count = car.remote("LOCK")
    assert remote(car)[:2] == ("REFUSED", count)
    assert car.lock()[0] == "UNLOCKED"


def test_without_a_time_it_is_refused(car):
    count = car.remote("UNLOCK", 0)
    assert remote(car) == ("REFUSED", count, 0)
    car.handle()
    assert car.lock()[0] == "LOCKED"


def test_an_unlocked_car_has_nothing_to_wait_for(car):
    car.button(1, "unlock")
    assert remote(car)[0] == "IDLE"
    count = car.remote("UNLOCK", 30)
    assert remote(car) == ("UNLOCKED", count, 0)
    assert car.lock() == ("UNLOCKED", "KEY")


def test_a_key_ends_the_wait_either_way(car):
    count = car.remote("UNLOCK", 60)
    car.button(2, "unlock")
    assert remote(car) == ("UNLOCKED", count, 0)
    car.button(2, "lock")
    count = car.remote("UNLOCK", 60)
    car.button(2, "lock")
    assert remote(car) == ("RELOCKED", count, 0)
    car.handle()
    assert car.lock() == ("LOCKED", "KEY")


def test_disabling_the_keys_leaves_the_wait_alone(car):
    count = car.remote("UNLOCK", 60)
    car.remote("IMMOBILISE")
    assert remote(car)[:2] == ("WAITING_FOR_HANDLE", count)


def test_a_loss_of_supply_ends_the_wait_locked_and_no_command_is_obeyed_again(car):
    count = car.remote("UNLOCK", 60)
    car.power(0).run(2 * S)
    car.power().run(2 * S)
    assert remote(car) == ("RELOCKED", count, 0)
    assert car.lock() == ("LOCKED", "AUTO_RELOCK")
    assert car.now("TCU_Remote", "Command") == "UNLOCK", "which the telematics unit still says"
    car.handle()
    assert car.lock()[0] == "LOCKED"


def test_unlocked_from_afar_and_nobody_came_in_it_locks_again(car):
    car.remote("UNLOCK", 60)
    car.handle()
    car.run(2 * MIN + 1 * S)
    assert car.lock() == ("LOCKED", "AUTO_RELOCK")


def test_a_handle_held_while_the_signal_comes_has_to_be_pressed_anew(car):
    """Whoever hangs on the handle is not let in by the signal itself."""
    car.drive("handle_driver", 5)
    car.run(1 * S)
    car.remote("UNLOCK", 60)
    assert car.lock()[0] == "LOCKED"
    car.drive("handle_driver", 0)
    car.run(100 * MS)
    car.handle()
    assert car.lock()[0] == "UNLOCKED"


def test_what_a_crash_has_opened_is_not_locked_from_afar(car):
    """Helpers are on their way; somebody who is there locks it with a key, and from then on it may be locked again."""
    car.body.lock.unlock("CRASH")
    count = car.remote("LOCK")
    assert remote(car)[:2] == ("REFUSED", count)
    assert car.lock() == ("UNLOCKED", "CRASH")
    car.button(1, "lock")
    assert car.lock() == ("LOCKED", "KEY")
    car.button(1, "unlock")
    count = car.remote("LOCK")
    assert remote(car)[:2] == ("RELOCKED", count)
