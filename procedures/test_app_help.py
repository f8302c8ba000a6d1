"""Help asked for in the app: what Assistance is told, each time, and where nobody knows the position (B-15)."""

import pytest

from fixtures import clauses
from harness.actors import Button
from harness.units import MS

pytestmark = clauses("B-15")

SURELY = 100 * MS
"""Longer than the hold of the manual by this much, a press by relay counts."""
DRIVEN = 0.02
"""Degrees between two places, about 2 km: many times the accuracy of a position."""


@pytest.fixture
def drive_on(surroundings):
    """Move the car some kilometres north; returns where it is then."""

    def drive():
        here = surroundings.here()
        return surroundings.moves(here.latitude + DRIVEN, here.longitude)

    return drive


@pytest.mark.parametrize("kind", ["flat_tyre", "no_fuel", "dead_battery", "breakdown", "lost_key", "other"])
def test_assistance_is_told_what_is_wanted_and_where_and_for_which_car(kind, owner, operator, car, drive_on):
    """One open case of that kind, at the car's position and with its VIN; the car itself calls nobody."""
    place = drive_on()
    asked = owner.now()
    case = owner.asks_for(kind)
    car.stays_quiet(since=asked)
    kept = operator.case(case)
    assert (kept["origin"], kept["kind"], kept["closed"]) == ("app", kind, None)
    operator.expects_near("the case", kept["position"], place)
    assert kept["vin"] == car.identity()["telematics"].vin


def test_the_app_opens_the_same_kind_of_case_as_on_call(owner, driver, operator, car, surroundings, limit):
    """Same car, same place, no alarm for want of a voice, and the tow truck comes for both."""
    press = driver.hold(Button.ON_CALL, Button.ON_CALL.hold + SURELY)
    by_button = operator.case(operator.expects_call("on_call", since=press.start))
    by_app = owner.asks_for("flat_tyre")
    assert by_app["id"] != by_button["id"]
    assert by_app["vin"] == by_button["vin"]
    for case in (by_button, by_app):
        operator.expects_near("the case", case["position"], surroundings.here())
        operator.hands_over(case, "tow")
    operator.expects_case_at("tow", surroundings.here())
    car.stays_quiet(limit("silence_alert"))
    told = [event.data["case"] for event in car.timeline.events("tow", "case")]
    assert told == [by_button["id"], by_app["id"]]
    assert car.timeline.events("emergency", "alert") == []


def test_each_request_is_a_case_of_its_own(owner, operator, drive_on):
    """Asked again further on, for something else: two cases, each with its kind and its place; the app lists both."""
    wanted = [("no_fuel", drive_on())]
    cases = [owner.asks_for("no_fuel")]
    wanted.append(("flat_tyre", drive_on()))
    cases.append(owner.asks_for("flat_tyre"))
    assert cases[0]["id"] != cases[1]["id"]
    for case, (kind, place) in zip(cases, wanted, strict=True):
        kept = operator.case(case)
        assert kept["kind"] == kind
        operator.expects_near(f"the case of {kind}", kept["position"], place)
    listed = [(request["kind"], request["case"]["id"]) for request in owner.requests()]
    assert listed == [(kind, case["id"]) for case, (kind, _) in zip(cases, wanted, strict=True)]


def test_without_a_position_help_is_asked_for_all_the_same(owner, surroundings):
    """Under a roof nobody knows where the car is: the case says so, and neither guesses nor tells an older place."""
    owner.asks_for("flat_tyre")
    surroundings.loses_position()
    assert owner.asks_for("dead_battery")["position"] is None
    surroundings.finds_position()
    owner.expects_near("the case", owner.asks_for("dead_battery")["position"], surroundings.here())


def test_the_owner_can_tell_where_help_is_needed(owner, surroundings):
    """A place told in the app counts, whatever the satellites say."""
    surroundings.loses_position()
    there = (surroundings.here().latitude + DRIVEN, surroundings.here().longitude)
    owner.expects_near("the case", owner.asks_for("no_fuel", there)["position"], there)
