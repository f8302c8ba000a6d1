"""Start permission of the emulated car: by keys, and from afar (B-26, B-27)."""

import pytest

from harness.units import MS, S
from tests.ecus.body_car import BodyCar


@pytest.fixture
def car():
    return BodyCar()


def immobiliser(car):
    return car.now("CEM_Keys", "Immobiliser")


def test_a_car_that_was_not_locked_starts_without_a_key(car):
    assert car.starts()


def test_locking_withholds_the_start_until_a_key_is_inside_the_unlocked_car(car):
    car.button(1, "lock")
    assert immobiliser(car) == "LOCKED"
    assert not car.starts()
    car.ignition_off()
    car.lay(2, "inside")
    assert immobiliser(car) == "LOCKED", "a key left in a locked car releases nothing"
    car.button(1, "unlock")
    assert immobiliser(car) == "RELEASED"
    assert car.now("CEM_Keys", "LastUsed") == 2
    assert car.starts()


def test_unlocked_by_key_it_still_wants_a_key_inside(car):
    car.button(1, "lock")
    car.button(1, "unlock")
    assert immobiliser(car) == "LOCKED"
    car.lay(3, "inside")
    assert immobiliser(car) == "LOCKED", "a foreign fob"
    car.lay(1, "near")
    assert immobiliser(car) == "LOCKED", "beside the car"
    car.lay(1, "inside")
    assert immobiliser(car) == "RELEASED"


@pytest.mark.parametrize("key", [1, 2])
def test_disabled_from_afar_no_key_starts_it(car, key):
    car.lay(key, "inside")
    car.remote("IMMOBILISE")
    assert immobiliser(car) == "DISABLED_REMOTELY"
    assert not car.starts()
    car.ignition_off()
    car.button(key, "lock")
    car.button(key, "unlock")
    assert immobiliser(car) == "DISABLED_REMOTELY"
    car.remote("RELEASE")
    assert immobiliser(car) == "RELEASED"
    assert car.starts()


def test_a_running_car_goes_on_and_does_not_start_again(car):
    assert car.starts()
    since = car.world.now
    car.remote("IMMOBILISE")
    car.run(1 * S)
    assert car.values("CEM_Ignition", "Mode", since) == ["RUNNING"]
    car.ignition_off()
    assert not car.starts()


def test_disabled_stays_disabled_without_supply(car):
    car.remote("IMMOBILISE")
    car.power(0).run(10 * S)
    car.power().run(1 * S)
    assert immobiliser(car) == "DISABLED_REMOTELY"
    assert not car.starts()


def test_released_from_afar_a_locked_car_still_wants_its_key(car):
    car.button(1, "lock")
    car.remote("IMMOBILISE")
    car.remote("RELEASE")
    assert immobiliser(car) == "LOCKED"


def test_a_start_that_was_refused_is_not_caught_up_with(car):
    """Whoever keeps cranking is not started by the release; who cranks anew is."""
    car.remote("IMMOBILISE")
    car.drive("terminal_s", 12)
    car.drive("terminal_15", 12)
    car.drive("terminal_50", 12)
    car.run(1 * S)
    car.remote("RELEASE")
    car.run(1 * S)
    assert car.now("CEM_Ignition", "Mode") == "II"
    car.drive("terminal_50", 0)
    car.run(100 * MS)
    assert car.starts()


def test_a_command_is_obeyed_once(car):
    """The telematics unit may repeat it on cycle, and reboot: only a new count counts."""
    car.remote("IMMOBILISE")
    car.body.immobiliser.enable()
    car.run(2 * S)
    assert immobiliser(car) == "RELEASED"


def test_a_command_with_a_wrong_crc_is_none(car):
    car.ecus[1].transmit(False)
    for count in range(1, 8):
        car.tell("TCU_Remote", Command="IMMOBILISE", RequestCount=count, Counter=count)
    assert immobiliser(car) == "RELEASED"
