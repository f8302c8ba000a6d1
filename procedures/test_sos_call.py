"""What an SOS call is: soon, with the car's position, and with the same care behind it as a crash call (B-09, B-11)."""

import pytest

from fixtures import clauses, procedure
from harness.actors import Button, Ignition
from harness.catalogue import limit
from harness.judge import Quantity
from harness.units import MS, S

SURELY = 100 * MS
"""So far from the hold of the manual, a press is on one side of it even where the host alone timed it."""
STAMP = 10 * MS
"""Limit of error of an instant on CAN, on AT or in the record off board: it is looked at every millisecond."""


@clauses("B-09")
def test_sos_dials_soon_after_the_hold(driver, car, measure):
    """From the end of the two seconds, not from the release, to the modem's dialling: within its limit."""
    start = driver.press_and_keep(Button.SOS)
    dialled = car.expects_dialling(within=limit("sos_hold") + limit("call_start"), since=start)
    driver.release(Button.SOS)
    reached = start + limit("sos_hold")
    measure(Quantity.between("from the hold to dialling", reached, dialled.time, STAMP), "call_start")


@clauses("B-09")
@pytest.mark.parametrize("place", [(59.33, 18.07), (-33.92, 18.42), (40.71, -74.01), (-22.91, -43.17)], ids=str)
def test_the_sos_message_says_where_the_car_is_and_that_somebody_pressed(driver, operator, surroundings, place):
    """On each side of equator and prime meridian: the position is right, trusted, and the trigger is manual."""
    here = surroundings.moves(*place)
    driver.clock.sleep(2 * S)  # the receiver tells its position once a second
    press = driver.hold(Button.SOS, Button.SOS.hold + SURELY)
    call = operator.expects_call("sos", since=press.start)
    message = operator.expects_message(call, automatic=False, at=here, trusted=True)
    assert message.vin == driver.bench.file.bench.vin


@clauses("B-09", "B-10")
def test_both_buttons_at_once_make_one_sos_call(driver, car, operator, measure):
    """Both are held: the emergency goes first, and Assistance has one call, an SOS call."""
    sos, on_call = driver.hold_both(Button.SOS.hold + SURELY)
    assert measure(sos.measured) > Button.SOS.hold
    assert measure(on_call.measured) > Button.ON_CALL.hold
    call = operator.expects_one_call("sos", since=sos.start)
    assert call.trigger == "sos"
    assert car.timeline.stays("TCU_Call.Trigger", "SOS", since=call.started)


@clauses("B-09", "B-10")
def test_sos_goes_first_where_on_call_was_pressed_a_moment_before(driver, operator):
    """A hand on both buttons reaches ON CALL first: only the SOS call is answered."""
    start = driver.press_and_keep(Button.ON_CALL)
    driver.press_and_keep(Button.SOS)
    driver.clock.sleep(Button.SOS.hold + SURELY)
    driver.release(Button.ON_CALL)
    driver.release(Button.SOS)
    call = operator.expects_call("sos", since=start)
    driver.clock.sleep(limit("quiet_time"))
    answered = [each.id for each in operator.calls(since=start) if each.answered is not None]
    assert answered == [call.id]


@clauses("B-09", "B-10")
@pytest.mark.parametrize("button", Button)
def test_a_press_during_an_sos_call_makes_no_other_call(driver, car, operator, button):
    """Whoever presses while the operator listens already keeps the call that there is."""
    first = driver.hold(Button.SOS, Button.SOS.hold + SURELY)
    call = operator.expects_call("sos", since=first.start)
    second = driver.hold(button, button.hold + SURELY)
    car.stays_quiet(since=second.start)
    assert operator.call(call).ended is None
    assert len(operator.calls(since=first.start)) == 1


@clauses("B-09")
def test_sos_calls_again_after_a_call(driver, operator):
    """The operator has hung up: the next press makes the next call, also while a call-back is awaited."""
    first = driver.hold(Button.SOS, Button.SOS.hold + SURELY)
    operator.hangs_up(operator.expects_call("sos", since=first.start))
    driver.clock.sleep(5 * S)
    second = driver.hold(Button.SOS, Button.SOS.hold + SURELY)
    call = operator.expects_call("sos", since=second.start)
    assert call.started > second.start


@procedure("sos-assistance")
@clauses("B-11")
def test_voice_contact_of_an_sos_call_stands_in_time(driver, operator, measure):
    """The operator is on the speaker line within the limit, and hears the driver in the same call."""
    driver.ignition(Ignition.II)
    press = driver.hold(Button.SOS, Button.SOS.hold + SURELY)
    call = operator.expects_call(since=press.start)
    measure(driver.expects_voice(), "speaker_voice")
    clocks = driver.bench.uncertainty_between("assistance", "tester")
    heard = Quantity.between("from the connection to a voice", call.answered, driver.now(), 300 * MS, clocks)
    measure(heard, "voice_contact")
    driver.speaks()
    operator.expects_voice_contact(call)
    assert operator.call(call).ended is None


@procedure("sos-assistance")
@clauses("B-11")
@pytest.mark.parametrize("service", ["police", "ambulance", "tow"])
def test_an_sos_case_goes_to_the_service_that_fits(driver, operator, surroundings, service):
    """What the operator decides on has the case, with the car's position, and no other service has."""
    press = driver.hold(Button.SOS, Button.SOS.hold + SURELY)
    call = operator.expects_call("sos", since=press.start)
    operator.hands_over(call, service)
    case = operator.expects_record(service, "case", within=5 * S, since=press.start)
    here = surroundings.here()
    assert case.data["origin"] == "sos"
    assert (case.data["latitude"], case.data["longitude"]) == pytest.approx(here, abs=0.001)
    for other in {"police", "ambulance", "tow"} - {service}:
        assert driver.timeline.events(other, "case", press.start) == []


@procedure("sos-silence")
@clauses("B-11")
def test_silence_after_sos_alerts_the_emergency_services(driver, operator, measure):
    """Nobody answers the operator: the alert goes out within its limit all the same."""
    driver.silent()
    press = driver.hold(Button.SOS, Button.SOS.hold + SURELY)
    call = operator.expects_call("sos", since=press.start)
    alert = operator.expects_record("emergency", "alert", within=90 * S, since=press.start)
    measure(Quantity.between("from the connection to the alert", call.answered, alert.time, STAMP), "silence_alert")


@procedure("sos-emergency-number")
@clauses("B-11")
@pytest.mark.parametrize("hindrance", ["busy", "unreachable", "rings"])
def test_sos_reaches_the_emergency_number_when_assistance_does_not_answer(
    driver, car, operator, emergency_centre, surroundings, measure, hindrance
):
    """Assistance first; then the emergency number of the country, within the limit, with a manual message."""
    country = surroundings.countries()[driver.bench.file.bench.country]
    getattr(operator, hindrance)()
    press = driver.hold(Button.SOS, Button.SOS.hold + SURELY)
    call = emergency_centre.expects_call("sos", within=limit("emergency_number") + 60 * S, since=press.start)
    numbers = [each.data["number"] for each in car.dialled(since=press.start)]
    assert numbers[0] == country.assistance_number
    assert numbers[-1] == country.emergency_number == call.number
    assert set(numbers) == {country.assistance_number, country.emergency_number}
    emergency_centre.expects_message(call, automatic=False, at=surroundings.here())
    fallen_back = next(each for each in car.dialled(since=press.start) if each.data["number"] == call.number)
    spent = Quantity.between("from SOS to the emergency number", press.start, fallen_back.time, STAMP)
    measure(spent, "emergency_number")
