"""Roadside help is free from the purchase to its third anniversary, that day included (B-17)."""

from datetime import date, timedelta

import pytest

from fixtures import clauses
from harness.actors import Button
from harness.actors.roadside import anniversary
from harness.units import MS

pytestmark = clauses("B-17")

SURELY = 100 * MS
"""Longer than the hold of the manual by this much, a press by relay counts."""
DAY = timedelta(days=1)


@pytest.fixture
def third_anniversary(roadside, limit):
    """Let the third anniversary of the purchase be so many days from today."""

    def bought(days_away):
        return roadside.bought(anniversary(roadside.today() + days_away * DAY, -limit("free_roadside_years")))

    return bought


@pytest.mark.parametrize("days_left", [1, 0], ids=["the day before", "the day itself"])
def test_help_is_free_up_to_the_third_anniversary(days_left, third_anniversary, roadside, owner, operator):
    """Nobody is asked for money, the tow truck comes, and the bill is empty."""
    agreement = third_anniversary(days_left)
    assert agreement.standing == "included"
    assert agreement.included_until - agreement.today == days_left * DAY
    case = owner.asks_for("flat_tyre")
    operator.hands_over(case, "tow")
    roadside.expects_free(case)


def test_help_is_no_longer_free_on_the_day_after(third_anniversary, roadside, owner, operator):
    """Three years and a day, never serviced: the purchase does not pay any more."""
    agreement = third_anniversary(-1)
    assert agreement.standing == "expired"
    case = owner.asks_for("flat_tyre")
    operator.hands_over(case, "tow")
    roadside.expects_not_sent(case)
    roadside.expects_price(case)


def test_on_call_is_as_free_as_the_app_is(third_anniversary, roadside, driver, operator):
    """The last free day, by the button in the roof."""
    third_anniversary(0)
    press = driver.hold(Button.ON_CALL, Button.ON_CALL.hold + SURELY)
    case = operator.case(operator.expects_call("on_call", since=press.start))
    operator.hands_over(case, "tow")
    roadside.expects_free(case)


@pytest.mark.parametrize(
    ("purchased", "last_day"),
    [
        (date(2023, 6, 15), date(2026, 6, 15)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2024, 2, 28), date(2027, 2, 28)),
        (date(2024, 3, 1), date(2027, 3, 1)),
        (date(2025, 2, 28), date(2028, 2, 28)),
        (date(2025, 3, 1), date(2028, 3, 1)),
        (date(2023, 12, 31), date(2026, 12, 31)),
    ],
    ids=str,
)
def test_three_years_end_on_the_day_of_the_purchase(purchased, last_day, roadside):
    """To the day, leap year or not; from the 29th of February to the last of February."""
    assert roadside.bought(purchased).included_until == last_day
