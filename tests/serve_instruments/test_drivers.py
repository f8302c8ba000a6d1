"""Our drivers at the served instruments, over HiSLIP and over a raw socket, do what they do without."""

import pytest

from harness.clock import WallClock
from harness.errors import InstrumentError
from harness.ports import PsState
from harness.units import MS, S
from tests.lab.conftest import DRIVERS
from tests.lab.slow_supply import SlowSupply
from tests.serve_instruments.served_lab import PATIENCE


@pytest.fixture(params=["hislip", "socket"])
def driver(request, lab, opened):
    def driver(name, kind=None):
        return DRIVERS[kind or name](opened(getattr(lab, request.param)[name]), WallClock())

    return driver


def test_every_driver_knows_its_instrument_and_makes_it_safe(driver):
    for name in DRIVERS:
        instrument = driver(name)
        instrument.identify()
        instrument.make_safe()


def test_the_supply_feeds_the_battery_line(lab, driver):
    supply = driver("supply")
    supply.set_voltage(2, 12.5)
    supply.set_output(2, True)
    assert lab.call(lambda: lab.bench.line("battery").volts) == pytest.approx(12.5)
    assert supply.measure_voltage(2) == pytest.approx(12.5, abs=0.01)
    supply.make_safe()
    assert lab.call(lambda: lab.bench.line("battery").volts) == 0


def test_a_press_of_the_generator_is_measured_by_the_scope(driver):
    switch, generator, scope = driver("switch"), driver("generator"), driver("scope")
    switch.close(1021)
    generator.arm_pulse(1, 100 * MS, 5.0)
    scope.arm([1], 1, 2.5, before=20 * MS, after=180 * MS)
    generator.trigger(1)
    scope.wait("the acquisition", scope.is_done, timeout=20 * S)
    assert len(scope.fetch(1).volts) == 20_000
    assert scope.pulse_width(1) == pytest.approx(0.1, abs=50e-6)


def test_a_million_points_are_fetched(lab, driver):
    scope = driver("scope")
    scope.set_range(1, -1, 7)
    scope._points = 1_000_000
    scope.send(":TIM:RANG 0.01")
    scope.send(":TRIG:SWE AUTO")
    scope.send(":SING")
    scope.wait("the acquisition", scope.is_done, timeout=20 * S)
    assert len(scope.fetch(1).volts) == 1_000_000
    assert lab.pace.failure is None


def test_the_voltmeter_reads_what_is_there(lab, driver):
    lab.call(lambda: lab.bench.line("speaker").drive("test", 0.0, 1.0, 440.0))
    assert driver("dmm").measure_ac_volts() == pytest.approx(1.0, rel=0.01)


def test_the_network_tester_switches_its_cell(driver):
    tester = driver("network_tester")
    tester.set_cell(False)
    assert not tester.cell_is_on()
    assert tester.ps_state() == PsState.OFF


def test_after_a_timeout_the_next_answer_is_the_right_one_and_so_is_the_one_after(lab, driver):
    lab.add("slow", lab.call(lambda: SlowSupply(lab.bench)))
    supply = driver("slow", "supply")
    supply._resource.timeout = 300
    with pytest.raises(InstrumentError, match="did not answer 'MEAS:VOLT"):
        supply.measure_voltage(2)
    supply._resource.timeout = PATIENCE * 1_000
    assert supply.measure_voltage(2) == pytest.approx(0.0, abs=0.01)
    assert supply.measure_voltage(2) == pytest.approx(0.0, abs=0.01)
    supply.set_voltage(2, 3.0)


def test_an_instrument_that_breaks_off_is_a_bench_error_and_is_reached_again(lab, driver):
    supply = driver("supply")
    supply.identify()
    for wire in ("hislip", "socket"):
        lab.call(lab.servers[f"{wire}.supply"].disconnect)
    supply._resource.timeout = 300
    with pytest.raises(InstrumentError):
        supply.measure_voltage(2)
    assert driver("supply").measure_voltage(2) == pytest.approx(0.0, abs=0.01)
