"""The remote immobiliser: authorities first, then no key starts the car, and only the PIN lifts it (B-25 ... B-27)."""

import pytest

from fixtures import clauses
from harness.actors import Ignition
from harness.actors.owner import GUEST_ID, OWNER_PIN
from harness.units import S

WRONG_PIN = "4712"
assert WRONG_PIN != OWNER_PIN


@clauses("B-25")
@pytest.mark.parametrize("told", ["assistance", "authorities"])
def test_keys_are_disabled_only_once_the_authorities_have_agreed(assistance_desk, car, told):
    """A theft is reported: unasked, and while the authorities decline, nothing may reach the car; agreed, it does."""
    reported = assistance_desk.now()
    theft = assistance_desk.reports_theft(to=told)
    assert not assistance_desk.may_disable(theft)
    assistance_desk.consults(theft, agree=False)
    assert not assistance_desk.may_disable(theft)
    assistance_desk.expects_no_command(since=reported)
    consulted = assistance_desk.consults(theft)
    assistance_desk.expects_no_command(since=reported)
    disabled = assistance_desk.disables(theft)
    assert assistance_desk.expects_one_command("IMMOBILISE", since=consulted) > disabled
    assistance_desk.expects_app("immobiliser", theft, "disabled", since=disabled)
    assert car.state("CEM_Keys.Immobiliser") == "DISABLED_REMOTELY"


@clauses("B-25")
def test_the_record_shows_that_the_authorities_were_asked_before_the_keys_were_disabled(assistance_desk, operator):
    """Report, authorities, signal: in that order, and each once."""
    begun = assistance_desk.now()
    assistance_desk.disabled_car()
    asked = operator.expects_record("assistance", "immobiliser_authorities", 1 * S, begun)
    (sent,) = operator.timeline.events("connect", "sent", begun)
    reported = operator.expects_record("assistance", "immobiliser_reported", 1 * S, begun)
    assert reported.time <= asked.time <= sent.time
    assert asked.data["agree"]
    assert sent.data["what"] == "immobilise"


@clauses("B-25")
def test_nobody_but_owner_and_authorised_persons_can_have_the_keys_disabled(assistance_desk):
    """A stranger who reports a theft is refused, and the authorities need not be asked."""
    reported = assistance_desk.now()
    theft = assistance_desk.reports_theft(GUEST_ID)
    assert theft["state"] == "refused"
    assert not assistance_desk.may_disable(theft)
    assistance_desk.expects_no_command(since=reported)


@clauses("B-26")
@pytest.mark.parametrize("key", [1, 2])
def test_no_key_starts_a_disabled_car(assistance_desk, driver, keys, doors, key):
    """Also not the one that it was locked, opened and taken with: with each of them it would have started before."""
    keys.near(key)
    doors.expects_locked("KEY", since=keys.locks(key))
    doors.expects_unlocked("KEY", since=keys.unlocks(key))
    keys.inside(key)
    assert driver.tries_to_start()
    driver.ignition(Ignition.OFF)
    assistance_desk.disabled_car()
    for number in (1, 2):
        keys.inside(number)
        assert not driver.tries_to_start()
        driver.ignition(Ignition.OFF)
    keys.away()
    keys.near(key)
    doors.expects_locked("KEY", since=keys.locks(key))
    doors.expects_unlocked("KEY", since=keys.unlocks(key))
    keys.inside(key)
    assert not driver.tries_to_start()


@clauses("B-26")
def test_a_car_that_is_being_driven_is_not_stopped_and_its_next_start_fails(assistance_desk, driver, keys, limit):
    """Disabled on the road: the engine runs on until the driver switches it off."""
    keys.inside(1)
    driver.ignition(Ignition.RUNNING)
    theft = assistance_desk.reports_theft()
    assistance_desk.consults(theft)
    disabled = assistance_desk.disables(theft)
    assistance_desk.expects_car("DISABLED_REMOTELY", disabled)
    assistance_desk.clock.sleep(limit("quiet_time"))
    assert driver.timeline.stays("CEM_Ignition.Mode", "RUNNING", disabled)
    driver.ignition(Ignition.OFF)
    assert not driver.tries_to_start()


@clauses("B-26")
def test_a_disabled_car_stays_so_without_battery(assistance_desk, driver, car, keys):
    """A thief who cuts the battery gains nothing."""
    keys.inside(1)
    assistance_desk.disabled_car()
    car.power_off()
    car.clock.sleep(20 * S)
    car.power()
    car.wait_ready()
    assert car.state("CEM_Keys.Immobiliser") == "DISABLED_REMOTELY"
    assert not driver.tries_to_start()


@clauses("B-27")
def test_only_the_right_pin_lets_the_car_start_again(assistance_desk, driver, keys):
    """A wrong PIN changes nothing; the right one, and the key starts the car."""
    keys.inside(1)
    theft = assistance_desk.disabled_car()
    tried = assistance_desk.now()
    for wrong in (WRONG_PIN, "0000"):
        assert assistance_desk.releases(theft, wrong) == "wrong PIN"
    assert assistance_desk.releases(theft, OWNER_PIN, GUEST_ID) == "not authorised"
    assistance_desk.expects_no_command(since=tried)
    assert not driver.tries_to_start()
    released = assistance_desk.now()
    assert assistance_desk.releases(theft) == ""
    assistance_desk.expects_car("RELEASED", released)
    assistance_desk.expects_app("immobiliser", theft, "released", since=released)
    assert driver.tries_to_start()


@clauses("B-27")
def test_too_many_wrong_pins_lock_the_account_until_the_delivery_centre_reopens_it(assistance_desk, driver, limit):
    """Ten wrong ones in a row: then the right one is refused as well, and nothing reaches the car."""
    theft = assistance_desk.disabled_car()
    tried = assistance_desk.now()
    for _ in range(limit("account_pin_tries")):
        assert assistance_desk.releases(theft, WRONG_PIN) == "wrong PIN"
    assert assistance_desk.releases(theft) == "account locked"
    assistance_desk.expects_no_command(since=tried)
    assert not driver.tries_to_start()
    assistance_desk.reopens()
    released = assistance_desk.now()
    assert assistance_desk.releases(theft) == ""
    assistance_desk.expects_car("RELEASED", released)


@clauses("B-27")
def test_one_wrong_pin_less_does_not_lock_and_a_right_one_begins_the_count_anew(assistance_desk, limit):
    """Nine wrong ones, then the right one; and nine more a second time."""
    theft = assistance_desk.disabled_car()
    for _ in range(limit("account_pin_tries") - 1):
        assert assistance_desk.releases(theft, WRONG_PIN) == "wrong PIN"
    assert assistance_desk.releases(theft) == ""
    assistance_desk.expects_app("immobiliser", theft, "released")
    again = assistance_desk.disabled_car()
    for _ in range(limit("account_pin_tries") - 1):
        assert assistance_desk.releases(again, WRONG_PIN) == "wrong PIN"
    assert assistance_desk.releases(again) == ""


@clauses("B-27", "B-26")
def test_a_car_out_of_reach_is_released_once_it_can_be_reached(assistance_desk, surroundings, driver):
    """The PIN was right, the garage is deep: the signal waits, and the car starts when it has arrived."""
    theft = assistance_desk.disabled_car()
    surroundings.coverage("none")
    assistance_desk.clock.sleep(5 * S)
    released = assistance_desk.now()
    assert assistance_desk.releases(theft) == ""
    assistance_desk.expects_no_command(since=released)
    assert not driver.tries_to_start()
    surroundings.coverage("full")
    assistance_desk.expects_app("immobiliser", theft, "released", since=released, within=60 * S)
    assert driver.tries_to_start()
