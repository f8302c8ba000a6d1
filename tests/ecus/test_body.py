"""The body module: ignition modes from terminals, through bounce, and the battery voltage (B-12)."""

import pytest

from emulation.ecus.body.body import Body
from harness.units import MS, S


@pytest.fixture
def car(car_of):
    car = car_of(Body)
    car.power().run(1 * S)
    return car


def modes(car):
    return car.values("CEM_Ignition", "Mode")


def test_the_key_goes_up_and_down_through_all_modes(car):
    """0, I, II, running, and back to 0 when the terminals open."""
    car.drive("terminal_s", 12)
    car.run(100 * MS)
    car.drive("terminal_15", 12)
    car.run(100 * MS)
    car.press("terminal_50", 300 * MS)
    car.run(1 * S)
    car.drive("terminal_15", 0)
    car.run(100 * MS)
    car.drive("terminal_s", 0)
    car.run(100 * MS)
    assert modes(car) == ["OFF", "I", "II", "RUNNING", "I", "OFF"]


def test_a_start_that_is_too_short_starts_nothing(car):
    """200 ms of terminal 50 turn the engine, and it does not catch."""
    car.drive("terminal_s", 12)
    car.drive("terminal_15", 12)
    car.run(100 * MS)
    car.press("terminal_50", 200 * MS, settle=1 * S)
    assert modes(car)[-1] == "II"


def test_terminal_50_alone_starts_nothing(car):
    """Nor with ignition I."""
    car.press("terminal_50", 1 * S)
    car.drive("terminal_s", 12)
    car.run(100 * MS)
    car.press("terminal_50", 1 * S)
    assert modes(car) == ["OFF", "I"]


def test_relays_that_bounce_and_close_one_after_the_other_show_no_mode_in_between(car):
    """Terminal 15 4 ms before terminal S, each bouncing: OFF, then II."""
    for line, times in (("terminal_15", (0, 1, 2)), ("terminal_s", (4, 5, 6))):
        for at in times:
            for offset, volts in ((0, 12), (500_000, 0)):
                car.world.call_at(1 * S + at * MS + offset, lambda pair: car.drive(*pair), (line, volts))
        car.world.call_at(1 * S + (times[-1] + 1) * MS, lambda pair: car.drive(*pair), (line, 12))
    car.run(200 * MS)
    assert modes(car) == ["OFF", "II"]


def test_the_mode_is_told_on_change_within_20_ms(car):
    """Debounced for 10 ms, then sent at once."""
    at = car.world.now
    car.drive("terminal_s", 12)
    car.run(20 * MS)
    assert car.now("CEM_Ignition", "Mode") == "I"
    assert car.sent("CEM_Ignition", at)


@pytest.mark.parametrize("volts", [6.5, 9.0, 12.6, 16.0, 30.0])
def test_the_battery_voltage_is_told_to_a_tenth(car, volts):
    """And what the signal cannot hold is told as its end."""
    car.power(volts).run(300 * MS)
    assert car.now("CEM_Power", "BatteryVoltage") == pytest.approx(min(volts, 25.5))


def test_a_start_switch_that_does_not_open_is_a_fault(car):
    """Thirty seconds of terminal 50."""
    car.drive("terminal_50", 12)
    car.run(29 * S)
    assert not car.ecus[0].uds.memory.with_status(0x01)
    car.run(2 * S)
    assert [entry.code for entry in car.ecus[0].uds.memory.with_status(0x01)] == [0x9A102A]
