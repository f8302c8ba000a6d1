"""What each instrument does to the car's lines, and what it reads from them, through driver, PyVISA and twin."""

import numpy as np
import pytest

from harness.errors import InstrumentError
from harness.ports import PsState
from harness.units import MS, US, S
from tests.lab.conftest import exchange

LINES = {1001: "sos_button", 1002: "on_call_button", 1003: "terminal_s", 1004: "terminal_15", 1005: "terminal_50"}


# Switch


@pytest.mark.parametrize(("channel", "line"), LINES.items())
def test_a_relay_drives_its_line_and_lets_go(bench, switch, channel, line):
    switch.close(channel)
    assert bench.line(line).volts == (5.0 if channel <= 1002 else 12.0)
    assert switch.is_closed(channel)
    switch.open(channel)
    assert bench.line(line).volts == 0.0
    assert not switch.is_closed(channel)


def test_contacts_bounce_for_two_milliseconds_at_most_when_they_close(bench, switch):
    line = bench.line("sos_button")
    bounced = 0
    for _ in range(20):
        start = bench.world.now
        switch.close(1001)
        samples = line.sample(start, 10 * US, (bench.world.now - start) // (10 * US)) > 2.5
        rises = np.flatnonzero(~samples[:-1] & samples[1:])
        bounced += len(rises) > 1
        assert (rises[-1] - rises[0]) * 10 * US <= 2 * MS
        switch.open(1001)
    assert 5 < bounced < 20  # some closings bounce, some do not


def test_all_relays_open_when_made_safe(bench, switch):
    switch.close(1001, 1003, 1064)
    switch.make_safe()
    assert not any(switch.is_closed(channel) for channel in (1001, 1003, 1064))
    assert not bench.line("sos_button").is_high


def test_opening_a_relay_that_is_still_closing_leaves_it_open(bench):
    twin = bench.parts["switch"]
    exchange(twin, "ROUT:CLOS (@1001);OPEN (@1001);*OPC?")
    assert not bench.line("sos_button").is_high


# Supply


def test_output_2_is_the_battery(bench, supply):
    supply.set_voltage(2, 13.8)
    assert bench.line("battery").volts == 0.0
    supply.set_output(2, True)
    assert bench.line("battery").volts == 13.8
    assert supply.measure_voltage(2) == pytest.approx(13.8, abs=5e-3)
    assert 0.2 < supply.measure_current(2) < 0.6
    supply.make_safe()
    assert bench.line("battery").volts == 0.0


def test_two_readings_differ_by_noise(supply):
    supply.set_voltage(2, 12)
    supply.set_output(2, True)
    readings = [supply.measure_voltage(2) for _ in range(50)]
    assert 0.1e-3 < np.std(readings) < 2e-3


def test_current_limit_lowers_the_voltage(bench, supply):
    supply.set_voltage(2, 12)
    supply.set_current_limit(2, 0.1)
    supply.set_output(2, True)
    assert bench.line("battery").volts < 5
    assert supply.measure_current(2) == pytest.approx(0.1, abs=1e-3)


def test_overvoltage_protection_trips_and_is_cleared(bench, supply):
    supply.set_voltage(2, 12)
    supply.set_overvoltage_protection(2, 15)
    supply.set_output(2, True)
    supply.set_voltage(2, 16)
    assert not supply.output_is_on(2)
    assert supply.protection_tripped(2)
    assert bench.line("battery").volts == 0
    with pytest.raises(InstrumentError, match="did not stay on; its protection has tripped"):
        supply.set_output(2, True)
    supply.set_voltage(2, 12)
    supply.clear_protection(2)
    supply.set_output(2, True)
    assert bench.line("battery").volts == 12


# Generator


def test_the_sine_reaches_the_microphone_through_its_relay(bench, generator, switch):
    generator.sine(2, 1_000, 0.1)
    assert bench.line("microphone").ac_volts == 0.0
    switch.close(1023)
    assert bench.line("microphone").ac_volts == pytest.approx(0.1, rel=1e-6)
    generator.off(2)
    assert bench.line("microphone").ac_volts == 0.0


def test_a_generator_that_believes_in_50_ohm_gives_twice_the_volts_to_an_open_line(bench, generator, switch):
    switch.close(1021)
    generator.send("SOUR1:FUNC DC;VOLT:OFFS 2;:OUTP1 ON")
    assert bench.line("sos_button").volts == pytest.approx(4.0)
    generator.send("OUTP1:LOAD INF")
    assert bench.line("sos_button").volts == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("arm", "reason"),
    [
        (lambda g: g.arm_pulse(1, 2 * S, 11.0), "Settings conflict"),
        (lambda g: g.arm_burst(1, 2 * S, 1 * S, 2, 5.0), "does not fit"),
        (lambda g: g.arm_pulse(1, 5, 5.0), "out of range"),
        (lambda g: g.arm_pulse(3, 1 * S, 5.0), "no channel 3"),
        (lambda g: g.trigger(2), "Trigger ignored"),
    ],
)
def test_the_generator_refuses_what_it_cannot_do(generator, arm, reason):
    with pytest.raises(InstrumentError, match=reason):
        arm(generator)
    generator.send("*CLS")


def test_a_second_trigger_while_the_pulse_is_out_is_refused(bench, generator, switch):
    switch.close(1021)
    generator.arm_pulse(1, 1 * S, 5.0)
    generator.trigger(1)
    with pytest.raises(InstrumentError, match="Trigger ignored"):
        generator.trigger(1)
    bench.clock.sleep(2 * S)
    generator.trigger(1)
    generator.off(1)
    assert not bench.line("sos_button").is_high


# Multimeter


def test_the_multimeter_reads_the_speakers_voice(bench, dmm):
    assert dmm.measure_ac_volts() < 0.01
    bench.line("speaker").drive("telematics", 0.0, ac_volts=1.0, ac_hertz=440)
    assert dmm.measure_ac_volts() == pytest.approx(1.0, rel=0.01)
    bench.line("speaker").drive("telematics", 0.25)
    assert dmm.measure_dc_volts() == pytest.approx(0.25, abs=1e-3)


def test_a_reading_takes_its_integration_time(bench, dmm):
    start = bench.world.now
    dmm.measure_ac_volts()
    assert 50 * MS <= bench.world.now - start < 100 * MS


def test_a_voltage_above_the_range_is_no_reading(bench, dmm):
    bench.line("speaker").drive("fault", 0.0, ac_volts=20.0, ac_hertz=440)
    with pytest.raises(InstrumentError, match="could not measure"):
        dmm.measure_ac_volts()


def test_the_memory_holds_as_many_readings_as_were_asked_for(opened):
    dmm = opened("dmm")
    dmm.timeout = 10_000
    dmm.write("CONF:VOLT:DC 10;:SAMP:COUN 3;:VOLT:NPLC 1;:INIT")
    assert len(dmm.query("FETC?").split(",")) == 3
    dmm.write("TRIG:SOUR BUS;:READ?")
    assert dmm.query("SYST:ERR?").startswith("-221")


# Network tester


def test_the_cell_goes_off_and_on_and_says_when(bench, network_tester):
    network = bench.parts["network"]
    assert network_tester.cell_is_on()
    network_tester.set_cell(False)
    assert not network.cell_on
    assert network_tester.ps_state() is PsState.OFF
    start = bench.world.now
    network_tester.set_cell(True)
    assert bench.world.now - start >= 3 * S
    assert network_tester.ps_state() is PsState.ON


def test_the_tester_shows_attachment_connection_and_level(bench, network_tester):
    attached = bench.parts["network"].attach("001010123456789")
    with pytest.raises(InstrumentError, match="only while it is attached"):
        network_tester.rsrp_dbm()
    assert bench.world.run(until=bench.world.now + 10 * S, condition=attached)
    assert network_tester.ps_state() is PsState.ATTACHED
    network_tester.connect()
    assert network_tester.ps_state() is PsState.CONNECTION_ESTABLISHED
    network_tester.disconnect()
    assert network_tester.ps_state() is PsState.ATTACHED
    network_tester.set_cell_power(-95.3)
    assert network_tester.rsrp_dbm() == pytest.approx(-95.3, abs=0.5)
    network_tester.detach()
    assert network_tester.ps_state() is PsState.ON
    with pytest.raises(InstrumentError, match="no subscriber"):
        network_tester.connect()
