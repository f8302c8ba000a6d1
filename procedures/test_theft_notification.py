"""An alarm tells the owner: message, then push, each once, to whom it concerns (B-32)."""

import pytest

from fixtures import clauses
from harness.units import S

pytestmark = clauses("B-32")


@pytest.mark.parametrize("break_in", ["breaks_in", "forces_bonnet", "tilts"])
def test_an_alarm_sends_a_message_and_after_it_a_push(thief, theft_desk, break_in):
    """Whatever set it off: a door, the bonnet, the car's inclination."""
    thief.finds_it_locked()
    alarm = getattr(thief, break_in)()
    theft_desk.expects_both_in_order(since=alarm)


def test_a_battery_that_is_cut_is_an_alarm(thief, theft_desk):
    """The telematics unit has a battery of its own, and needs it for a few seconds only."""
    thief.finds_it_locked()
    cut = thief.disconnects_battery()
    theft_desk.expects_both_in_order(since=cut)


def test_the_message_goes_to_the_number_that_is_registered(thief, theft_desk):
    """The delivery centre has registered the number of phone 2: the message is there, the push on the owner's phone."""
    theft_desk.registers(theft_desk.number_of(2))
    thief.finds_it_locked()
    alarm = thief.breaks_in()
    theft_desk.expects_both_in_order(since=alarm, phone=2)


def test_a_locked_car_in_peace_tells_nobody(thief, theft_desk):
    """Arming is no alarm."""
    armed = thief.finds_it_locked()
    theft_desk.expects_silence(since=armed)


def test_a_door_of_a_car_that_is_not_locked_tells_nobody(thief, theft_desk):
    """An alarm that is not armed watches nothing."""
    opened = thief.breaks_in()
    thief.tilts()
    theft_desk.expects_silence(since=opened)


def test_an_alarm_without_coverage_is_told_once_there_is_some(thief, theft_desk, surroundings):
    """Nothing arrives from the garage, and everything from its exit on."""
    thief.finds_it_locked()
    surroundings.coverage("none")
    alarm = thief.breaks_in()
    theft_desk.expects_silence(since=alarm, lasting=45 * S)
    surroundings.coverage("full")
    back = theft_desk.now()
    theft_desk.expects_both_in_order(since=back)


def test_a_second_break_in_is_told_as_well(thief, theft_desk, keys):
    """Once the owner has come, looked, and locked again."""
    thief.finds_it_locked()
    first = thief.breaks_in()
    theft_desk.expects_both_in_order(since=first)
    thief.leaves()
    keys.near(1)
    keys.unlocks(1)
    thief.finds_it_locked()
    second = thief.breaks_in("passenger")
    theft_desk.expects_both_in_order(since=second)
