"""Which crash calls: every level from every direction, in every ignition position (B-01, B-02, B-03, B-04)."""

import pytest

from fixtures import clauses
from harness.actors import Direction, Ignition, Level
from harness.actors.workshop import at_error
from harness.judge import Quantity


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize(
    "level",
    [
        pytest.param(Level.BELT_TENSIONER, marks=clauses("B-01", "B-04")),
        pytest.param(Level.AIRBAG, marks=clauses("B-02", "B-04")),
    ],
)
def test_a_crash_calls_assistance_at_once(level, direction, driver, car, crash, operator, surroundings, measure):
    """From every side: one call to the country's Assistance, an automatic message, and the crash as trigger on CAN."""
    driver.ignition(Ignition.RUNNING)
    crashed = crash.happens(level, direction)
    call = operator.expects_one_call("crash", since=crashed)
    assert car.numbers_dialled(since=crashed) == [call.number] == [surroundings.land().assistance_number]
    dialled = car.dialled(since=crashed)[0]
    clocks = car.bench.uncertainty_between("body", "modem")
    measure(Quantity.between("from crash to dialling", crashed, dialled.time, at_error(dialled), clocks), "call_start")
    message = operator.expects_message(call, automatic=True, at=surroundings.here(), trusted=True)
    assert message.vin == car.identity()["telematics"].vin
    assert car.timeline.was("TCU_Call.Trigger", "CRASH", since=crashed)
    assert not car.timeline.was("TCU_Call.Target", "EMERGENCY", since=crashed)


@clauses("B-03")
def test_an_impact_calls_nobody_from_whatever_side(driver, car, crash):
    """Bumps that fire nothing, one after the other: neither modem nor CAN nor a centre knows of a call."""
    driver.ignition(Ignition.RUNNING)
    for direction in Direction:
        bumped = crash.happens(Level.IMPACT, direction)
        car.stays_quiet(since=bumped)


@clauses("B-03", "B-02")
def test_a_crash_after_an_impact_calls(driver, car, crash, operator):
    """The bump of a parked neighbour is forgotten at once: the crash that follows it calls."""
    driver.ignition(Ignition.RUNNING)
    bumped = crash.happens(Level.IMPACT, Direction.REAR)
    car.stays_quiet(since=bumped)
    crashed = crash.happens(Level.AIRBAG, Direction.FRONT)
    operator.expects_call("crash", since=crashed)


@clauses("B-01")
@pytest.mark.parametrize("ignition", Ignition)
def test_a_crash_calls_in_every_ignition_position(ignition, driver, car, crash, operator, surroundings):
    """Also a parked car that is run into calls, with the ignition off."""
    driver.ignition(ignition)
    crashed = crash.happens(Level.BELT_TENSIONER, Direction.LEFT)
    call = operator.expects_call("crash", since=crashed)
    operator.expects_message(call, automatic=True, at=surroundings.here(), trusted=True)
    assert car.numbers_dialled(since=crashed) == [call.number]
