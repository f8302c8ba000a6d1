"""Keys of the emulated car: where they lie, which count, what a workshop makes of them (A-06, A-07, B-26)."""

import pytest

from emulation.ecus.base.vehicle import diagnostics
from harness.units import MS, S
from tests.ecus.body_car import BodyCar

CEM = (0x711, 0x719)


@pytest.fixture
def car():
    return BodyCar()


def counts(car):
    return tuple(car.now("CEM_Keys", signal) for signal in ("Registered", "Inside", "Near", "Blocked"))


def unlock_security(car):
    car.ask("10 03", *CEM)
    seed = int(car.ask("27 01", *CEM).removeprefix("67 01 ").replace(" ", ""), 16)
    assert car.ask(f"27 02 {seed ^ diagnostics()['CEM'].security_mask:08x}", *CEM) == "67 02"


def workshop(car, routine, option=""):
    unlock_security(car)
    return car.ask(f"31 01 {routine} {option}", *CEM)


def test_a_new_car_has_two_keys_and_none_of_them_is_here(car):
    assert counts(car) == (2, 0, 0, 0)
    assert car.now("CEM_Keys", "Immobiliser") == "RELEASED"


def test_keys_are_counted_where_they_lie(car):
    """Inside wins over near; away is neither; both lines closed is inside."""
    car.lay(1, "inside")
    car.lay(2, "near")
    assert counts(car) == (2, 1, 1, 0)
    car.drive("key_2_inside", 5)
    car.run(50 * MS)
    assert counts(car) == (2, 2, 0, 0)
    car.lay(1)
    car.lay(2)
    assert counts(car) == (2, 0, 0, 0)


def test_a_foreign_fob_counts_for_nothing(car):
    car.lay(3, "inside")
    assert counts(car) == (2, 0, 0, 0)
    car.button(3, "lock")
    assert car.lock() == ("UNLOCKED", "NONE")


def test_a_contact_that_chatters_is_one_key(car):
    since = car.world.now
    for at in range(0, 6, 2):
        car.world.call_at(since + at * MS, lambda _: car.drive("key_1_inside", 5))
        car.world.call_at(since + (at + 1) * MS, lambda _: car.drive("key_1_inside", 0))
    car.world.call_at(since + 7 * MS, lambda _: car.drive("key_1_inside", 5))
    car.run(1 * S)
    assert car.values("CEM_Keys", "Inside", since)[-1] == 1
    assert len(car.sent("CEM_Keys", since)) <= 3, "two on cycle, one on change"


def test_a_blocked_key_counts_no_more_and_does_nothing(car):
    car.lay(1, "inside")
    assert workshop(car, "03 11", "01") == "71 01 03 11"
    assert counts(car) == (1, 0, 0, 1)
    car.button(1, "lock")
    assert car.lock() == ("UNLOCKED", "NONE")


def test_a_taught_key_counts_and_locks(car):
    assert workshop(car, "03 12", "03") == "71 01 03 12"
    car.lay(3, "near")
    assert counts(car) == (3, 0, 1, 0)
    car.button(3, "lock")
    assert car.lock() == ("LOCKED", "KEY")
    assert car.now("CEM_Keys", "LastUsed") == 3


def test_the_register_is_read_restored_and_kept_without_supply(car):
    workshop(car, "03 11", "02")
    workshop(car, "03 12", "03")
    car.lay(3, "inside")
    car.power(0).run(1 * S)
    car.power().run(1 * S)
    assert counts(car) == (2, 1, 0, 1)
    assert car.ask("31 01 03 14", *CEM) == "71 01 03 14 07 02 04"
    assert workshop(car, "03 13") == "71 01 03 13"
    assert counts(car) == (2, 0, 0, 0)


@pytest.mark.parametrize(
    ("request_", "answer", "why"),
    [
        ("31 01 03 11 00", "7f 31 31", "there is no key 0"),
        ("31 01 03 11 04", "7f 31 31", "nor 4"),
        ("31 01 03 11 03", "7f 31 31", "key 3 is not the car's, so cannot be blocked"),
        ("31 01 03 12", "7f 31 13", "no number"),
        ("31 01 03 13 01", "7f 31 13", "a number too many"),
    ],
)
def test_what_a_workshop_asks_wrongly_changes_nothing(car, request_, answer, why):
    unlock_security(car)
    assert car.ask(request_, *CEM) == answer, why
    assert counts(car) == (2, 0, 0, 0)


@pytest.mark.parametrize("routine", ["03 11 01", "03 12 03", "03 13"])
def test_nobody_changes_the_register_without_session_and_key(car, routine):
    assert car.ask(f"31 01 {routine}", *CEM) == "7f 31 31"
    car.ask("10 03", *CEM)
    assert car.ask(f"31 01 {routine}", *CEM) == "7f 31 33"
    assert counts(car) == (2, 0, 0, 0)
