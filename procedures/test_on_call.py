"""What an ON CALL call is: voice contact with Assistance, and no emergency (B-14)."""

import pytest

from fixtures import clauses, trouble_codes
from harness.actors import Button, Ignition
from harness.catalogue import load
from harness.judge import Quantity
from harness.units import MS, S

pytestmark = clauses("B-14")

SURELY = 100 * MS
"""So far from the hold of the manual, a press is on one side of it even where the host alone timed it."""


def test_on_call_opens_voice_contact_both_ways(driver, operator, measure):
    """The operator is heard on the speaker line in time, and hears the driver from the microphone line."""
    driver.ignition(Ignition.II)
    press = driver.hold(Button.ON_CALL, Button.ON_CALL.hold + SURELY)
    call = operator.expects_call("on_call", since=press.start)
    measure(driver.expects_voice(), "speaker_voice")
    clocks = driver.bench.uncertainty_between("assistance", "tester")
    heard = Quantity.between("from the connection to a voice", call.answered, driver.now(), 300 * MS, clocks)
    measure(heard, "voice_contact")
    driver.speaks()
    operator.expects_voice_contact(call)


def test_the_speaker_is_silent_again_after_an_on_call_call(driver, operator):
    """Once the operator has hung up, no voice is left on the speaker line."""
    press = driver.hold(Button.ON_CALL, Button.ON_CALL.hold + SURELY)
    call = operator.expects_call("on_call", since=press.start)
    driver.expects_voice()
    operator.hangs_up(call)
    operator.expects_end(call, within=5 * S)
    driver.clock.sleep(1 * S)
    assert driver.hears() < load().limit("speaker_voice").lower


def test_an_on_call_message_tells_where_the_car_is_and_is_no_emergency(driver, operator, surroundings):
    """Assistance knows where to send help, and that nobody is in danger."""
    press = driver.hold(Button.ON_CALL, Button.ON_CALL.hold + SURELY)
    call = operator.expects_call("on_call", since=press.start)
    operator.expects_message(call, automatic=False, at=surroundings.here(), trusted=True)


def test_on_call_again_during_its_call_makes_no_other_call(driver, car, operator):
    """The call that there is goes on."""
    first = driver.hold(Button.ON_CALL, Button.ON_CALL.hold + SURELY)
    call = operator.expects_call("on_call", since=first.start)
    second = driver.hold(Button.ON_CALL, Button.ON_CALL.hold + SURELY)
    car.stays_quiet(since=second.start)
    assert operator.call(call).ended is None


@clauses("B-09")
def test_sos_during_an_on_call_call_takes_its_place(driver, operator):
    """What was a matter of a flat tyre has become an emergency: SOS makes its own call, and ON CALL's is over."""
    first = driver.hold(Button.ON_CALL, Button.ON_CALL.hold + SURELY)
    on_call = operator.expects_call("on_call", since=first.start)
    second = driver.hold(Button.SOS, Button.SOS.hold + SURELY)
    sos = operator.expects_call("sos", since=second.start)
    assert sos.id != on_call.id
    assert operator.call(on_call).ended is not None


@clauses("B-16")
@trouble_codes("CALL_FAILED")
@pytest.mark.parametrize("hindrance", ["busy", "unreachable"])
def test_on_call_never_calls_an_emergency_number(driver, car, operator, emergency_centre, limit, hindrance):
    """Assistance cannot be reached: the car gives up, because a flat tyre is nothing for an emergency centre."""
    getattr(operator, hindrance)()
    press = driver.hold(Button.ON_CALL, Button.ON_CALL.hold + SURELY)
    car.expects_dialling(since=press.start)
    car.expects("TCU_Call.State", "IDLE", within=limit("emergency_number"), since=driver.now())
    car.stays_quiet()
    emergency_centre.expects_no_call(since=press.start)
    assert not car.timeline.was("TCU_Call.Target", "EMERGENCY", since=press.start)
