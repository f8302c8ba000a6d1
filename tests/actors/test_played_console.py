"""Where the harness plays console and body module, the driver acts on CAN: the same calls, the same threshold."""

import pytest

from harness.actors import Button, Driver, Ignition
from harness.catalogue import limit
from harness.errors import BenchError
from harness.units import MS, S

HOLD = limit("sos_hold")


@pytest.fixture
def played(bench):
    """A driver on a bench whose console and body module the harness plays."""
    bench.restbus["body"].take_over("overhead_console")
    bench.restbus["body"].take_over("body")
    return Driver(bench)


def states(bench, signal, since):
    return [change.value for change in bench.timeline.signal(signal, since)]


def test_a_hold_asks_once_and_calls(bench, played, car, operator):
    press = played.hold(Button.SOS, HOLD + 100 * MS)
    assert operator.expects_call("sos", since=press.start).trigger == "sos"
    assert states(bench, "OHC_Status.Sos", press.start - 100 * MS) == ["IDLE", "PRESSED", "REQUESTED", "IDLE"]
    (asked,) = car.requests(press.start)
    pressed = bench.timeline.first("OHC_Status.Sos", "PRESSED", press.start)
    assert abs(asked - pressed - HOLD) <= 2 * MS
    assert press.measured.value == pytest.approx(2.1, abs=0.02)


def test_a_hold_as_long_as_the_manual_says_asks_and_a_shorter_one_does_not(bench, played, car):
    begun = car.now()
    played.hold(Button.SOS, HOLD - 1 * MS)
    car.stays_quiet(2 * S, since=begun)
    assert states(bench, "OHC_Status.Sos", begun + 1) == ["PRESSED", "IDLE"]
    again = car.now()
    played.hold(Button.SOS, HOLD)
    car.clock.sleep(50 * MS)  # its last frames are on their way
    assert len(car.requests(again)) == 1


def test_a_kept_button_asks_while_the_test_does_something_else(played, car):
    since = played.press_and_keep(Button.ON_CALL)
    car.clock.sleep(Button.ON_CALL.hold + 500 * MS)
    assert len(car.requests(since)) == 1
    car.clock.sleep(3 * S)
    played.release(Button.ON_CALL)
    assert len(car.requests(since)) == 1  # one request a press


def test_both_buttons_and_several_presses(bench, played, car):
    begun = car.now()
    played.presses(Button.SOS, 300 * MS, count=3)
    assert states(bench, "OHC_Status.Sos", begun + 1).count("PRESSED") == 3
    both = car.now()
    played.hold_both(HOLD)
    car.clock.sleep(50 * MS)
    assert len(car.requests(both)) == 2
    assert bench.timeline.was("OHC_Status.OnCall", "REQUESTED", both)


def test_locked_buttons_ask_for_nothing(played, car):
    played.ignition(Ignition.II)
    played.locks_buttons()
    since = car.now()
    played.hold(Button.SOS, HOLD + 100 * MS)
    assert car.requests(since) == []


def test_what_needs_a_contact_says_so(played):
    with pytest.raises(BenchError, match="played by the harness: it has no contact"):
        played.bounce(Button.SOS, HOLD)
    with pytest.raises(BenchError, match="played by the harness"):
        played.hold(Button.SOS, HOLD, chatter="start")


@pytest.mark.parametrize("mode", list(Ignition))
def test_a_played_body_module_tells_the_ignition(bench, played, mode):
    played.ignition(mode)
    told = bench.restbus["body"].played["body"]["CEM_Ignition"].values
    assert told["Mode"] == mode.value
    assert told["Terminal15"] == ("ON" if mode in (Ignition.II, Ignition.RUNNING) else "OFF")
    assert bench.networks["body"].value("CEM_Ignition.Mode") == mode.value
