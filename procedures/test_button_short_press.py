"""SOS and ON CALL pressed for too short a time: nothing at all happens (B-10, B-14)."""

import pytest

from fixtures import clauses, procedure
from harness.actors import Button
from harness.units import MS, S, pretty

pytestmark = pytest.mark.parametrize(
    "button",
    [
        pytest.param(Button.SOS, marks=[clauses("B-10"), procedure("sos-short-press")]),
        pytest.param(Button.ON_CALL, marks=[clauses("B-14"), procedure("on-call-short-press")]),
    ],
)

SURELY = 50 * MS
"""So far from the hold of the manual, a press is on one side of it whatever the chatter adds to its uncertainty."""


@pytest.mark.parametrize("short_by", [1 * S, 100 * MS, 10 * MS, 1 * MS], ids=pretty)
def test_a_shorter_hold_does_nothing_at_all(button, driver, measure, nothing_comes_of, short_by):
    """A press that the scope measured as too short: no request on CAN, no dialling, no call."""
    press = driver.hold(button, button.hold - short_by, by="generator")
    assert measure(press.measured) < button.hold
    nothing_comes_of(press)


def test_a_shorter_press_by_a_relay_does_nothing_either(button, driver, measure, nothing_comes_of):
    """Pressed as a finger does: the scope, not the tester's clock, says that it was too short."""
    press = driver.hold(button, button.hold - SURELY, by="relay")
    assert measure(press.measured) < button.hold
    nothing_comes_of(press)


def test_chatter_does_not_lengthen_a_hold(button, measure, chattering_press, nothing_comes_of):
    """A press that is too short stays so, wherever its contact chatters."""
    press = chattering_press(button, button.hold - SURELY)
    assert measure(press.measured) < button.hold
    nothing_comes_of(press)


def test_two_short_presses_do_not_add_up(button, driver, measure, limit, nothing_comes_of):
    """Two presses, together longer than the hold and apart for longer than any chatter, are two short presses."""
    first, second = driver.presses(button, button.hold - 500 * MS, count=2, pause=4 * limit("contact_bounce"))
    assert measure(first.measured, name="first press") < button.hold
    assert measure(second.measured, name="second press") < button.hold
    nothing_comes_of(first)
