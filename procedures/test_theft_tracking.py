"""A stolen car is tracked: on whose word, how often, how truly, and who is told (B-33)."""

from fixtures import clauses
from harness.msd import metres_between
from harness.units import S

pytestmark = clauses("B-33")

INTERVAL = 10 * S
"""Agreed rate of the tests that need not wait for the catalogue's."""


def test_positions_come_at_the_agreed_rate_and_the_police_know(theft_desk, operator, surroundings, limit):
    """By the times at which they were taken; the police have the case once, and where the car is."""
    here = surroundings.here()
    start = theft_desk.finds(theft_desk.asks_where(), unauthorised=True)
    interval = limit("tracking_interval")
    theft_desk.expects_sightings(1, since=start, within=limit("tracking_start"))
    operator.expects_case_at("police", here, since=start)
    seen = theft_desk.expects_sightings(4, since=start, within=3 * interval + limit("tracking_start"))
    theft_desk.expects_rate(seen, interval)
    assert len(theft_desk.timeline.events("police", "case", start)) == 1


def test_positions_follow_the_car(thief, theft_desk, surroundings, limit):
    """Ten kilometres to the north: each position is where the car was when it was taken, and vouched for."""
    here = surroundings.here()
    start = theft_desk.finds(theft_desk.asks_where(), unauthorised=True, interval=INTERVAL)
    theft_desk.expects_sightings(1, since=start, within=limit("tracking_start"))
    there = thief.drives_off(north=0.09, lasting=60 * S, steps=3)
    arrived = theft_desk.now()
    seen = theft_desk.expects_sightings(9, since=start, within=3 * INTERVAL)
    theft_desk.expects_rate(seen, INTERVAL)
    assert all(each.trusted for each in seen)
    theft_desk.expects_near("the first position", seen[0]._asdict(), here)
    theft_desk.expects_near("the last position", seen[-1]._asdict(), there)
    assert seen[-1].taken > arrived
    way = [metres_between(each.latitude, each.longitude, *here) for each in seen]
    assert way == sorted(way), "the car drove straight on; its positions go to and fro"


def test_positions_of_a_gap_come_later_with_their_own_times(theft_desk, surroundings, limit):
    """A tunnel: none arrives, none is lost, none is invented."""
    start = theft_desk.finds(theft_desk.asks_where(), unauthorised=True, interval=INTERVAL)
    theft_desk.expects_sightings(1, since=start, within=limit("tracking_start"))
    surroundings.coverage("none")
    lost = theft_desk.now()
    theft_desk.expects_no_sightings(since=lost + limit("theft_interrupted"), lasting=45 * S)
    surroundings.coverage("full")
    seen = theft_desk.expects_sightings(7, since=start, within=60 * S)
    theft_desk.expects_rate(seen, INTERVAL)


def test_without_satellites_the_last_place_is_told_with_its_time_and_without_trust(theft_desk, surroundings, limit):
    """A cellar: whoever follows the car must not take the entrance for the place where it is now."""
    surroundings.loses_position()
    lost = theft_desk.now()
    theft_desk.clock.sleep(5 * S)
    start = theft_desk.finds(theft_desk.asks_where(), unauthorised=True, interval=INTERVAL)
    seen = theft_desk.expects_sightings(3, since=start, within=limit("tracking_start") + 2 * INTERVAL)
    assert not any(each.trusted for each in seen)
    assert max(each.taken for each in seen) <= lost + limit("tracking_jitter")


def test_a_car_in_the_right_hands_is_not_tracked(theft_desk, car, limit):
    """The operator finds that a friend has it: no position, no police."""
    start = theft_desk.finds(theft_desk.asks_where(), unauthorised=False)
    theft_desk.expects_no_sightings(since=start, lasting=2 * limit("tracking_start"))
    assert car.state("TCU_Services.Tracking") == "OFF"
    assert theft_desk.timeline.events("police", "case", start) == []


def test_a_wrong_pin_learns_nothing(theft_desk):
    """Nobody but the owner, or who is authorised, may ask where the car is."""
    before = theft_desk.thefts()
    assert not theft_desk.may_ask(pin="0000")
    assert theft_desk.thefts() == before


def test_an_alarm_alone_does_not_track(thief, theft_desk, limit):
    """Tracking is asked for; an alarm only tells."""
    thief.finds_it_locked()
    alarm = thief.breaks_in()
    theft_desk.expects("message", since=alarm)
    theft_desk.expects_no_sightings(since=alarm, lasting=limit("tracking_start"))
    assert not theft_desk.may_track(theft_desk.thefts()[-1])
