"""What goes wrong between car and bench is the bench's fault, named by its place; what the car does is the car's."""

from __future__ import annotations

import pytest

from emulation import plugin
from fixtures.stage import Stage
from harness.can.alive import gaps, losses
from harness.can.e2e import Corruption
from harness.errors import BenchError, ExpectationError
from harness.units import MS, S
from tests.troubles.cases import CASES, GONE, breaks_and_mends, make, watch


@pytest.mark.parametrize("name", CASES)
def test_a_trouble_is_the_bench_s_fault_at_its_place_and_over_once_it_is_mended(emulated, name):
    breaks_and_mends(emulated, *CASES[name])


def test_an_interface_that_is_gone_is_the_bench_s_fault(opened):
    where, what, act, place = GONE
    bench = opened()
    make(bench, where, what)
    with pytest.raises(BenchError, match=place):
        act(bench)


@pytest.mark.parametrize(("where", "what"), [("serial.modem", "silent"), ("serial.modem", "closes"),
                                             ("serial.modem", "garbage"), ("serial.head_unit", "restarts"),
                                             ("serial.gnss", "garbage"), ("can.body", "bus_off"),
                                             ("can.body", "closes"), ("offboard", "refuses")])  # fmt: skip
def test_an_expectation_that_is_not_met_while_the_bench_was_disturbed_blames_the_bench(opened, where, what):
    stage = Stage(opened())
    make(stage.bench, where, what)
    stage.bench.clock.sleep(2 * S)
    if (where, what) == ("serial.modem", "garbage"):
        stage.bench.modem.answers()
    with pytest.raises(BenchError, match=r"(?s)never rang.*cannot be blamed"), stage.fairly():
        raise ExpectationError("it never rang")


def test_an_expectation_that_is_not_met_on_a_bench_that_was_whole_blames_the_car(opened):
    stage = Stage(opened())
    stage.bench.clock.sleep(2 * S)
    with pytest.raises(ExpectationError, match=r"^it never rang$"), stage.fairly():
        raise ExpectationError("it never rang")


@pytest.mark.parametrize("what", ["closes", "bus_off"])
def test_a_pass_on_a_bench_that_did_not_watch_its_network_all_the_time_proves_nothing(opened, what):
    stage = Stage(opened())
    stage.conclude()
    make(stage.bench, "can.body", what, lasts=1 * S)
    stage.bench.clock.sleep(2 * S)
    with pytest.raises(BenchError, match="a pass proves nothing: network body"):
        stage.conclude()


def test_a_port_that_is_gone_while_the_car_has_no_power_is_no_trouble(opened):
    """A modem on USB goes with its supply."""
    stage = Stage(opened())
    stage.car.power_off()
    make(stage.bench, "serial.modem", "closes")
    stage.bench.clock.sleep(1 * S)
    with pytest.raises(ExpectationError), stage.fairly():
        raise ExpectationError("it never rang")


# Whose frames are missing


def car(name):
    return plugin.active().parts[name]


def test_an_ecu_that_stops_is_the_car_s_failure(opened):
    bench = opened()
    car("overhead_console").transmit(False)
    with pytest.raises(ExpectationError):
        watch(bench)


def test_an_ecu_that_pauses_is_the_car_s_failure(opened):
    """Its counter goes on where it stood."""
    bench = opened()
    for _ in range(3):
        car("airbag").transmit(False)
        bench.clock.sleep(70 * MS)
        car("airbag").transmit(True)
        bench.clock.sleep(100 * MS)
    assert list(gaps(bench.networks["body"], 0, bench.clock.now())) == []
    with pytest.raises(ExpectationError):
        watch(bench)


def test_an_ecu_that_skips_counters_is_the_car_s_failure(opened):
    bench = opened()
    begin = bench.clock.now()
    outgoing = car("airbag")._outgoing["ACM_Crash"]
    bench.clock.sleep(50 * MS)
    for _ in range(5):
        outgoing._counter += 3
        bench.clock.sleep(50 * MS)
    body = bench.networks["body"]
    assert len(list(gaps(body, begin, bench.clock.now()))) == 5
    assert losses(body, begin, bench.clock.now()) == ""
    with pytest.raises(ExpectationError):
        body.expect("OHC_Status.Sos", "PRESSED", 100 * MS, since=begin)


def test_an_ecu_that_boots_is_no_loss(opened):
    bench = opened()
    begin = bench.clock.now()
    for number in range(15):  # the counter's last value differs each time: one of them fits the hole
        car("airbag").reset()
        bench.clock.sleep(301 * MS + number * 7 * MS)
    assert losses(bench.networks["body"], begin, bench.clock.now()) == ""


@pytest.mark.parametrize("share", [0.05, 0.5, 1.0])
def test_lost_frames_are_told_with_their_messages(opened, share):
    bench = opened()
    begin = bench.clock.now()
    make(bench, "can.body", "drops_frames", share=share, lasts=700 * MS)
    bench.clock.sleep(2 * S)
    told = losses(bench.networks["body"], begin, bench.clock.now())
    assert "ACM_Crash" in told
    assert losses(bench.networks["body"], begin + 1 * S, bench.clock.now()) == ""


def test_what_the_tester_sends_wrong_on_purpose_is_no_trouble(opened):
    bench = opened()
    begin = bench.clock.now()
    airbag = bench.restbus["body"].take_over("airbag")
    for _ in range(5):
        airbag["ACM_Crash"].stop()
        bench.clock.sleep(50 * MS)
        airbag["ACM_Crash"].send_once(Corruption.SKIPPED_COUNTERS)  # as many as the hole has cycles
        airbag["ACM_Crash"].start()
        bench.clock.sleep(100 * MS)
    bench.restbus["body"].give_back("airbag")
    bench.clock.sleep(1 * S)
    assert losses(bench.networks["body"], begin, bench.clock.now()) == ""
    with pytest.raises(ExpectationError):
        watch(bench)


def test_a_network_on_which_nobody_is_heard_is_the_bench_s_fault(opened):
    bench = opened()
    make(bench, "can.body", "drops_frames", share=1.0)
    with pytest.raises(BenchError, match="nobody was heard"):
        bench.networks["body"].expect("OHC_Status.Sos", "PRESSED", 2 * S)
