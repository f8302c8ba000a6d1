"""Crash calls that break, come late or are called back: somebody is reached and told where (B-02, B-04, B-05, B-08)."""

import pytest

from fixtures import clauses
from harness.units import S

AWAY = 40 * S
"""How long there is no coverage after the crash."""


@clauses("B-08", "B-04", "B-05")
@pytest.mark.parametrize("after", [1 * S, 15 * S], ids=["before the message", "in the conversation"])
def test_a_call_that_breaks_is_dialled_again(after, driver, car, crash, operator, surroundings):
    """Assistance is called again at once, has the message again, and the voices find each other again."""
    operator.drops(after=after)
    crashed = crash.happens()
    first = operator.expects_call(since=crashed)
    operator.drops(None)
    lost = operator.expects_end(first, within=after + 5 * S)
    assert lost.end_reason == "lost"
    second = operator.expects_call("crash", since=lost.ended)
    operator.expects_message(second, automatic=True, at=surroundings.here(), trusted=True)
    driver.expects_voice()
    driver.speaks()
    operator.expects_voice_contact(second)
    assert car.numbers_dialled(since=crashed) == [first.number, second.number]
    assert second.number == surroundings.land().assistance_number
    assert operator.case(second)["id"] == operator.case(first)["id"]


@clauses("B-08")
def test_a_line_that_always_breaks_leads_to_the_emergency_number(car, crash, operator, emergency_centre, limit):
    """Each call to Assistance is lost before a word: that, too, means that it cannot be reached."""
    operator.drops(after=1 * S)
    crashed = crash.happens()
    within = limit("emergency_number") + limit("connection")
    call = emergency_centre.expects_call("crash", within=within, since=crashed)
    assert car.numbers_dialled(since=crashed)[-1] == call.number


@clauses("B-04", "B-05")
@pytest.mark.parametrize("centre", ["assistance", "emergency"])
def test_a_call_back_is_answered_with_voices_and_a_new_message(
    centre, driver, car, crash, operator, emergency_centre, surroundings, limit
):
    """Whoever took the call rings the car later: it answers by itself, says anew where it is, and both are heard."""
    if centre == "emergency":
        operator.unreachable()
    taker = operator if centre == "assistance" else emergency_centre
    crashed = crash.happens()
    within = limit("emergency_number") + limit("connection")
    call = taker.expects_call("crash", within=within, since=crashed)
    said = taker.expects_message(call, automatic=True)
    taker.hangs_up(call)
    taker.expects_end(call, within=limit("call_start"))
    surroundings.moves(57.70, 11.90)
    car.clock.sleep(10 * S)
    rung = taker.calls_back()
    back = taker.expects_call(since=rung)
    assert back.direction == "mt"
    again = taker.expects_message(back, automatic=True, at=surroundings.here())
    assert again.message_id != said.message_id
    driver.expects_voice()
    driver.speaks()
    taker.expects_voice_contact(back)
    assert car.numbers_dialled(since=rung) == []


@clauses("B-02", "B-04")
def test_a_crash_without_coverage_calls_when_it_is_back(car, crash, operator, surroundings, limit):
    """40 s after the crash there is a network again: the call is made then, as soon as any other."""
    surroundings.coverage("none")
    surroundings.coverage("full", after=AWAY)
    crashed = crash.happens()
    call = operator.expects_call("crash", within=AWAY + limit("connection") + limit("msd_delay"), since=crashed)
    operator.expects_message(call, automatic=True, at=surroundings.here(), trusted=True)
    assert call.answered - (crashed + AWAY) <= limit("connection")
    assert set(car.numbers_dialled(since=crashed)) == {surroundings.land().assistance_number}


@clauses("B-08")
def test_help_is_reached_over_a_weak_network(car, crash, operator, emergency_centre, surroundings, limit):
    """At the edge of the cell calls get lost: Assistance is tried first, and somebody is reached in time."""
    surroundings.coverage("weak")
    car.clock.sleep(5 * S)
    crashed = crash.happens()
    within = limit("emergency_number") + limit("connection")

    def taken():
        return [call for centre in (operator, emergency_centre) for call in centre.calls(crashed) if call.answered]

    assert crash.until(lambda: bool(taken()), within), "nobody was reached"
    assert len(taken()) == 1
    call = taken()[0]
    centre = operator if call.target == "assistance" else emergency_centre
    centre.expects_message(call, automatic=True, at=surroundings.here(), trusted=True)
    assert car.numbers_dialled(since=crashed)[0] == surroundings.land().assistance_number
