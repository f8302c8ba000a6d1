"""The key ends the theft service: between message and push, during tracking, with coverage or without (B-34)."""

import pytest

from fixtures import clauses
from harness.units import S

pytestmark = clauses("B-34")

INTERVAL = 10 * S
"""Agreed rate of these tests: short, so that little time has to pass."""


@pytest.fixture
def robbed(thief):
    """The instant of a break-in into the locked car."""
    thief.finds_it_locked()
    return thief.breaks_in()


def test_the_key_between_message_and_push_stops_the_push(robbed, theft_desk, keys):
    """The owner has read the message, comes running, and presses the key."""
    theft_desk.expects("message", since=robbed)
    keys.near(1)
    disarmed = keys.unlocks(1)
    theft_desk.expects_silence(disarmed, "push")


@pytest.mark.usefixtures("robbed")
def test_the_key_right_after_the_alarm_stops_message_and_push(theft_desk, keys, limit):
    """Somebody opens a locked car from within, and presses the key at once."""
    keys.near(1)
    disarmed = keys.unlocks(1)
    theft_desk.expects_silence(disarmed + limit("theft_interrupted"))


@pytest.mark.usefixtures("robbed")
def test_the_key_ends_tracking(theft_desk, keys, car, limit):
    """No position follows, and the car says that nobody tracks it."""
    theft = theft_desk.asks_where()
    start = theft_desk.finds(theft, unauthorised=True, interval=INTERVAL)
    theft_desk.expects_sightings(2, since=start, within=limit("tracking_start") + 2 * INTERVAL)
    assert car.state("TCU_Services.Tracking") == "ON"
    keys.near(1)
    disarmed = keys.unlocks(1)
    car.expects("TCU_Services.Tracking", "OFF", within=limit("theft_interrupted"), since=disarmed)
    theft_desk.expects_no_sightings(since=disarmed + limit("theft_interrupted"), lasting=4 * INTERVAL)


@pytest.mark.usefixtures("robbed")
def test_without_coverage_the_key_ends_tracking_in_the_car(theft_desk, keys, surroundings, limit):
    """What the car had no coverage to send is private again, and is not sent later."""
    theft = theft_desk.asks_where()
    start = theft_desk.finds(theft, unauthorised=True, interval=INTERVAL)
    theft_desk.expects_sightings(1, since=start, within=limit("tracking_start"))
    surroundings.coverage("none")
    theft_desk.clock.sleep(2 * INTERVAL)
    keys.near(1)
    disarmed = keys.unlocks(1)
    theft_desk.clock.sleep(2 * INTERVAL)
    surroundings.coverage("full")
    theft_desk.expects_no_sightings(since=disarmed, lasting=limit("theft_message"))


def test_unlocking_from_afar_does_not_end_it(robbed, theft_desk, assistance_desk, doors, limit):
    """Who unlocks by Assistance is not at the car with a key: the owner still gets the push."""
    message = theft_desk.expects("message", since=robbed)
    assistance_desk.unlocks(handle_time=60 * S)
    doors.press_handle()
    theft_desk.expects("push", since=robbed, within=message.time - robbed + limit("theft_push"))


def test_switching_off_an_alarm_that_was_none_tells_nobody(thief, theft_desk, keys):
    """Lock, unlock, open, lock: a day like any other."""
    start = thief.finds_it_locked()
    keys.near(1)
    keys.unlocks(1)
    thief.breaks_in()
    thief.leaves()
    thief.finds_it_locked()
    theft_desk.expects_silence(since=start)
