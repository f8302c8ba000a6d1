"""Contacts that chatter, stick or are pressed again: still one call, or none (B-10, B-14)."""

import pytest

from fixtures import clauses, trouble_codes
from harness.actors import Button
from harness.units import MS, S

pytestmark = pytest.mark.parametrize(
    "button", [pytest.param(Button.SOS, marks=clauses("B-10")), pytest.param(Button.ON_CALL, marks=clauses("B-14"))]
)

SURELY = 50 * MS
"""So far from the hold of the manual, a press is on one side of it whatever the chatter adds to its uncertainty."""


def test_chatter_does_not_shorten_a_hold(button, measure, chattering_press, one_call_comes_of):
    """A contact that opens and closes again at once, wherever in the press, is one press: one call."""
    press = chattering_press(button, button.hold + SURELY)
    assert measure(press.measured) > button.hold
    one_call_comes_of(press)


def test_chatter_does_not_make_two_presses_of_one(button, driver, measure, one_call_comes_of):
    """Held for so long that what follows the chatter would count for itself: still one call."""
    press = driver.bounce(button, 2 * (button.hold + SURELY), contacts=2, opening=1 * MS)
    assert press.openings == 1
    assert measure(press.measured) > 2 * button.hold
    one_call_comes_of(press)


def test_a_second_press_while_dialling_makes_no_second_call(button, driver, car, operator, measure):
    """Somebody in fear presses again at once: the call that is on its way is the only one."""
    first, second = driver.presses(button, button.hold + SURELY, count=2, pause=100 * MS)
    assert measure(first.measured, name="first press") > button.hold
    assert measure(second.measured, name="second press") > button.hold
    call = operator.expects_one_call(button.trigger, since=first.start)
    asked_again = second.start + button.hold
    assert call.answered is None or asked_again < call.answered, "the second press came too late to be one"
    assert [each.data["number"] for each in car.dialled(since=first.start)] == [call.number]


@trouble_codes("SOS_BUTTON_STUCK", "ON_CALL_BUTTON_STUCK")
def test_a_stuck_button_is_told_and_calls_once(button, driver, car, operator, limit):
    """Held on and on: one call, then STUCK on CAN and in the fault memory; released, the button counts as before."""
    start = driver.press_and_keep(button)
    call = operator.expects_one_call(button.trigger, since=start)
    car.expects(button.signal, "STUCK", within=limit("stuck_button"), since=start)
    told = car.timeline.first(button.signal, "STUCK", since=start)
    assert told is not None
    assert told - start > limit("stuck_button") - 1 * S, "told of a stuck button that was merely held"
    car.stays_quiet(since=told)
    assert f"{'SOS' if button is Button.SOS else 'ON_CALL'}_BUTTON_STUCK" in [code.name for code in car.fault_memory()]
    driver.release(button)
    car.expects(button.signal, "IDLE", within=1 * S)
    assert [each.data["number"] for each in car.dialled(since=start)] == [call.number]
    assert len(car.requests(since=start)) == 1
