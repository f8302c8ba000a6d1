"""The battery goes flat in a garage without reception: what is told, and what stays as it was (B-31, B-32, B-34)."""

import pytest

from fixtures import clauses, lasts, procedure, trouble_codes
from harness.units import MIN, H, S

pytestmark = [
    clauses("B-31", "B-32", "B-34"),
    procedure("story-flat-battery"),
    trouble_codes("NOT_REGISTERED"),
    lasts("4 h"),
]

FALLING = (11.0, 9.0, 7.0, 5.0, 0.0)
"""Volts of a battery that goes flat."""
STEP = 5 * S
"""From one of them to the next."""
UNNOTICED = 3 * H
"""So long nobody looks after the car."""


@pytest.fixture
def goes_flat(car):
    """The battery's voltage falls, volt by volt; returns when it was at its end (ns)."""

    def fall():
        for volts in FALLING:
            car.power(volts)
            car.clock.sleep(STEP)
        return car.power_off()

    return fall


@pytest.fixture
def garage(thief, surroundings):
    """Locked, alarm armed, every key at home, and no reception."""
    thief.finds_it_locked()
    surroundings.coverage("none")
    thief.clock.sleep(5 * S)


@pytest.mark.usefixtures("garage")
def test_power_and_coverage_back_the_alarm_is_told_and_nothing_unlocks(
    goes_flat, assistance_desk, theft_desk, doors, driver, keys, car, surroundings, limit
):
    """Asked for from afar, and not reached; then the owner hears of the alarm, once, and finds the car locked."""
    unlock = assistance_desk.asks_for_unlock()
    asked = assistance_desk.verifies(unlock)
    flat = goes_flat()
    assert car.timeline.was("CEM_Alarm.Source", "BATTERY", since=asked)
    assistance_desk.expects_app(
        "remote_unlock", unlock, "not reached", since=asked, within=limit("unlock_validity") + limit("app_report")
    )
    car.clock.sleep(UNNOTICED)
    assert theft_desk.told("message", asked) == []
    on = car.power()
    car.clock.sleep(1 * MIN)
    back = car.now()
    surroundings.coverage("full")
    theft_desk.expects_both_in_order(since=back)
    assistance_desk.expects_no_command(since=asked, lasting=0)
    assert not doors.tries_to_open()
    doors.expects_nothing_opens(duration=1 * S, since=on)
    assert car.state("CEM_Keys.Immobiliser") == "LOCKED"
    assert not driver.tries_to_start()
    driver.ignition("OFF")
    assert assistance_desk.state("remote_unlock", unlock)["state"] == "not reached"
    keys.near(1)
    doors.expects_unlocked("KEY", since=keys.unlocks(1))
    keys.inside(1)
    assert driver.tries_to_start()
    assert flat < on


@pytest.mark.usefixtures("garage")
def test_an_owner_who_comes_with_the_key_before_there_is_coverage_is_told_nothing(
    goes_flat, theft_desk, doors, keys, car, surroundings
):
    """The alarm is over when the first word of it could leave: neither message nor push, whatever was kept."""
    begun = theft_desk.now()
    goes_flat()
    car.clock.sleep(UNNOTICED)
    car.power()
    car.clock.sleep(1 * MIN)
    assert car.timeline.was("CEM_Alarm.State", "TRIGGERED", since=begun)
    keys.near(1)
    doors.expects_unlocked("KEY", since=keys.unlocks(1))
    surroundings.coverage("full")
    back = car.now()
    car.expects("TCU_Services.Connect", "ON", within=1 * MIN)
    theft_desk.expects_silence(begun, lasting=back + 1 * MIN - begun)
