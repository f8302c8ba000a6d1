"""RsInstrument, the maker's own library and the strictest, at the served instruments: nothing of ours in between."""

import numpy as np
import pytest
from RsInstrument import RsInstrument
from RsInstrument.Internal.InstrumentErrors import StatusException

from harness.units import MS
from tests.serve_instruments.served_lab import PATIENCE

WAYS = [("hislip", "pyvisa-py"), ("socket", "SocketIo"), ("socket", "pyvisa-py")]
KEYSIGHT = ["switch", "supply", "scope", "generator", "dmm"]
VISA_TIMEOUT_MS = round(PATIENCE * 1_000)
SHORT_MS = 500


@pytest.fixture
def connect(lab):
    instruments = []

    def connect(name, way, reset=True, **options):
        wire, visa = way
        chosen = {"SelectVisa": f"'{visa}'", "VisaTimeout": VISA_TIMEOUT_MS, "OpcTimeout": VISA_TIMEOUT_MS} | options
        instruments.append(
            RsInstrument(
                getattr(lab, wire)[name],
                id_query=name == "network_tester",  # it knows the makers that it is for
                reset=reset,
                options=", ".join(f"{key}={value}" for key, value in chosen.items()),
            )
        )
        return instruments[-1]

    yield connect
    for instrument in instruments:
        instrument.close()


@pytest.mark.parametrize("way", WAYS)
def test_the_network_tester_is_what_its_maker_expects(lab, connect, way):
    tester = connect("network_tester", way)
    assert tester.idn_string == lab.bench.parts["network_tester"].IDENTITY
    assert tester.full_instrument_model_name == "CMW"
    assert tester.instrument_serial_number == "1201.0002k50/123456"
    assert tester.instrument_firmware_version == "3.8.10"
    assert "KS500" in tester.instrument_options
    assert tester.query_opc()
    assert tester.query_all_errors() is None
    assert tester.self_test() == (0, None)
    tester.reset()
    tester.clear_status()
    tester.check_status()


@pytest.mark.parametrize("way", WAYS)
def test_an_error_is_found_and_named_and_the_queue_is_read_to_its_end(connect, way):
    tester = connect("network_tester", way)
    with pytest.raises(StatusException, match=r"-113.*Undefined header"):
        tester.write("NONSENSE 1")
    tester.instrument_status_checking = False
    for command in ("ANOTHER", "CONF:LTE:SIGN1:DL:RSEP:LEV 900", "CONF:LTE:SIGN1:DL:RSEP:LEV"):
        tester.write(command)
    errors = tester.query_all_errors()
    assert [error.partition(",")[0].lstrip('"') for error in errors] == ["-113", "-222", "-109"] or len(errors) == 3
    tester.write("NONSENSE")
    assert tester.query("SYST:ERR:ALL?").startswith('-113,"Undefined header')
    assert tester.query("SYST:ERR:ALL?") == '0,"No error"'


@pytest.mark.parametrize("way", WAYS)
def test_a_query_without_an_answer_times_out_with_the_instruments_reason_and_the_next_is_right(connect, way):
    tester = connect("network_tester", way)
    tester.visa_timeout = SHORT_MS
    with pytest.raises(StatusException, match="Undefined header"):
        tester.query("NONSENSE?")
    tester.visa_timeout = VISA_TIMEOUT_MS
    assert tester.query("*IDN?").startswith("Rohde&Schwarz")
    tester.check_status()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("mode", ["StbPolling", "OpcQuery"])
def test_a_cell_is_switched_in_step_with_the_instrument(lab, connect, way, mode):
    """By `*OPC?`, and by `*OPC` with the status byte polled: each waits until the cell is there."""
    lab.bench.parts["network_tester"].CELL_ON = lab.bench.parts["network_tester"].CELL_OFF = 200 * MS
    tester = connect("network_tester", way, reset=False, OpcWaitMode=mode)
    tester.opc_query_after_write = True
    tester.write_bool("SOUR:LTE:SIGN1:CELL:STAT", False)
    assert tester.query("SOUR:LTE:SIGN1:CELL:STAT:ALL?") == "OFF,ADJ"
    tester.opc_query_after_write = False
    tester.write_with_opc("SOUR:LTE:SIGN1:CELL:STAT ON")
    assert tester.query("SOUR:LTE:SIGN1:CELL:STAT:ALL?") == "ON,ADJ"
    assert tester.query_with_opc("SOUR:LTE:SIGN1:CELL:STAT?") == "ON"
    tester.write_float("CONF:LTE:SIGN1:DL:RSEP:LEV", -80.0)
    assert tester.query_float("CONF:LTE:SIGN1:DL:RSEP:LEV?") == -80


@pytest.mark.parametrize("name", KEYSIGHT)
@pytest.mark.parametrize("way", WAYS[:2])
def test_the_other_makers_instruments_stand_the_same(connect, name, way):
    instrument = connect(name, way)
    assert instrument.query_opc()
    assert instrument.query_all_errors() is None
    with pytest.raises(StatusException, match="Undefined header"):
        instrument.write("NONSENSE")
    instrument.write_with_opc("*CLS")
    assert instrument.query_with_opc("*IDN?") == instrument.idn_string
    instrument.check_status()


@pytest.mark.parametrize("way", WAYS)
def test_a_waveform_comes_as_a_block(connect, way):
    scope = connect("scope", way)
    scope.write(":TIM:RANG 0.001")
    scope.write_with_opc(":DIG")
    scope.write(":WAV:POIN 50000")
    data = scope.query_bin_block(":WAV:DATA?")
    assert len(data) == 50_000
    assert np.frombuffer(data, np.uint8).mean() == pytest.approx(128, abs=5)
    assert scope.query_int("*ESE?") >= 0
    scope.check_status()
