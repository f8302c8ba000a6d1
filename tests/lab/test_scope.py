"""What the scope sees of the lines: pulses of the generator and of the relays, through driver, PyVISA and twin."""

import numpy as np
import pytest

from emulation import lab
from emulation.bench import EmulatedBench
from harness.errors import InstrumentError
from harness.units import MS, US, S
from instruments.keysight_infiniivision import TIMEBASE_PPM, sampling
from tests.lab.conftest import exchange


@pytest.fixture
def desk(bench, generator, switch, scope):
    return bench, generator, switch, scope


def measured_width(waveform, level=2.5):
    above = waveform.volts > level
    return np.flatnonzero(np.diff(above.astype(np.int8))) * waveform.interval + waveform.start


@pytest.mark.parametrize("width", [5 * MS, 100 * MS, 1_999 * MS, 2 * S])
def test_the_scope_sees_a_generator_pulse_within_both_timebases(desk, width):
    bench, generator, switch, scope = desk
    switch.close(1021)
    generator.arm_pulse(1, width, 5.0)
    scope.arm([1], 1, 2.5, before=20 * MS, after=width + 20 * MS)
    assert not scope.is_done()
    generator.trigger(1)
    bench.clock.sleep(width + 100 * MS)
    assert scope.is_done()
    waveform = scope.fetch(1)
    rise, fall = measured_width(waveform)[[0, -1]]
    allowed = width * (TIMEBASE_PPM + 2.0) * 1e-6 + 2 * waveform.interval + 10 * US
    assert abs((fall - rise) - width) <= allowed
    assert abs(rise) <= 2 * waveform.interval + 10 * US  # the trigger is where the line crosses its level
    assert scope.pulse_width(1) * S == pytest.approx(width, abs=allowed)
    assert waveform.volts.min() > -0.3
    assert waveform.volts.max() == pytest.approx(5.0, rel=0.03)


def test_a_burst_is_so_many_pulses_on_its_period(bench, generator, switch, scope):
    switch.close(1022)
    generator.arm_burst(1, 30 * MS, 100 * MS, 3, 5.0)
    scope.arm([2], 2, 2.5, before=10 * MS, after=400 * MS)
    generator.trigger(1)
    bench.clock.sleep(500 * MS)
    waveform = scope.fetch(2)
    edges = measured_width(waveform)
    edges = edges[np.r_[True, np.diff(edges) > 1 * MS]]  # noise may cross the level twice on one edge
    assert edges == pytest.approx([0, 30 * MS, 100 * MS, 130 * MS, 200 * MS, 230 * MS], abs=100 * US)


def test_the_scope_sees_a_press_by_relay(bench, switch, scope):
    scope.arm([1], 1, 2.5, before=20 * MS, after=700 * MS)
    switch.close(1001)
    bench.clock.sleep(500 * MS)
    switch.open(1001)
    bench.clock.sleep(300 * MS)
    assert scope.is_done()
    edges = measured_width(scope.fetch(1))
    assert edges[-1] - edges[0] == pytest.approx(500 * MS, abs=12 * MS)


def test_an_acquisition_that_is_not_triggered_is_given_up(bench, scope):
    scope.arm([1], 1, 2.5, before=10 * MS, after=10 * MS)
    bench.clock.sleep(1 * S)
    assert not scope.is_done()
    scope.stop()
    assert scope.is_done()
    with pytest.raises(InstrumentError, match=r"did not answer ':WAV:PRE\?'.*nothing was acquired yet"):
        scope.fetch(1)


def test_volts_outside_the_screen_are_clipped(bench, supply, scope):
    supply.set_voltage(2, 12)
    scope.arm([3], 3, 2.5, before=1 * MS, after=5 * MS)
    supply.set_output(2, True)
    bench.clock.sleep(10 * MS)
    assert scope.fetch(3).volts.max() == pytest.approx(6.5, abs=0.05)
    scope.set_range(3, 0, 16)
    supply.set_output(2, False)
    scope.arm([3], 3, 2.5, before=1 * MS, after=5 * MS)
    supply.set_output(2, True)
    bench.clock.sleep(10 * MS)
    assert scope.fetch(3).volts[-100:].mean() == pytest.approx(12, rel=0.025)


def test_noise_and_steps_are_as_the_waveform_says(bench, generator, switch, scope):
    switch.close(1021)
    generator.arm_pulse(1, 50 * MS, 5.0)
    scope.arm([1], 1, 2.5, before=100 * MS, after=60 * MS)
    generator.trigger(1)
    bench.clock.sleep(100 * MS)
    waveform = scope.fetch(1)
    assert waveform.volts[:5_000].std() == pytest.approx(waveform.noise_volts, rel=0.25)
    steps = waveform.volts / (8 / 256)
    assert np.array_equal(steps, np.round(steps))


def test_words_carry_the_same_samples_as_bytes(bench, generator, switch, scope, opened):
    switch.close(1021)
    generator.arm_pulse(1, 50 * MS, 5.0)
    scope.arm([1], 1, 2.5, before=10 * MS, after=60 * MS)
    generator.trigger(1)
    bench.clock.sleep(100 * MS)
    raw = opened("scope")
    as_bytes = raw.query_binary_values(":WAV:FORM BYTE;:WAV:DATA?", datatype="B", container=np.array)
    for order, big_endian in (("MSBF", True), ("LSBF", False)):
        as_words = raw.query_binary_values(
            f":WAV:FORM WORD;BYT {order};:WAV:DATA?", datatype="H", is_big_endian=big_endian, container=np.array
        )
        assert np.array_equal(as_words >> 8, as_bytes)


def test_a_million_points_come_over_in_realistic_time(bench, scope, generator, switch, opened):
    switch.close(1021)
    generator.arm_pulse(1, 2 * S, 5.0)
    scope.arm([1], 1, 2.5, before=1 * S, after=6 * S)
    generator.trigger(1)
    bench.clock.sleep(8 * S)
    waveform = scope.fetch(1)
    assert waveform.volts.shape == (1_000_000,)
    raw = opened("scope")
    start = bench.world.now
    words = raw.query_binary_values(":WAV:FORM WORD;:WAV:DATA?", datatype="H", is_big_endian=True, container=np.array)
    assert len(words) == 1_000_000
    assert 100 * MS < bench.world.now - start < 1 * S


@pytest.mark.parametrize(
    ("qualifier", "fires"),
    [("LESS", 20 * MS), ("GRE", 200 * MS), ("RANG", 70 * MS)],
)
def test_the_glitch_trigger_picks_a_pulse_by_its_width(desk, opened, qualifier, fires):
    bench, generator, switch, _ = desk
    scope = opened("scope")
    switch.close(1021)
    scope.write(
        ":TIM:RANG 0.01;:TRIG:SWE NORM;MODE GLIT;GLIT:SOUR CHAN1;LEV 2.5;LESS 0.05;GRE 0.1;QUAL "
        + (qualifier if qualifier != "RANG" else "RANG;RANG 0.09,0.05")
    )
    assert scope.query("SYST:ERR?").startswith("+0")
    scope.write(":SING")
    for width in sorted((20 * MS, 70 * MS, 200 * MS), key=lambda width: width == fires):
        assert int(scope.query(":OPER:COND?")) == 8  # the other widths did not fire
        generator.arm_pulse(1, width, 5.0)
        generator.trigger(1)
        bench.clock.sleep(2 * width)
    assert int(scope.query(":OPER:COND?")) == 0


def test_a_timebase_is_constant_in_a_run_and_another_in_the_next():
    def stretches(seed):
        bench = EmulatedBench(seed)
        lab.install(bench)
        return bench.parts["scope"]._stretch, bench.parts["generator"]._stretch

    assert stretches(1) == stretches(1)
    assert stretches(1) != stretches(2)
    assert all(abs(scope - 1) <= 25e-6 and abs(generator - 1) <= 2e-6 for scope, generator in map(stretches, range(20)))


@pytest.mark.parametrize(
    ("window", "points", "interval"),
    [(10 * MS, 1_000, 10_000), (2_100 * MS, 500_000, 4_200), (10 * S, 1_000_000, 10_000), (60 * S, 1_000_000, 60_000)],
)
def test_samples_are_ten_microseconds_apart_at_most_while_memory_lasts(window, points, interval):
    assert sampling(window) == (points, interval)


def test_a_running_scope_takes_one_waveform_after_the_other_until_it_is_stopped(bench):
    twin = bench.parts["scope"]
    exchange(twin, "RUN")
    records = []
    for _ in range(5):
        bench.world.run(until=bench.world.now + 200 * MS)
        assert int(exchange(twin, "OPER:COND?", within=10 * MS)) == 8
        records.append(twin._record)
    assert len({record.trigger for record in records}) == 5
    exchange(twin, "STOP")
    last = twin._record
    bench.world.run(until=bench.world.now + 1 * S)
    assert twin._record is last
    assert int(exchange(twin, "OPER:COND?")) == 0


def test_a_long_record_is_worked_out_in_slices_and_is_the_same_as_a_short_one(bench):
    twin = bench.parts["scope"]
    bench.line("sos_button").drive("test", 5.0)
    exchange(twin, "TIM:RANG 0.01;:DIG;*OPC?")
    start = bench.world.now
    twin.write(b"WAV:POIN 1000000;DATA?\n")
    bench.world.run(until=start + 10 * S, condition=twin.talk())
    assert bench.world.now - start >= 15 * MS + 1_000_000 * S // 12_000_000
    codes = np.frombuffer(bytes(twin.output())[10:-1], np.uint8)
    assert len(codes) == 1_000_000
    means = codes.reshape(-1, 1_000).mean(axis=1)
    assert means.std() < 0.1  # no seam between slices


@pytest.mark.parametrize(("setting", "sign"), [("CHAN1:INV ON", -1), ("CHAN1:PROB 2", 2)])
def test_inverting_and_the_probe_change_what_is_shown(bench, setting, sign):
    twin = bench.parts["scope"]
    bench.line("sos_button").drive("test", 1.5)
    exchange(twin, f"{setting};:DIG;*OPC?")
    assert float(exchange(twin, "MEAS:VMAX? CHAN1")) == pytest.approx(1.5 * sign, abs=0.25)
