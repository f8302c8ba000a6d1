"""The lock of SOS and ON CALL: where it can be set, what it stops, and what it never stops (B-12, B-13)."""

import pytest

from fixtures import clauses, procedure
from harness.actors import Button, Ignition, Level
from harness.errors import ExpectationError
from harness.judge import Quantity
from harness.units import MS, S

SURELY = 100 * MS
"""So far from the hold of the manual, a press is on one side of it even where the host alone timed it."""
STAMP = 10 * MS
"""Limit of error of an instant on CAN."""
LOCK = "TCU_Status.ButtonLock"

on_each_button = pytest.mark.parametrize(
    "button", [Button.SOS, pytest.param(Button.ON_CALL, marks=procedure("on-call-lock"))]
)


def presses_calling_nobody(driver, car, button, holds, limit):
    """Press for each of `holds` (ns), one after the other: no call for any, and no request on CAN."""
    start = driver.now()
    for hold in holds:
        driver.hold(button, hold)
        car.stays_quiet(limit("call_start"), since=start)
    car.stays_quiet(since=start)
    assert car.requests(since=start) == []


@clauses("B-12")
@pytest.mark.parametrize("ignition", [Ignition.I, Ignition.II, Ignition.RUNNING])
def test_the_buttons_can_be_locked_and_unlocked_with_ignition(driver, car, measure, ignition):
    """In I, in II and with the engine running, the setting is offered, and stands on CAN within its limit."""
    driver.ignition(ignition)
    assert driver.can_lock_buttons()
    for change in (driver.locks_buttons, driver.unlocks_buttons):
        change()
        touched = car.timeline.events("tester", "button_lock")[-1]
        state = touched.data["wanted"]
        told = car.timeline.first(LOCK, state, since=touched.time)
        clocks = driver.bench.uncertainty_between("tester", "body")
        measure(Quantity.between(f"from the touch to {state}", touched.time, told, STAMP, clocks), "button_lock_time")


@procedure("button-lock-ignition")
@clauses("B-12")
@pytest.mark.parametrize("locked", [False, True], ids=["unlocked", "locked"])
def test_the_lock_cannot_be_changed_in_ignition_0(driver, car, locked):
    """The setting is greyed out, a touch is refused, and the lock stays what it was."""
    if locked:
        driver.ignition(Ignition.I)
        driver.locks_buttons()
    driver.ignition(Ignition.OFF)
    before = car.state(LOCK)
    since = driver.now()
    assert not driver.can_lock_buttons()
    with pytest.raises(ExpectationError, match="refused TAP"):
        driver.bench.head_unit.tap("button_lock")
    driver.clock.sleep(3 * S)
    assert car.timeline.stays(LOCK, before, since=since)


@procedure("button-lock-ignition")
@clauses("B-12")
@pytest.mark.parametrize("wanted", ["LOCK", "UNLOCK"])
def test_the_telematics_unit_itself_refuses_the_lock_in_ignition_0(driver, car, bench, wanted):
    """A head unit that asks on CAN all the same, played by the bench, changes nothing."""
    driver.ignition(Ignition.I)
    if wanted == "UNLOCK":
        driver.locks_buttons()
    head_unit = bench.restbus["body"].take_over("head_unit")
    try:
        driver.ignition(Ignition.OFF)
        before, since = car.state(LOCK), driver.now()
        head_unit["IHU_Settings"].set(ButtonLockRequest=wanted)
        driver.clock.sleep(3 * S)
    finally:
        bench.restbus["body"].give_back("head_unit")
    assert car.timeline.was("IHU_Settings.ButtonLockRequest", wanted, since=since), "nothing was asked for"
    assert car.timeline.stays(LOCK, before, since=since)


@clauses("B-13")
@on_each_button
def test_locked_a_press_of_any_length_calls_nobody(button, driver, car, limit):
    """Just short of the hold, the hold itself, longer, and very long."""
    driver.ignition(Ignition.I)
    driver.locks_buttons()
    presses_calling_nobody(driver, car, button, [button.hold - SURELY, button.hold + SURELY, 5 * S, 20 * S], limit)


@clauses("B-13")
@on_each_button
def test_unlocked_again_the_button_calls(button, driver, operator, limit):
    """Locked and unlocked, with a vain press in between: the next hold calls as ever."""
    driver.ignition(Ignition.II)
    driver.locks_buttons()
    driver.hold(button, button.hold + SURELY)
    driver.clock.sleep(limit("call_start"))
    driver.unlocks_buttons()
    press = driver.hold(button, button.hold + SURELY)
    call = operator.expects_call(button.trigger, since=press.start)
    assert call.started > press.start


@clauses("B-13")
@on_each_button
@pytest.mark.parametrize("later", [Ignition.OFF, Ignition.RUNNING])
def test_what_the_lock_is_after_the_ignition_was_turned_is_what_counts(button, driver, car, operator, limit, later):
    """Locked in I, then the knob is turned: a button that CAN calls locked calls nobody, any other calls."""
    driver.ignition(Ignition.I)
    driver.locks_buttons()
    driver.ignition(later)
    driver.clock.sleep(1 * S)
    if car.state(LOCK) == "LOCKED":
        presses_calling_nobody(driver, car, button, [button.hold + SURELY], limit)
    else:
        press = driver.hold(button, button.hold + SURELY)
        operator.expects_call(button.trigger, since=press.start)


@clauses("B-13")
@on_each_button
def test_a_lock_set_while_the_button_is_held_stops_the_press(button, driver, car):
    """Locked in the middle of the hold: when the hold is over, nobody is called."""
    driver.ignition(Ignition.II)
    start = driver.press_and_keep(button)
    driver.clock.sleep(button.hold // 4)
    locked = driver.locks_buttons()
    assert locked < start + button.hold
    driver.clock.sleep(start + button.hold + SURELY - driver.now())
    driver.release(button)
    car.stays_quiet(since=start)
    assert car.requests(since=start) == []


@clauses("B-13")
def test_a_lock_set_during_a_call_leaves_the_call_alone(driver, car, operator, limit):
    """Help that is on its way is not sent back by a setting."""
    driver.ignition(Ignition.II)
    press = driver.hold(Button.SOS, Button.SOS.hold + SURELY)
    call = operator.expects_call("sos", since=press.start)
    driver.locks_buttons()
    driver.clock.sleep(limit("quiet_time"))
    assert operator.call(call).ended is None
    assert car.timeline.stays("TCU_Call.State", "CONNECTED", since=driver.now() - limit("quiet_time"))


@procedure("button-lock-crash")
@clauses("B-13")
@pytest.mark.parametrize("level", [Level.BELT_TENSIONER, Level.AIRBAG])
@pytest.mark.parametrize("ignition", [Ignition.OFF, Ignition.RUNNING])
def test_the_lock_never_stops_a_crash_call(driver, crash, operator, ignition, level):
    """Locked buttons, and a crash of either level, driving or parked: the car calls by itself."""
    driver.ignition(Ignition.I)
    driver.locks_buttons()
    driver.ignition(ignition)
    crashed = crash.happens(level)
    call = operator.expects_call("crash", since=crashed)
    operator.expects_message(call, automatic=True)
