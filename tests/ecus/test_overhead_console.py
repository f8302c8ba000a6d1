"""The overhead console at its limits: two seconds, chatter, stuck buttons, lock and lamps (B-09, B-10, B-13, B-14)."""

import pytest

from emulation.ecus.overhead_console import OverheadConsole
from harness.units import MS, US, S

BUTTONS = {"Sos": "sos_button", "OnCall": "on_call_button"}


@pytest.fixture
def car(car_of):
    car = car_of(OverheadConsole)
    car.power().run(1 * S)
    return car


def requests(car):
    return car.now("OHC_Status", "RequestCount")


@pytest.mark.parametrize("signal", BUTTONS)
@pytest.mark.parametrize("seed", range(8))
def test_the_threshold_lies_within_the_last_millisecond_before_2_s(car_of, signal, seed):
    """Whatever the crystal: 2 s - 1 ms asks for nothing, 2 s asks once."""
    car = car_of(OverheadConsole, seed=seed)
    car.power().run(1 * S)
    car.press(BUTTONS[signal], 2 * S - 1 * MS)
    assert requests(car) == 0
    car.press(BUTTONS[signal], 2 * S)
    assert requests(car) == 1
    assert car.values("OHC_Status", signal) == ["IDLE", "PRESSED", "IDLE", "PRESSED", "REQUESTED", "IDLE"]


def test_crystals_differ_from_seed_to_seed_within_100_ppm(car_of):
    """No two consoles are alike, and none is worse than its data sheet."""
    crystals = {car_of(OverheadConsole, seed=seed).ecus[0].crystal for seed in range(20)}
    assert len(crystals) == 20
    assert all(abs(crystal - 1) <= 100e-6 for crystal in crystals)


def test_the_request_goes_out_when_the_hold_is_reached(car):
    """Not at the release: the frame is on the bus within a millisecond of the threshold."""
    pressed = car.world.now
    car.drive("sos_button", 5)
    car.run(3 * S)
    first = next(f for f in car.sent("OHC_Status", pressed) if f.data[0] & 3 == 2)
    assert 1_999 * MS < first.time - pressed < 2_001 * MS


def test_a_button_pressed_before_the_console_boots_is_seen(car_of):
    """Levels are read: the hold counts from the boot."""
    car = car_of(OverheadConsole)
    car.drive("sos_button", 5)
    car.power().run(3 * S)
    assert requests(car) == 1


def chatter(car, line, openings, each=1 * MS):
    """Openings of `each` ns at these times after now."""
    begin = car.world.now
    for opening in openings:
        car.world.run(until=begin + opening)
        car.drive(line, 0)
        car.run(each)
        car.drive(line, 5)


def test_chatter_at_the_press_does_not_shorten_the_hold(car):
    """Contacts that bounce for 5 ms: two seconds count from the first edge."""
    car.drive("sos_button", 5)
    chatter(car, "sos_button", [200 * US, 2 * MS, 4 * MS], each=900 * US)
    car.world.run(until=3 * S)
    car.drive("sos_button", 0)
    car.run(50 * MS)
    assert requests(car) == 1


def test_chatter_within_the_hold_does_not_begin_it_anew(car):
    """An opening of 4.9 ms in the middle, and the request comes at the usual time, once."""
    pressed = car.world.now
    car.drive("sos_button", 5)
    chatter(car, "sos_button", [1 * S], each=4_900 * US)
    car.world.run(until=pressed + 2 * S)
    assert requests(car) == 1
    car.run(5 * S)
    assert requests(car) == 1


def test_an_opening_of_5_ms_is_a_release(car):
    """Two presses of 1.2 s with 5 ms between them are no press of 2.4 s."""
    car.drive("sos_button", 5)
    chatter(car, "sos_button", [1_200 * MS], each=5 * MS + 1 * US)
    car.run(1_200 * MS)
    car.drive("sos_button", 0)
    car.run(50 * MS)
    assert requests(car) == 0


def test_a_release_is_dated_at_its_first_edge(car):
    """Open from 1.998 s on: the threshold passes while the release is still unconfirmed, and nothing is asked."""
    car.press("sos_button", 1_998 * MS, settle=1 * S)
    assert requests(car) == 0


def test_an_opening_across_the_threshold_that_was_chatter_asks_after_it(car):
    """Open from 1.998 s to 2.001 s: the button was held, so the request comes at the closing."""
    car.drive("sos_button", 5)
    chatter(car, "sos_button", [1_998 * MS], each=3 * MS)
    car.run(1 * MS)
    assert requests(car) == 1


def test_chatter_at_the_release_asks_for_nothing_more(car):
    """One press, one request, however the contacts part."""
    car.drive("sos_button", 5)
    chatter(car, "sos_button", [2_500 * MS, 2_502 * MS, 2_504 * MS])
    car.drive("sos_button", 0)
    car.run(10 * S)
    assert requests(car) == 1


def test_a_stuck_button_asks_once_and_leaves_a_trouble_code(car):
    """STUCK after 30 s; no further request; usable again once it came free, and the code stays confirmed."""
    car.drive("sos_button", 5)
    car.run(29 * S)
    assert car.now("OHC_Status", "Sos") == "REQUESTED"
    car.run(60 * S)
    assert car.now("OHC_Status", "Sos") == "STUCK"
    assert requests(car) == 1
    stuck = 0x9A012A
    assert stuck in {entry.code for entry in car.ecus[0].uds.memory.with_status(0x01)}
    car.drive("sos_button", 0)
    car.run(50 * MS)
    assert car.now("OHC_Status", "Sos") == "IDLE"
    assert stuck not in {entry.code for entry in car.ecus[0].uds.memory.with_status(0x01)}
    assert stuck in {entry.code for entry in car.ecus[0].uds.memory.with_status(0x08)}
    car.press("sos_button", 2 * S)
    assert requests(car) == 2


def test_both_buttons_at_once_are_two_requests(car):
    """Neither hides the other."""
    car.drive("on_call_button", 5)
    car.press("sos_button", 2_100 * MS)
    assert requests(car) == 2
    assert car.now("OHC_Status", "OnCall") == "REQUESTED"


def test_the_count_of_requests_wraps_at_16(car):
    """Sixteen requests later the count is what it was."""
    for _ in range(16):
        car.press("sos_button", 2 * S)
    assert requests(car) == 0
    assert len(car.values("OHC_Status", "RequestCount")) == 17


def test_a_locked_console_asks_for_nothing_and_an_unlocked_one_does(car):
    """The lock that counts is the one at the end of the hold; lifting it during a press comes too late."""
    car.tell("TCU_Status", ButtonLock="LOCKED")
    car.press("sos_button", 10 * S)
    car.press("on_call_button", 10 * S)
    assert requests(car) == 0
    car.drive("sos_button", 5)
    car.run(5 * S)
    car.tell("TCU_Status", ButtonLock="UNLOCKED")
    car.run(5 * S)
    assert requests(car) == 0
    car.drive("sos_button", 0)
    car.run(50 * MS)
    car.press("sos_button", 2 * S)
    assert requests(car) == 1


@pytest.mark.parametrize(
    ("status", "call", "lamps"),
    [
        ({}, {}, ("OFF", "OFF")),
        ({"Ready": 1}, {}, ("ON", "ON")),
        ({"Ready": 1, "ButtonLock": "LOCKED"}, {}, ("OFF", "OFF")),
        ({"Ready": 1}, {"State": "DIALLING", "Trigger": "SOS"}, ("BLINK", "ON")),
        ({"Ready": 1}, {"State": "ALERTING", "Trigger": "CRASH"}, ("BLINK", "ON")),
        ({"Ready": 1}, {"State": "CONNECTED", "Trigger": "ON_CALL"}, ("ON", "ON")),
        ({"Ready": 0}, {"State": "DIALLING", "Trigger": "ON_CALL"}, ("OFF", "BLINK")),
        ({"ButtonLock": "LOCKED"}, {"State": "CONNECTED", "Trigger": "CRASH"}, ("ON", "OFF")),
    ],
)
def test_lamps_show_readiness_lock_and_call(car, status, call, lamps):
    """Off: locked or not ready. On: ready or connected. Blinking: a call of this button is set up."""
    car.tell("TCU_Status", **status)
    car.tell("TCU_Call", **call)
    car.run(10 * MS)
    assert (car.now("OHC_Status", "SosLamp"), car.now("OHC_Status", "OnCallLamp")) == lamps


def test_without_a_word_from_the_telematics_unit_the_buttons_work_and_a_code_is_stored(car):
    """A missing message must not cost a call for help."""
    car.run(10 * S)
    car.press("sos_button", 2 * S)
    assert requests(car) == 1
    assert 0xC19887 in {entry.code for entry in car.ecus[0].uds.memory.with_status(0x01)}


@pytest.mark.parametrize("volts", [6.1, 9.0, 16.0])
def test_the_threshold_does_not_depend_on_the_battery(car, volts):
    """From the lowest voltage on to an overcharged battery."""
    car.power(volts)
    car.press("sos_button", 2 * S - 1 * MS)
    assert requests(car) == 0
    car.press("sos_button", 2 * S)
    assert requests(car) == 1
