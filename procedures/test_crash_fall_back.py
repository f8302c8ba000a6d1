"""Assistance cannot be reached after a crash: it was tried first, then the number of the country answers (B-08)."""

import pytest

from fixtures import clauses
from harness.actors.workshop import at_error
from harness.judge import Quantity
from harness.units import MS, S

pytestmark = clauses("B-08")

SETTLE = 3 * S
"""After the country has changed: cell and receiver have told the car by then."""
SURELY = 1 * S
"""So far before and after the end of the car's patience an operator picks up."""


@pytest.fixture
def emergency_call(emergency_centre, limit):
    """Wait for the call to the emergency number that a crash must lead to."""

    def expect(crashed):
        return emergency_centre.expects_call(
            "crash", within=limit("emergency_number") + limit("connection"), since=crashed
        )

    return expect


@pytest.mark.parametrize("how", ["busy", "unreachable", "rings"])
def test_without_assistance_the_emergency_number_is_called(
    how, car, crash, operator, emergency_centre, emergency_call, surroundings, measure
):
    """Busy, out of reach, or no answer: Assistance first, then the emergency number, in time, once, with a message."""
    getattr(operator, how)()
    land = surroundings.land()
    crashed = crash.happens()
    call = emergency_call(crashed)
    emergency_centre.expects_message(call, automatic=True, at=surroundings.here(), trusted=True)
    *before, last = car.dialled(since=crashed)
    assert {each.data["number"] for each in before} == {land.assistance_number}
    assert last.data["number"] == call.number == land.emergency_number
    clocks = car.bench.uncertainty_between("body", "modem")
    spent = Quantity.between("from crash to emergency number", crashed, last.time, at_error(last), clocks)
    measure(spent, "emergency_number")
    car.stays_quiet()


def test_the_emergency_centre_is_heard_and_hears(driver, crash, operator, emergency_centre, emergency_call, measure):
    """The voices of a call to the emergency number are those of any call for help."""
    operator.unreachable()
    call = emergency_call(crash.happens())
    measure(driver.expects_voice(), "speaker_voice")
    driver.speaks()
    emergency_centre.expects_voice_contact(call)


def test_assistance_that_comes_back_in_time_takes_the_call(car, crash, operator, surroundings):
    """Busy at the first attempt only: Assistance has the call, and the emergency number is left alone."""
    operator.busy()
    crashed = crash.happens()
    car.expects_dialling(since=crashed)
    car.clock.sleep(SETTLE)
    operator.answers()
    operator.expects_call("crash", since=crashed)
    car.stays_quiet()
    assert set(car.numbers_dialled(since=crashed)) == {surroundings.land().assistance_number}


def test_an_operator_may_answer_as_long_as_the_car_waits(car, crash, operator, surroundings, limit):
    """How long the car lets it ring is learnt from its first attempt; an answer just before that is early enough."""
    operator.rings()
    crashed = crash.happens()
    operator.answers(after=ringing(car, crashed) - SURELY)
    call = operator.expects_call("crash", within=limit("emergency_number"), since=crashed)
    car.stays_quiet()
    assert operator.call(call).ended is None
    assert set(car.numbers_dialled(since=crashed)) == {surroundings.land().assistance_number}


def test_an_operator_who_answers_too_late_costs_no_more_than_the_call(car, crash, operator, emergency_call):
    """Just after the car has given up, nobody is left on the line, and the emergency number is called in time."""
    operator.rings()
    crashed = crash.happens()
    operator.answers(after=ringing(car, crashed) + SURELY)
    emergency_call(crashed)
    assert [call.answered for call in operator.calls(since=crashed)] == [None] * len(operator.calls(since=crashed))
    assert all(call.ended for call in operator.calls(since=crashed))


def ringing(car, crashed):
    """How long the car let its first call ring, in ns, once it has given it up."""

    def first(state):
        events = [e for e in car.timeline.events("modem", "call", crashed) if e.data["state"] == state]
        return events[0].time if events else None

    car.expects_dialling(since=crashed)
    assert car.clock.wait(lambda: first("ended") is not None, 90 * S), "the car lets it ring for ever"
    return first("ended") - first("alerting")


def test_every_country_has_its_own_numbers(car, crash, operator, emergency_centre, emergency_call, surroundings, limit):
    """In each country that the bench knows: its own Assistance first, then its own emergency number."""
    operator.unreachable()
    for code, land in surroundings.countries().items():
        surroundings.country(code)
        car.clock.sleep(SETTLE)
        crashed = crash.happens()
        call = emergency_call(crashed)
        numbers = car.numbers_dialled(since=crashed)
        assert (numbers[0], numbers[-1]) == (land.assistance_number, land.emergency_number), code
        assert set(numbers) == {land.assistance_number, land.emergency_number}, code
        emergency_centre.expects_message(call, automatic=True, at=surroundings.here(), trusted=True)
        emergency_centre.hangs_up(call)
        emergency_centre.expects_end(call, within=limit("call_start"))


def test_a_country_without_assistance_has_its_emergency_number(
    car, crash, operator, emergency_centre, emergency_call, surroundings, limit
):
    """Assistance can be reached at home and not abroad: abroad the emergency number answers, at home Assistance."""
    home = surroundings.land()
    operator.reachable_in(*(code for code, land in surroundings.countries().items() if land == home))
    surroundings.country(home.neighbours[0])
    car.clock.sleep(SETTLE)
    crashed = crash.happens()
    call = emergency_call(crashed)
    assert call.number == surroundings.land().emergency_number
    emergency_centre.hangs_up(call)
    emergency_centre.expects_end(call, within=limit("call_start"))
    surroundings.country(next(code for code, land in surroundings.countries().items() if land == home))
    car.clock.sleep(SETTLE)
    crashed = crash.happens()
    assert operator.expects_call("crash", since=crashed).number == home.assistance_number
    assert car.numbers_dialled(since=crashed) == [home.assistance_number]


@pytest.mark.parametrize(("here", "there"), [("GB", "FR"), ("FR", "GB"), ("HK", "CN"), ("CN", "HK")])
def test_a_border_crossed_while_redialling_changes_the_number(
    here, there, car, crash, operator, emergency_centre, emergency_call, surroundings
):
    """The number is that of the country at the moment of dialling, not of the country of the crash."""
    surroundings.country(here)
    car.clock.sleep(SETTLE)
    before = surroundings.land()
    operator.unreachable()
    crashed = crash.happens()
    car.expects_dialling(before.assistance_number, since=crashed)
    car.clock.sleep(100 * MS)
    surroundings.country(there)
    crossed, after = car.now(), surroundings.land()
    assert after.emergency_number != before.emergency_number
    call = emergency_call(crashed)
    emergency_centre.expects_message(call, automatic=True, at=surroundings.here())
    assert set(car.numbers_dialled(since=crashed, until=crossed)) == {before.assistance_number}
    assert set(car.numbers_dialled(since=crossed)) == {after.assistance_number, after.emergency_number}
    assert call.number == after.emergency_number


def test_a_border_crossed_without_coverage_changes_the_number(car, crash, operator, surroundings, limit):
    """The crash is in one country, the first cell that the car finds afterwards in the next: that one's Assistance."""
    surroundings.country("GB")
    car.clock.sleep(SETTLE)
    surroundings.coverage("none")
    surroundings.country("FR", after=10 * S)
    surroundings.coverage("full", after=20 * S)
    crashed = crash.happens()
    call = operator.expects_call("crash", within=20 * S + limit("connection") + limit("msd_delay"), since=crashed)
    assert call.number == surroundings.countries()["FR"].assistance_number
    operator.expects_message(call, automatic=True, at=surroundings.here())
    assert car.numbers_dialled(since=crashed + 20 * S - 100 * MS) == [call.number]
