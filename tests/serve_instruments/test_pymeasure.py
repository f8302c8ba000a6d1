"""pymeasure's own instruments at the served ones, over HiSLIP and over a raw socket: nothing of ours in between."""

import numpy as np
import pytest
from pymeasure.adapters import VISAAdapter
from pymeasure.instruments.agilent import Agilent33500, Agilent34410A
from pymeasure.instruments.hp import HP34401A
from pymeasure.instruments.keysight import KeysightDSOX1102G, KeysightE36312A

from harness.units import MS
from tests.serve_instruments.served_lab import PATIENCE

pytestmark = pytest.mark.filterwarnings("ignore:It is not known whether this device support SCPI:FutureWarning")


@pytest.fixture(params=["hislip", "socket"])
def connect(request, lab):
    adapters = []

    def connect(kind, name):
        address = getattr(lab, request.param)[name]
        ends = {"read_termination": "\n", "write_termination": "\n"}
        adapters.append(VISAAdapter(address, visa_library="@py", timeout=PATIENCE * 1_000, **ends))
        return kind(adapters[-1])

    yield connect
    for adapter in adapters:
        adapter.close()


def test_everything_scpi_has_in_common(lab, connect):
    kinds = {"supply": KeysightE36312A, "generator": Agilent33500, "scope": KeysightDSOX1102G, "dmm": Agilent34410A}
    for name, kind in kinds.items():
        instrument = connect(kind, name)
        instrument.clear()
        assert instrument.id == lab.bench.parts[name].IDENTITY
        assert instrument.options
        assert int(instrument.status) == 0
        assert instrument.complete == "1"
        instrument.reset()
        assert instrument.check_errors() == []
        instrument.write("NONSENSE")
        assert [error[0] for error in instrument.check_errors()] == [-113]


def test_the_supply_feeds_the_battery_line(lab, connect):
    supply = connect(KeysightE36312A, "supply")
    supply.ch_2.voltage_setpoint = 12.5
    supply.ch_2.current_limit = 0.8
    supply.ch_2.output_enabled = True
    assert supply.ch_2.voltage_setpoint == 12.5
    assert supply.ch_2.current_limit == 0.8
    assert supply.ch_2.output_enabled is True
    assert supply.ch_1.output_enabled is False
    assert supply.ch_2.voltage == pytest.approx(12.5, abs=0.01)
    assert supply.ch_2.current == pytest.approx(12.5 / 36, abs=0.001)
    assert lab.call(lambda: lab.bench.line("battery").volts) == 12.5
    supply.ch_2.output_enabled = False
    assert supply.complete == "1"
    assert lab.call(lambda: lab.bench.line("battery").volts) == 0
    assert supply.check_errors() == []


def test_the_generator_sends_bursts_of_pulses_and_says_when_they_are_out(lab, connect):
    generator = connect(Agilent33500, "generator")
    lab.call(lambda: lab.bench.parts["switch"].write(b"ROUT:CLOS (@1021)\n"))
    channel = generator.ch_1
    channel.output_load = "INF"
    channel.shape = "PULS"
    channel.pulse_period = 20e-3
    channel.pulse_width = 5e-3
    channel.pulse_hold = "WIDT"
    channel.pulse_transition = 20e-9
    channel.voltage_low, channel.voltage_high = 0, 5
    channel.burst_state = True
    channel.burst_mode = "TRIG"
    channel.burst_ncycles = 3
    generator.trigger_source = "BUS"
    channel.output = True
    assert (channel.shape, channel.burst_ncycles, channel.output) == ("PULS", 3, True)
    assert channel.pulse_dutycycle == pytest.approx(25)
    assert (channel.amplitude, channel.offset) == (5.0, 2.5)
    assert generator.check_errors() == []
    before = lab.call(lambda: len(lab.bench.line("sos_button")._history))
    generator.trigger()
    generator.wait_for_trigger()
    assert lab.call(lambda: len(lab.bench.line("sos_button")._history)) - before == 6
    assert generator.check_errors() == []


def test_the_generator_runs_a_square_and_a_sine(lab, connect):
    generator = connect(Agilent33500, "generator")
    lab.call(lambda: lab.bench.parts["switch"].write(b"ROUT:CLOS (@1023)\n"))
    generator.ch_2.output_load = "INF"
    generator.ch_2.shape = "SQU"
    generator.ch_2.frequency = 50
    generator.ch_2.square_dutycycle = 20
    assert generator.ch_2.square_dutycycle == 20
    generator.ch_2.shape = "SIN"
    generator.ch_2.frequency = 1_000
    generator.ch_2.amplitude = 0.2
    generator.ch_2.offset = 0
    generator.ch_2.output = "on"
    assert generator.ch_2.amplitude_unit == "VPP"
    assert generator.check_errors() == []
    assert lab.call(lambda: lab.bench.line("microphone").ac_volts) == pytest.approx(0.2 / 2 / 2**0.5)
    generator.beep()
    generator.display = "TEST"
    assert generator.check_errors() == []


def test_the_voltmeter_measures_as_the_34410a_does(lab, connect):
    lab.call(lambda: lab.bench.line("speaker").drive("test", 2.0, 1.0, 440.0))
    meter = connect(Agilent34410A, "dmm")
    assert meter.voltage_dc == pytest.approx(2, abs=0.01)
    assert meter.voltage_ac == pytest.approx(1, rel=0.01)
    assert meter.check_errors() == []


def test_the_voltmeter_is_set_up_as_the_34401a_is(lab, connect):
    lab.call(lambda: lab.bench.line("speaker").drive("test", 2.0))
    meter = connect(HP34401A, "dmm")
    meter.reset()
    meter.function_ = "DCV"
    assert meter.function_ == "DCV"
    assert meter.autorange is True
    meter.range_ = 10
    assert (meter.range_, meter.autorange) == (10, False)
    meter.nplc = 0.02
    meter.sample_count = 3
    meter.trigger_count = 2
    meter.trigger_delay = 1e-3
    assert meter.trigger_auto_delay_enabled is False
    assert meter.trigger_source == "IMM"
    assert meter.reading == pytest.approx([2.0] * 6, abs=0.01)
    assert meter.stored_readings_count == 6
    assert len(meter.stored_reading) == 6
    meter.function_ = "ACV"
    assert meter.function_ == "ACV"
    assert meter.autorange is True
    assert meter.terminals_used == "FRONT"
    meter.displayed_text = "TEST"
    assert meter.displayed_text == "TEST"
    meter.beep()
    assert meter.self_test_result == 0
    assert meter.check_errors() == []


def test_the_scope_tells_its_setup_and_shows_a_pulse(lab, connect):
    scope = connect(KeysightDSOX1102G, "scope")
    scope.default_setup()
    scope.timebase_setup(mode="main", offset=0, horizontal_range=0.1)
    assert scope.timebase == {"REF": "CENT", "MAIN:RANG": 0.1, "POS": 0.0, "MODE": "MAIN"}
    assert scope.timebase_scale == 0.01
    scope.ch1.setup(bwlimit=True, coupling="dc", display=True, label="SOS", offset=2, scale=1)
    setup = scope.ch1.current_configuration
    assert (setup["RANG"], setup["OFFS"], setup["DISP"], setup["BWL"]) == (8, 2, True, True)
    assert scope.ch1.label == '"SOS"'  # the library leaves the quotation marks on
    scope.acquisition_type, scope.acquisition_mode = "normal", "realtime"
    assert (scope.acquisition_type, scope.acquisition_mode) == ("normal", "realtime")
    for command in (":TRIG:SOUR CHAN1", ":TRIG:LEV 2.5", ":TRIG:SWE NORM"):
        scope.write(command)
    scope.digitize("channel1")

    def press():
        lab.bench.line("sos_button").drive("test", 5.0)
        lab.bench.world.call_at(lab.bench.world.now + 20 * MS, lambda _: lab.bench.line("sos_button").drive("test", 0))

    lab.call(lambda: lab.bench.world.call_at(lab.bench.world.now + 300 * MS, lambda _: press()))
    assert scope.complete == "1"
    data, preamble = scope.download_data("channel1", points=1000)
    assert (preamble["format"], preamble["points"]) == ("BYTE", 1000)
    assert data.shape == (1000,)
    assert np.count_nonzero(data > 2.5) * preamble["xincrement"] == pytest.approx(0.02, abs=2e-4)
    assert scope.check_errors() == []


def test_the_scope_runs_until_it_is_stopped(connect):
    scope = connect(KeysightDSOX1102G, "scope")
    scope.run()
    for _ in range(3):
        while scope.ask(":OPER:COND?").strip() != "+8":
            pass
    scope.stop()
    assert scope.ask(":OPER:COND?").strip() == "+0"
    assert scope.complete == "1"
