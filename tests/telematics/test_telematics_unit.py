"""Button lock, backup battery, self-test and trouble codes of the telematics unit."""

import pytest

from emulation.ecus.modem.radio_service import Registration
from emulation.ecus.modem.sim import Sim
from emulation.ecus.telematics.signal_status import registration_of
from harness.units import MIN, MS, S
from tests.telematics.car import GB, PIN, Car


@pytest.fixture
def car():
    return Car()


def want_lock(car, request):
    car.bench.parts["head_unit"].set("IHU_Settings", ButtonLockRequest=request)
    car.run(500 * MS)


@pytest.mark.parametrize(
    ("mode", "lock"), [("I", "LOCKED"), ("II", "LOCKED"), ("RUNNING", "LOCKED"), ("OFF", "UNLOCKED")]
)
def test_the_lock_can_be_set_in_ignition_i_ii_and_running_but_not_in_0(car, mode, lock):
    car.ignition(mode)
    want_lock(car, "LOCK")
    assert car.unit.button_lock == lock


def test_a_lock_refused_in_ignition_0_does_not_come_true_later(car):
    want_lock(car, "LOCK")
    car.ignition("I")
    car.run(2 * S)
    assert car.unit.button_lock == "UNLOCKED"


def test_the_lock_outlasts_ignition_and_supply(car):
    car.ignition("I")
    want_lock(car, "LOCK")
    car.ignition("OFF")
    car.power(0.0)
    car.run(1 * MIN)
    assert not car.unit.running
    car.power()
    car.until_registered()
    assert car.bench.parts["overhead_console"].last("TCU_Status", "ButtonLock") == "LOCKED"


def test_locked_buttons_call_nobody_even_if_the_console_asks_and_call_again_unlocked(car):
    car.ignition("II")
    want_lock(car, "LOCK")
    car.bench.parts["overhead_console"].set("OHC_Status", Sos="REQUESTED", RequestCount=9)
    car.run(5 * S)
    car.bench.parts["overhead_console"].set("OHC_Status", Sos="IDLE")
    car.sos()
    car.run(5 * S)
    assert car.dialled == []
    want_lock(car, "UNLOCK")
    car.sos()
    car.run(1 * S)
    assert len(car.dialled) == 1


def test_locked_buttons_do_not_stop_a_crash_call(car):
    car.ignition("II")
    want_lock(car, "LOCK")
    car.crash()
    car.run(1 * S)
    assert len(car.dialled) == 1


@pytest.mark.parametrize("delay", [20 * MS, 100 * MS, 400 * MS])
def test_a_crash_that_tears_the_battery_off_still_calls_with_a_trusted_position(car, delay):
    car.crash()
    car.run(delay)
    car.power(0.0)
    told = car.informed()
    assert told["trigger"] == "crash"
    assert told["position_trusted"]
    assert car.connected().connected


def test_the_backup_battery_outlasts_ten_minutes_of_talk_and_gives_up_some_time(car):
    car.crash()
    car.run(100 * MS)
    car.power(0.0)
    car.informed()
    call = car.connected()
    car.unit.backup.left_mah = 50.0
    car.run(8 * MIN)
    assert call.connected
    assert "BACKUP_BATTERY_LOW" in car.trouble()
    car.run(4 * MIN)
    assert not car.unit.running
    assert call.ended.value == "local"


def test_without_need_for_help_the_unit_lingers_ten_seconds_without_main_battery(car):
    car.power(0.0)
    car.run(9 * S)
    assert car.modem.registration is Registration.HOME
    car.run(2 * S)
    assert not car.modem.powered
    assert car.network.state("001010123456789") == "ON"


def test_ready_comes_with_self_test_and_registration():
    car = Car(ready=False)
    car.power()
    console = car.bench.parts["overhead_console"]
    car.run(3 * S)
    assert console.last("TCU_Status", "SelfTest") == "RUNNING"
    assert console.last("TCU_Status", "Ready") == 0
    car.until_registered()
    car.run(200 * MS)
    assert console.last("TCU_Status", "SelfTest") == "PASSED"
    assert console.last("TCU_Status", "Registration") == "HOME"
    assert console.last("TCU_Status", "Ready") == 1


def test_a_locked_sim_is_said_and_becomes_a_trouble_code_in_time():
    car = Car(ready=False)
    car.modem.sim = Sim(pin_enabled=True)
    car.power()
    car.run(20 * S)
    assert registration_of(car.unit.modem) == "SIM_LOCKED"
    assert car.trouble() == set()
    car.run(4 * MIN)
    assert car.trouble() == {"SIM_NOT_USABLE", "NOT_REGISTERED"}
    assert car.at(f"AT+CPIN={PIN}")[-1] == "OK"
    car.until_registered(10 * S)


@pytest.mark.parametrize("wrong", [0, 3], ids=["PIN", "PUK"])
@pytest.mark.parametrize("trigger", ["crash", "sos"])
def test_with_a_locked_sim_the_emergency_number_of_the_country_is_called(trigger, wrong):
    """Any cell takes an emergency call; the border is crossed while the car still looks for a way to Assistance."""
    car = Car(ready=False)
    car.modem.sim = Sim(pin_enabled=True)
    car.power()
    car.run(20 * S)
    for _ in range(wrong):
        car.at("AT+CPIN=1111")
    getattr(car, trigger)()
    car.run(10 * S)
    assert car.dialled == []
    car.network.change(country="GB")
    assert car.connected().number == GB["emergency"]
    assert car.informed()["automatic"] is (trigger == "crash")
    assert [each["number"] for each in car.dialled] == [GB["emergency"]]


def test_a_silent_airbag_becomes_a_trouble_code(car):
    car.bench.parts["airbag"].transmit(False)
    car.run(7 * S)
    assert car.trouble() == {"CRASH_FRAME_MISSING"}


@pytest.mark.parametrize("phase", range(0, 1_000, 125))
def test_a_battery_that_comes_back_after_a_crash_finds_no_airbag_missing(car, phase):
    """Whenever in its second the unit looks: the airbag module had no supply to speak by."""
    car.crash()
    car.power(0.0)
    car.run(30 * S + phase * MS)
    car.power()
    car.run(3 * S)
    assert "CRASH_FRAME_MISSING" not in car.trouble()


def test_a_minute_of_nothing_leaves_no_trouble_code_and_calls_nobody(car):
    car.run(1 * MIN)
    assert car.trouble() == set()
    assert car.dialled == []
