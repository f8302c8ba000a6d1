"""The shipped emulated bench, through the very plug-ins a real bench would use: opened, used, and left safe."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from harness import msd, ports
from harness.bench import Bench, load
from harness.bench.safety import Terminated
from harness.can.e2e import Corruption
from harness.errors import BenchError, ExpectationError, InstrumentError
from harness.units import MS, S

FILE = load(Path(__file__).parents[2] / "benches" / "emulated.toml")


@pytest.fixture
def bench():
    with Bench.open(FILE, seed=3) as bench:
        yield bench


@pytest.fixture
def car(bench):
    """The bench with the car's supply on."""
    bench.lines["battery"].set_voltage(12.6)
    bench.lines["battery"].set_power(True)
    bench.clock.sleep(1 * S)
    return bench


def test_every_instrument_has_said_who_it_is(bench):
    assert set(bench.identities) == set(FILE.instrument)
    assert isinstance(bench.instrument(ports.NetworkTester), object)
    assert str(bench.identities["supply"]).startswith("Keysight")


def test_a_part_that_the_file_does_not_have_is_told():
    file = FILE.model_copy(update={"serial": {}, "offboard": None})
    with Bench.open(file) as bench:
        for part in ("modem", "gnss", "head_unit", "offboard"):
            with pytest.raises(BenchError, match=part):
                getattr(bench, part)
        with pytest.raises(BenchError, match="did you mean 'sos_button'"):
            bench.line("sos_buton")


def test_a_press_is_on_the_timeline_and_seen_by_the_console(car):
    car.lines["sos_button"].press()
    assert car.lines["sos_button"].is_pressed()
    car.networks["body"].expect("OHC_Status.Sos", "PRESSED", 1 * S)
    (event,) = [event for event in car.timeline.events("tester", "line") if event.data["line"] == "sos_button"]
    assert event.data["active"] is True


def test_the_label_on_the_windshield_is_what_every_ecu_says(car):
    assert {uds.vin() for uds in car.diagnostics.values()} == {FILE.bench.vin}


def test_an_ecu_that_is_present_is_taken_over_and_given_back(car):
    network, restbus = car.networks["body"], car.restbus["body"]
    node = restbus.take_over("airbag")
    node["ACM_Crash"].corruption = Corruption.WRONG_CRC
    node["ACM_Crash"].set(DeltaV=12.0)
    network.expect("ACM_Crash.DeltaV", 12.0, 100 * MS)
    protection = network.protections["ACM_Crash"]
    assert not protection.crc_is_right(network.newest[0x40])
    restbus.give_back("airbag")
    network.expect("ACM_Crash.DeltaV", 0.0, 100 * MS)
    assert protection.crc_is_right(network.newest[0x40])


def test_the_display_is_read_and_touched(car):
    car.lines["terminal_s"].press()
    car.networks["body"].expect("CEM_Ignition.Mode", "I", 1 * S)
    car.clock.sleep(8 * S)
    car.head_unit.open("Settings", "SOS/ON CALL")
    assert car.head_unit.page() == "Settings > SOS/ON CALL"
    assert "button_lock" in car.head_unit.texts()
    with pytest.raises(ExpectationError, match="TAP nothing"):
        car.head_unit.tap("nothing")


def test_positions_come_from_the_receiver(car):
    fix = car.gnss.wait_fix(60 * S)
    assert (round(fix.latitude, 2), round(fix.longitude, 2)) == (57.71, 11.97)
    assert car.gnss.bad_sentences == 0


def test_a_call_for_help_is_seen_on_every_wire_and_hung_up_at_the_end():
    with Bench.open(FILE, seed=1) as bench:
        bench.lines["battery"].set_voltage(12.6)
        bench.lines["battery"].set_power(True)
        bench.lines["terminal_s"].press()
        bench.modem.wait_answering(30 * S)
        bench.modem.wait_registered(60 * S)
        bench.networks["body"].expect("TCU_Status.Ready", 1, 60 * S)
        bench.interlock.check()
        bench.lines["sos_button"].press()
        bench.clock.sleep(2500 * MS)
        bench.lines["sos_button"].release()
        bench.networks["body"].expect("TCU_Call.State", "CONNECTED", 30 * S)
        bench.clock.sleep(5 * S)
        (call,) = bench.offboard.calls("assistance")
        message = msd.decode(bytes.fromhex(call.msd_hex or ""))
        assert not message.automatic
        assert message.vin == FILE.bench.vin
        assert message.distance_metres(57.7089, 11.9746) < 150
        assert [call.state for call in bench.modem.calls()] == ["active"]
        timeline = bench.timeline
    states = [event.data["state"] for event in timeline.events("modem", "call")]
    assert states == ["dialling", "alerting", "active", "ended"]
    assert timeline.events("assistance", "answered")


def outputs(bench):
    """What is still on, by the instruments' own answers."""
    supply, switch = bench.instrument(ports.Supply), bench.instrument(ports.Switch)
    return supply.output_is_on(2), switch.is_closed(1001)


@pytest.mark.parametrize("error", [ExpectationError, KeyboardInterrupt, ZeroDivisionError])
def test_the_bench_is_safe_after_any_exception(error, monkeypatch):
    seen = []
    make_safe = Bench._safe_steps
    monkeypatch.setattr(
        Bench, "_safe_steps", lambda self: [*make_safe(self), ("look", lambda: seen.append(outputs(self)))]
    )

    def run():
        with Bench.open(FILE) as bench:
            bench.lines["battery"].set_power(True)
            bench.lines["sos_button"].press()
            assert outputs(bench) == (True, True)
            raise error

    with pytest.raises(error):
        run()
    assert seen == [(False, False)]


def test_sigterm_ends_the_run_and_leaves_the_bench_safe(monkeypatch):
    seen = []
    make_safe = Bench._safe_steps
    monkeypatch.setattr(
        Bench, "_safe_steps", lambda self: [*make_safe(self), ("look", lambda: seen.append(outputs(self)))]
    )
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL

    def run():
        with Bench.open(FILE) as bench:
            bench.lines["battery"].set_power(True)
            os.kill(os.getpid(), signal.SIGTERM)
            bench.clock.sleep(1 * S)

    with pytest.raises(Terminated):
        run()
    assert seen == [(False, False)]
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_a_signal_during_the_safe_state_waits_until_it_is_reached(monkeypatch):
    order = []
    make_safe = Bench._safe_steps

    def disturbed(self):
        return [
            ("signal", lambda: os.kill(os.getpid(), signal.SIGINT)),
            *make_safe(self),
            ("end", lambda: order.append("safe")),
        ]

    monkeypatch.setattr(Bench, "_safe_steps", disturbed)
    with pytest.raises(KeyboardInterrupt), Bench.open(FILE):
        pass
    assert order == ["safe"]


def test_one_instrument_that_fails_does_not_keep_the_others_on(monkeypatch):
    bench = Bench.open(FILE)
    bench.lines["battery"].set_power(True)
    switch = bench.instruments["switch"]
    supply = bench.instrument(ports.Supply)
    was_on = []

    def stuck(_self):
        raise InstrumentError("relay 1001 is still closed")

    monkeypatch.setattr(type(switch), "make_safe", stuck)
    monkeypatch.setattr(bench.instruments["dmm"], "make_safe", lambda: was_on.append(supply.output_is_on(2)))
    with pytest.raises(BenchError, match=r"NOT in its safe state:\nswitch: .*1001 is still closed"):
        bench.close()
    assert was_on == [False]


def test_instruments_that_are_missing_are_all_named_and_the_others_left_safe():
    table = FILE.instrument["scope"]
    missing = {
        name: table.model_copy(update={"resource": f"TCPIP::nobody-{name}::hislip0::INSTR"})
        for name in ("scope", "extra")
    }
    file = FILE.model_copy(update={"instrument": FILE.instrument | missing})
    with pytest.raises(InstrumentError) as caught:
        Bench.open(file)
    for name in missing:
        assert f"instrument {name} (instruments.keysight_infiniivision:InfiniiVision) at TCPIP::nobody-{name}" in str(
            caught.value
        )


def test_a_port_that_is_missing_is_named():
    serial = FILE.serial["gnss"].model_copy(update={"url": "emulated://gns"})
    with pytest.raises(BenchError, match="serial port gnss at emulated://gns cannot be opened"):
        Bench.open(FILE.model_copy(update={"serial": {"gnss": serial}}))


def test_faults_need_an_emulated_bench():
    real = FILE.model_copy(update={"bench": FILE.bench.model_copy(update={"clock": "wall"})})
    with pytest.raises(BenchError, match="wall time"):
        Bench.open(real, faults=("EagerConsole",))


def test_a_fault_that_does_not_exist_is_told():
    with pytest.raises(BenchError, match="unknown fault"):
        Bench.open(FILE, faults=("NoSuchFault",))


def test_the_same_seed_gives_the_same_timeline_and_another_does_not():
    def run(seed):
        with Bench.open(FILE, seed=seed) as bench:
            bench.lines["battery"].set_voltage(12.6)
            bench.lines["battery"].set_power(True)
            bench.clock.sleep(3 * S)
            bench.diagnostics["airbag"].software_version()
        return bench.timeline.digest()

    assert run(5) == run(5)
    assert run(5) != run(6)


def test_off_board_errors_name_method_path_and_answer(bench):
    with pytest.raises(BenchError, match=r"PUT /network at emulated://offboard answered 422: .*covrage"):
        bench.offboard.set_network(covrage="none")
    with pytest.raises(BenchError, match=r"GET /nowhere .*answered 404"):
        bench.offboard.request("GET", "/nowhere")


def test_what_is_said_to_instruments_is_kept(bench):
    bench.lines["sos_button"].press()
    sent = [event.data["text"] for event in bench.timeline.events("switch", "scpi")]
    assert any("1001" in text for text in sent)
