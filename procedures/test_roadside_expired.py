"""The agreement has run out: help comes all the same, once the owner has agreed to its price (B-19)."""

import pytest

from fixtures import clauses
from harness.actors import Button
from harness.actors.roadside import anniversary
from harness.errors import BenchError
from harness.units import MIN, MS

pytestmark = clauses("B-19")

SURELY = 100 * MS
"""Longer than the hold of the manual by this much, a press by relay counts."""


@pytest.fixture
def expired(roadside):
    """A car of five years that was never serviced, on a market."""

    def bought(market="SE"):
        assert roadside.bought(anniversary(roadside.today(), -5), market).standing == "expired"

    bought()
    return bought


@pytest.fixture
def case_by_app(expired, owner, operator):  # noqa: ARG001  the agreement must have run out before
    """The app asks for help, and the operator decides on a tow truck."""
    case = owner.asks_for("flat_tyre")
    operator.hands_over(case, "tow")
    return case


def test_the_price_is_shown_and_nothing_sets_off_before_the_owner_agrees(case_by_app, roadside, operator):
    """Three minutes of silence are no consent; the word of the owner is, and the bill is what was shown."""
    price = roadside.expects_price(case_by_app)
    roadside.clock.sleep(3 * MIN)
    roadside.expects_not_sent(case_by_app)
    assert roadside.cost(case_by_app) == -1
    agreed = roadside.accepts(case_by_app)
    assert roadside.expects_sent(case_by_app).time >= agreed
    assert roadside.cost(case_by_app) == price.help
    assert operator.case(case_by_app)["services"] == ["tow"]


def test_who_declines_is_sent_nothing_and_owes_nothing(case_by_app, roadside, operator):
    """The case stays open for another decision, and no help comes of an answer that was no."""
    roadside.expects_price(case_by_app)
    roadside.declines(case_by_app)
    roadside.expects_not_sent(case_by_app)
    assert roadside.cost(case_by_app) == -1
    assert operator.case(case_by_app)["closed"] is None


def test_who_changes_his_mind_is_asked_anew(case_by_app, roadside, operator):
    """A declined offer cannot be accepted any more; a new decision of the operator is a new offer."""
    roadside.declines(case_by_app)
    with pytest.raises(BenchError, match="409"):
        roadside.accepts(case_by_app)
    operator.hands_over(case_by_app, "tow")
    roadside.expects_not_sent(case_by_app)
    roadside.accepts(case_by_app)
    roadside.expects_sent(case_by_app)


@pytest.mark.usefixtures("expired")
def test_by_on_call_the_price_is_told_before_help_is_sent_as_well(roadside, driver, operator):
    """The button in the roof is no way around it."""
    press = driver.hold(Button.ON_CALL, Button.ON_CALL.hold + SURELY)
    case = operator.case(operator.expects_call("on_call", since=press.start))
    operator.hands_over(case, "tow")
    roadside.expects_price(case)
    roadside.expects_not_sent(case)
    roadside.accepts(case)
    roadside.expects_sent(case)


def test_recovery_costs_extra_without_an_agreement_and_nothing_with_one(case_by_app, roadside, owner, operator):
    """As much as was shown beside the price of help; within the agreement neither costs anything."""
    price = roadside.expects_price(case_by_app)
    roadside.accepts(case_by_app)
    roadside.recovers(case_by_app)
    assert roadside.cost(case_by_app) == price.help + price.recovery
    roadside.bought(anniversary(roadside.today(), -1))
    free = owner.asks_for("breakdown")
    operator.hands_over(free, "tow")
    roadside.recovers(free)
    roadside.expects_free(free)


def test_each_market_has_a_price_in_its_own_money(expired, roadside, owner, operator):
    """What the owner is shown is what help costs where the car was sold."""
    prices = []
    for market in ("SE", "GB"):
        expired(market)
        case = owner.asks_for("flat_tyre")
        operator.hands_over(case, "tow")
        prices.append(roadside.expects_price(case))
    assert [price.currency for price in prices] == ["SEK", "GBP"]


@pytest.mark.usefixtures("expired")
@pytest.mark.parametrize("service", ["ambulance", "police"])
def test_an_emergency_waits_for_nobody_s_money(service, driver, operator, surroundings):
    """Help for people is sent at once, also where a case of ON CALL turns out to be one."""
    press = driver.hold(Button.ON_CALL, Button.ON_CALL.hold + SURELY)
    operator.hands_over(operator.expects_call("on_call", since=press.start), service)
    operator.expects_case_at(service, surroundings.here())
    assert operator.timeline.events("assistance", "quote") == []


@pytest.mark.usefixtures("expired")
def test_a_tow_truck_after_sos_waits_for_nobody_s_money(driver, operator, surroundings):
    """An emergency is no matter of the agreement."""
    press = driver.hold(Button.SOS, Button.SOS.hold + SURELY)
    operator.hands_over(operator.expects_call("sos", since=press.start), "tow")
    operator.expects_case_at("tow", surroundings.here())
    assert operator.timeline.events("assistance", "quote") == []
