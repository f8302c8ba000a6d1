"""How many calls crashes make: one each, beside calls that run already, and without the battery (B-01 ... B-04)."""

import pytest

from fixtures import clauses
from harness.actors import Button, Direction, Level
from harness.units import MS, S


@clauses("B-03")
def test_one_crash_makes_one_call(car, crash, operator, limit):
    """While Assistance talks and after it has hung up, nothing dials again."""
    crashed = crash.happens(Level.AIRBAG, Direction.FRONT)
    call = operator.expects_one_call("crash", since=crashed)
    operator.hangs_up(call)
    operator.expects_end(call, within=limit("call_start"))
    car.stays_quiet()
    assert car.numbers_dialled(since=crashed) == [call.number]


@clauses("B-03")
def test_a_second_crash_during_the_call_does_not_cut_it_off(car, crash, operator):
    """A car that is hit again keeps the helper who listens already, and makes no second call."""
    crashed = crash.happens(Level.AIRBAG, Direction.FRONT)
    call = operator.expects_call("crash", since=crashed)
    again = crash.happens(Level.AIRBAG, Direction.REAR)
    car.stays_quiet(since=again)
    assert operator.call(call).ended is None
    assert car.numbers_dialled(since=crashed) == [call.number]


@clauses("B-01", "B-02")
@pytest.mark.parametrize("level", [Level.BELT_TENSIONER, Level.AIRBAG])
def test_a_second_crash_after_the_call_calls_again(level, car, crash, operator, limit):
    """A new event is a new crash, once the first call is over."""
    crashed = crash.happens(Level.AIRBAG, Direction.FRONT)
    call = operator.expects_call("crash", since=crashed)
    operator.hangs_up(call)
    operator.expects_end(call, within=limit("call_start"))
    again = crash.happens(level, Direction.LEFT)
    second = operator.expects_one_call("crash", since=again)
    assert car.numbers_dialled(since=again) == [second.number]


@clauses("B-01", "B-04")
def test_a_crash_takes_the_line_from_an_on_call_call(driver, car, crash, operator, surroundings, limit):
    """The crash is more urgent than a flat tyre: it has an automatic call of its own, and the other one is over."""
    driver.hold(Button.ON_CALL, Button.ON_CALL.hold + 100 * MS)
    help_call = operator.expects_call("on_call")
    crashed = crash.happens(Level.BELT_TENSIONER, Direction.REAR)
    call = operator.expects_one_call("crash", since=crashed)
    operator.expects_message(call, automatic=True, at=surroundings.here(), trusted=True)
    operator.expects_end(help_call, within=limit("call_start"))
    assert car.numbers_dialled(since=crashed) == [call.number]


@clauses("B-04")
@pytest.mark.parametrize("ringing", [0 * S, 6 * S], ids=["while talking", "while dialling"])
def test_a_crash_during_an_sos_call_is_told_as_automatic(ringing, driver, crash, operator, surroundings, limit):
    """Whoever was called by SOS learns by a new message, in this call or in another, that the car has crashed since."""
    operator.answers(after=ringing or None)
    press = driver.hold(Button.SOS, Button.SOS.hold + 100 * MS)
    if not ringing:
        operator.expects_message(operator.expects_call("sos", since=press.start), automatic=False)
    crashed = crash.happens(Level.AIRBAG, Direction.FRONT)
    within = limit("connection") + limit("msd_delay")
    told = operator.expects_record("assistance", "msd", within, since=crashed)
    call = next(each for each in operator.calls(since=press.start) if each.id == told.data["call"])
    operator.expects_message(call, automatic=True, at=surroundings.here(), trusted=True)
    open_calls = [each for each in operator.calls(since=press.start) if each.answered and not each.ended]
    assert [each.id for each in open_calls] == [call.id]


@clauses("B-02")
@pytest.mark.parametrize("battery", ["gone in the crash", "gone 50 ms after it"])
def test_a_crash_that_cuts_off_the_main_battery_calls(battery, driver, car, crash, operator, surroundings):
    """Airbag module and telematics unit live on long enough: the call, its message and the voices in it are there."""
    if battery == "gone in the crash":
        car.power_off()
        crashed = crash.happens(Level.AIRBAG, Direction.FRONT)
    else:
        crashed = crash.happens(Level.AIRBAG, Direction.FRONT)
        car.clock.sleep(50 * MS)
        car.power_off()
    call = operator.expects_one_call("crash", since=crashed)
    assert car.timeline.was("TCU_Status.BackupBattery", "IN_USE", since=crashed)
    operator.expects_message(call, automatic=True, at=surroundings.here())
    driver.expects_voice()
    driver.speaks()
    operator.expects_voice_contact(call)
