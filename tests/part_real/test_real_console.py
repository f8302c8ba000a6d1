"""The reverse: the car is real, its telematics unit played from here; a served console is judged on CAN."""

from __future__ import annotations

import pytest

from harness.actors import Car
from harness.bench import Bench
from harness.catalogue import limit
from harness.units import MS, S
from tests.part_real.part import bench_of
from tests.serving import served

PATIENCE = 30 * S
HOLD = limit("sos_hold")


@pytest.fixture(scope="module")
def bench():
    with (
        served("--without", "telematics") as process,
        Bench.open(bench_of("part-telematics-emulated", process)) as bench,
    ):
        Car(bench).power()
        bench.networks["body"].expect("OHC_Status.Sos", "IDLE", PATIENCE)
        yield bench


def press(bench, duration):
    """The button's relay; the interlock is not asked, because nothing is there that could dial. Returns when."""
    start = bench.clock.now()
    bench.line("sos_button").press()
    bench.clock.sleep(duration)
    bench.line("sos_button").release()
    bench.networks["body"].expect("OHC_Status.Sos", "IDLE", PATIENCE)
    return start


def test_the_console_lights_its_lamp_because_the_played_unit_is_ready(bench):
    bench.networks["body"].expect("OHC_Status.SosLamp", "ON", PATIENCE)
    bench.restbus["body"].played["telematics"]["TCU_Status"].set(Ready=0)
    bench.networks["body"].expect("OHC_Status.SosLamp", "OFF", PATIENCE)
    bench.restbus["body"].played["telematics"]["TCU_Status"].set(Ready=1)
    bench.networks["body"].expect("OHC_Status.SosLamp", "ON", PATIENCE)


def test_the_console_asks_for_a_call_after_the_hold_and_not_before(bench):
    start = press(bench, HOLD // 2)
    bench.clock.sleep(100 * MS)
    assert Car(bench).requests(start) == []
    start = press(bench, HOLD + 300 * MS)
    (asked,) = Car(bench).requests(start)
    pressed = bench.timeline.first("OHC_Status.Sos", "PRESSED", start)
    assert abs(asked - pressed - HOLD) < 50 * MS  # both stamped by the server


def test_locked_by_the_played_unit_the_console_asks_for_nothing(bench):
    unit = bench.restbus["body"].played["telematics"]["TCU_Status"]
    unit.set(ButtonLock="LOCKED")
    bench.networks["body"].expect("OHC_Status.SosLamp", "OFF", PATIENCE)
    start = press(bench, HOLD + 300 * MS)
    assert bench.timeline.was("OHC_Status.Sos", "PRESSED", start)
    assert Car(bench).requests(start) == []
    unit.set(ButtonLock="UNLOCKED")


def test_a_played_unit_answers_no_diagnostics_and_the_others_do(bench):
    assert "telematics" not in set(bench.diagnostics)
    assert bench.diagnostics["overhead_console"].vin() == bench.file.bench.vin


def test_a_unit_that_is_there_is_not_played_beside_itself(bench):
    assert set(bench.restbus["body"].played) == {"telematics"}
