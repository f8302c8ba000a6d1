"""From which hold on SOS and ON CALL call: found by bisection, and tried from there on (B-10, B-14)."""

import pytest

from fixtures import clauses
from harness.actors import Button
from harness.judge import Trial, bisect_threshold
from harness.units import MS, US, pretty

pytestmark = pytest.mark.parametrize(
    "button", [pytest.param(Button.SOS, marks=clauses("B-10")), pytest.param(Button.ON_CALL, marks=clauses("B-14"))]
)

BRACKET = 50 * MS
"""Bisection begins so far on both sides of the hold that the manual asks for."""
RESOLUTION = 100 * US
"""And ends here: its uncertainty is then like that of the scope's timebase, and a tenth of the tolerance."""


def test_the_hold_threshold_is_the_manual_s(button, driver, car, operator, measure, limit):
    """Pulses of the generator, measured on the line, close in on the shortest hold that calls."""
    operator.answers(after=0)

    def press(duration):
        press = driver.hold(button, duration, by="generator")
        dialled = driver.clock.wait(lambda: bool(car.dialled(since=press.start)), limit("call_start"))
        if dialled:
            operator.hangs_up(operator.expects_call(since=press.start))
            car.expects("TCU_Call.State", "CALLBACK_WAIT", within=limit("call_start"))
        return Trial(press.measured, dialled)

    threshold = bisect_threshold(press, button.hold - BRACKET, button.hold + BRACKET, RESOLUTION, f"{button} threshold")
    measure(threshold, "sos_hold" if button is Button.SOS else "on_call_hold")


@pytest.mark.parametrize("longer_by", [0, 1 * MS, 10 * MS], ids=pretty)
def test_a_hold_as_long_or_longer_calls_once(button, driver, measure, limit, one_call_comes_of, longer_by):
    """At the hold itself no instrument can tell a little more from a little less: the tolerance below it decides."""
    press = driver.hold(button, button.hold + longer_by, by="generator")
    assert measure(press.measured) > button.hold + longer_by - limit("hold_tolerance")
    one_call_comes_of(press)


def test_a_press_by_a_relay_calls_as_well(button, driver, measure, one_call_comes_of):
    """A contact that bounces when it closes, as a finger's does, counts from its first edge."""
    press = driver.hold(button, button.hold + BRACKET, by="relay")
    assert measure(press.measured) > button.hold
    one_call_comes_of(press)
