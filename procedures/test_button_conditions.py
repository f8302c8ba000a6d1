"""SOS and ON CALL in every ignition position, while the knob is turned, and from 9 V to 16 V (B-09, B-10, B-14)."""

import pytest

from fixtures import clauses
from harness.actors import Button, Ignition
from harness.catalogue import load
from harness.units import MS

pytestmark = pytest.mark.parametrize(
    "button",
    [pytest.param(Button.SOS, marks=clauses("B-09", "B-10")), pytest.param(Button.ON_CALL, marks=clauses("B-14"))],
)

SURELY = 100 * MS
"""So far from the hold of the manual, a press is on one side of it even where the host alone timed it."""


def volts(name):
    """A battery voltage of the catalogue, in V."""
    return load().limit(name).number


@pytest.mark.parametrize("ignition", Ignition)
def test_the_button_calls_in_every_ignition_position(button, driver, operator, measure, ignition):
    """Off, I, II and running: help can always be called."""
    driver.ignition(ignition)
    press = driver.hold(button, button.hold + SURELY)
    assert measure(press.measured) > button.hold
    operator.expects_call(button.trigger, since=press.start)


@pytest.mark.parametrize(
    ("before", "after"),
    [(Ignition.OFF, Ignition.II), (Ignition.II, Ignition.RUNNING), (Ignition.RUNNING, Ignition.OFF)],
    ids=str,
)
def test_turning_the_ignition_does_not_break_a_hold(button, driver, car, operator, measure, before, after):
    """The knob is turned while the button is held: the hold goes on, and calls once."""
    driver.ignition(before)
    start = driver.press_and_keep(button)
    driver.clock.sleep(button.hold // 2)
    driver.ignition(after)
    driver.clock.sleep(start + button.hold + SURELY - driver.now())
    press = driver.release(button)
    assert measure(press.measured) > button.hold
    operator.expects_call(button.trigger, since=start)
    assert len(car.dialled(since=start)) == 1
    assert len(car.requests(since=start)) == 1


@pytest.mark.parametrize("supply", ["battery_low", "battery_high"])
def test_the_hold_is_the_same_at_every_battery_voltage(button, driver, car, operator, measure, limit, supply):
    """A short press does nothing and a full one calls, at the lowest and at the highest voltage."""
    car.power(volts(supply))
    short = driver.hold(button, button.hold - 10 * MS, by="generator")
    assert measure(short.measured, name="short press") < button.hold
    car.stays_quiet(limit("call_start"), since=short.start)
    assert car.requests(since=short.start) == []
    press = driver.hold(button, button.hold + 10 * MS, by="generator")
    assert measure(press.measured, name="full press") > button.hold
    operator.expects_call(button.trigger, since=press.start)


def test_a_battery_dip_does_not_break_a_hold(button, driver, car, operator, measure):
    """The battery dips to its lowest voltage and recovers while the button is held, as when the engine starts."""
    start = driver.press_and_keep(button)
    driver.clock.sleep(button.hold // 4)
    car.power(volts("battery_low"))
    driver.clock.sleep(button.hold // 4)
    car.power()
    driver.clock.sleep(start + button.hold + SURELY - driver.now())
    press = driver.release(button)
    assert measure(press.measured) > button.hold
    operator.expects_call(button.trigger, since=start)
    assert len(car.dialled(since=start)) == 1
