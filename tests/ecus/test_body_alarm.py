"""Anti-theft alarm of the emulated car: armed, triggered, siren, switched off by whom (B-32, B-34)."""

import pytest

from harness.units import MIN, MS, S
from tests.ecus.body_car import BodyCar


@pytest.fixture
def car():
    """Locked with key 1, which went away."""
    car = BodyCar()
    car.button(1, "lock")
    return car


def break_in(car, source):
    if source == "INCLINATION":
        car.drive("tilt", 5)
        car.run(50 * MS)
    elif source == "BATTERY":
        car.power(0).run(50 * MS)
    else:
        car.door("bonnet" if source == "BONNET" else "rear_left")


SOURCES = ["DOOR", "BONNET", "INCLINATION", "BATTERY"]


def test_locking_arms(car):
    assert car.values("CEM_Alarm", "State") == ["DISARMED", "ARMED"]


@pytest.mark.parametrize("source", SOURCES)
def test_each_break_in_triggers_with_siren(car, source):
    break_in(car, source)
    assert car.alarm() == ("TRIGGERED", source, "ON")
    assert car.lock()[0] == "LOCKED"


@pytest.mark.parametrize("source", SOURCES)
def test_a_car_that_is_not_armed_takes_all_of_it_in_silence(source):
    car = BodyCar()
    break_in(car, source)
    car.power().run(1 * S)
    assert car.values("CEM_Alarm", "State") == ["DISARMED"]
    assert car.values("CEM_Alarm", "Siren") == ["OFF"]


def test_the_siren_ends_and_the_alarm_does_not(car):
    break_in(car, "DOOR")
    since = car.world.now
    car.run(29 * S)
    assert car.alarm() == ("TRIGGERED", "DOOR", "ON")
    car.run(2 * S)
    assert car.alarm() == ("TRIGGERED", "DOOR", "OFF")
    car.run(2 * MIN)
    assert car.values("CEM_Alarm", "State", since) == ["TRIGGERED"]


def test_a_second_break_in_sounds_again(car):
    break_in(car, "DOOR")
    car.run(40 * S)
    break_in(car, "BONNET")
    assert car.alarm() == ("TRIGGERED", "BONNET", "ON")


@pytest.mark.parametrize("triggered", [False, True])
def test_a_key_switches_it_off(car, triggered):
    if triggered:
        break_in(car, "DOOR")
    car.button(2, "unlock")
    assert car.alarm()[::2] == ("DISARMED", "OFF")
    assert car.now("CEM_Alarm", "DisarmedBy") == "KEY"


def test_a_handle_with_a_key_near_switches_it_off_by_key(car):
    car.lay(1, "near")
    car.handle()
    assert car.now("CEM_Alarm", "DisarmedBy") == "KEY"


def test_so_it_is_where_a_remote_unlock_waits_as_well(car):
    car.remote("UNLOCK", 60)
    car.lay(1, "near")
    car.handle()
    assert car.lock() == ("UNLOCKED", "HANDLE")
    assert car.now("CEM_Alarm", "DisarmedBy") == "KEY"


def test_opened_from_afar_it_is_off_but_by_no_key(car):
    car.remote("UNLOCK", 60)
    car.handle()
    assert car.alarm()[0] == "DISARMED"
    assert car.now("CEM_Alarm", "DisarmedBy") == "REMOTE"
    car.button(1, "lock")
    assert car.now("CEM_Alarm", "DisarmedBy") == "NONE"


def test_a_foreign_or_blocked_key_does_not_switch_it_off(car):
    break_in(car, "DOOR")
    car.body.keys.blocked.add(2)
    for key in (2, 3):
        car.button(key, "unlock")
    assert car.alarm()[0] == "TRIGGERED"


def test_locking_a_triggered_car_does_not_switch_it_off(car):
    """A door was forced and closed again; pressing lock is no unlocking."""
    break_in(car, "DOOR")
    car.door("rear_left", is_open=False)
    car.button(1, "lock")
    assert car.alarm()[0] == "TRIGGERED"


def test_with_the_bonnet_open_it_arms_once_that_is_closed():
    car = BodyCar()
    car.door("bonnet")
    car.button(1, "lock")
    assert car.alarm()[0] == "DISARMED"
    car.door("bonnet", is_open=False)
    assert car.alarm()[0] == "ARMED"
    car.button(1, "unlock")
    car.door("bonnet")
    car.door("bonnet", is_open=False)
    assert car.alarm()[0] == "DISARMED"


def test_a_dip_of_the_battery_is_no_theft(car):
    car.power(7).run(1 * S)
    car.power().run(1 * S)
    assert car.alarm()[0] == "ARMED"


def test_a_battery_that_was_taken_is_told_of_before_the_module_dies_and_after(car):
    since = car.world.now
    car.power(0).run(10 * S)
    assert car.values("CEM_Alarm", "State", since) == ["TRIGGERED"]
    last = car.sent("CEM_Alarm")[-1].time
    assert 300 * MS <= last - since <= 500 * MS
    car.power().run(1 * S)
    assert car.alarm() == ("TRIGGERED", "BATTERY", "ON")
    car.run(30 * S)
    assert car.alarm() == ("TRIGGERED", "BATTERY", "OFF")


def test_a_restart_by_diagnostics_is_no_theft(car):
    car.ask("10 03", 0x711, 0x719)
    car.ask("11 01", 0x711, 0x719)
    car.run(1 * S)
    assert car.alarm()[0] == "ARMED"


def test_an_unarmed_module_has_no_life_without_battery():
    car = BodyCar()
    gone = car.world.now
    car.power(0).run(2 * S)
    assert not car.sent("CEM_Ignition", gone + 1)
