"""SOS: from the hold on the line to the call, its message and the voices in it (B-04, B-09, B-10)."""

import pytest

from fixtures import clauses
from harness.actors import Button
from harness.catalogue import limit
from harness.judge import Quantity, Trial, bisect_threshold
from harness.units import MS, US, S


@clauses("B-09", "B-04", "B-10")
def test_holding_sos_calls_assistance_once_with_the_car_s_position(driver, car, operator, surroundings, measure):
    press = driver.hold(Button.SOS, limit("sos_hold") + 1 * MS, by="generator")
    call = operator.expects_one_call("sos", since=press.start)
    operator.expects_message(call, automatic=False, at=surroundings.here(), trusted=True)
    dialled = car.dialled(since=press.start)
    assert [each.data["number"] for each in dialled] == [call.number]
    assert press.measured >= limit("sos_hold")
    measure(press.measured)
    begun = press.start + limit("sos_hold")
    measure(Quantity.between("from hold to dialling", begun, dialled[0].time, 10 * MS), "call_start")


@clauses("B-10")
@pytest.mark.parametrize("short_by", [1 * S, 100 * MS, 10 * MS, 1_500 * US], ids=lambda ns: f"{ns / MS:g} ms")
def test_a_shorter_press_does_nothing(driver, car, operator, measure, short_by):
    press = driver.hold(Button.SOS, limit("sos_hold") - short_by, by="generator")
    car.stays_quiet(since=press.start)
    operator.expects_no_call(since=press.start)
    assert measure(press.measured) < limit("sos_hold")


@clauses("B-10")
def test_the_hold_that_counts_is_two_seconds(driver, car, operator, measure):
    def press(duration):
        held = driver.hold(Button.SOS, duration, by="generator")
        car.bench.clock.sleep(500 * MS)
        acted = car.bench.timeline.was("OHC_Status.Sos", "REQUESTED", since=held.start)
        if acted:
            operator.hangs_up(operator.expects_call(since=held.start))
            car.expects("TCU_Call.State", "CALLBACK_WAIT", 10 * S)
        return Trial(held.measured, acted)

    hold = limit("sos_hold")
    measure(bisect_threshold(press, hold - 500 * MS, hold + 500 * MS, 100 * US, "SOS hold threshold"), "sos_hold")
