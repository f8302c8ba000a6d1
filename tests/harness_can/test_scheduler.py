"""The restbus on the wall clock: at most one frame a slot, counters right through a stall, no failure silent."""

import sys
import threading

import can
import pytest

from harness.can.cycle_error import CycleError
from harness.can.database import load_database
from harness.can.diagnostics import Diagnostics
from harness.can.e2e import Checker, Status, load_protections
from harness.can.network import Network
from harness.can.restbus import Restbus
from harness.can.scheduler import Cycle, Scheduler
from harness.clock import WallClock
from harness.errors import BenchError
from harness.timeline import Timeline
from harness.units import MS, US, S
from tests.harness_can.desk import VEHICLE

PATIENCE = 30 * S
"""Far more than anything here takes; the machine may be busy."""


class Turns:
    """One cycle of 10 ms, woken at instants that a test chooses."""

    def __init__(self, failing=False):
        self.error = CycleError()
        self.sent, self.failures, self.failing = [], [], failing
        self.now = 0
        self.cycle = Cycle(0x40, period=10 * MS, start=0, send=self.send, error=self.error, failed=self.failures.append)

    def send(self):
        if self.failing:
            raise can.CanOperationError("no buffer space")
        self.sent.append(self.now)

    def wake(self, now):
        self.now = now
        self.cycle.turn(now)
        return self.cycle.deadline


def test_a_frame_a_slot_on_the_grid_however_late_each_was():
    turns = Turns()
    assert [turns.wake(now * MS) for now in (0, 12, 20, 34)] == [10 * MS, 20 * MS, 30 * MS, 40 * MS]
    assert turns.sent == [0, 12 * MS, 20 * MS, 34 * MS]
    assert (turns.error.frames, turns.error.skipped, turns.error.longest) == (4, 0, 4 * MS)


def test_after_a_stall_one_frame_goes_out_and_the_missed_slots_are_skipped():
    turns = Turns()
    turns.wake(0)
    assert turns.wake(112 * MS) == 120 * MS  # 10 ... 110 were due
    assert turns.wake(120 * MS) == 130 * MS
    assert turns.sent == [0, 112 * MS, 120 * MS]
    assert (turns.error.skipped, turns.error.longest) == (10, 102 * MS)


def test_a_frame_does_not_come_shortly_before_the_next_one():
    turns = Turns()
    turns.wake(0)
    assert turns.wake(117 * MS) == 120 * MS  # put off
    assert turns.wake(120 * MS) == 130 * MS
    assert turns.sent == [0, 120 * MS]
    assert (turns.error.skipped, turns.error.longest) == (11, 110 * MS)


def test_who_is_always_late_sends_all_the_same():
    turns = Turns()
    due = 0
    for _ in range(10):
        due = turns.wake(due + 8 * MS)
    assert len(turns.sent) == 5


def test_a_frame_that_cannot_be_sent_is_told_and_the_next_ones_are_tried():
    turns = Turns(failing=True)
    turns.wake(0)
    turns.failing = False
    turns.wake(10 * MS)
    assert turns.sent == [10 * MS]
    assert [str(each) for each in turns.failures] == ["no buffer space"]


def test_quantiles_of_the_cycle_error_and_their_sum():
    one, whole = CycleError(), CycleError()
    for lateness in [*[10 * US] * 98, 5 * MS, 7 * MS]:
        one.add(0x40, lateness, skipped=lateness // (5 * MS))
    assert 10 * US <= one.quantile(0.5) <= 11 * US
    assert 5 * MS <= one.quantile(0.99) <= 5.5 * MS
    assert (one.quantile(1), one.longest, one.skipped) == (7 * MS, 7 * MS, 2)
    for _ in range(3):
        whole.absorb(one.told())
    assert (whole.frames, whole.skipped, whole.longest) == (300, 6, 7 * MS)
    assert whole.quantile(0.99) == pytest.approx(one.quantile(0.99), rel=0.11)
    assert CycleError().told()["p99_us"] == 0


@pytest.fixture
def bench():
    """A network with a played airbag on the wall clock, and what a peer at the other end of the wire got."""
    clock, timeline = WallClock(), Timeline()
    scheduler = Scheduler(clock)
    peer = can.Bus(interface="virtual", channel="scheduler")
    network = Network(
        "body",
        can.Bus(interface="virtual", channel="scheduler"),
        load_database(VEHICLE / "body.dbc"),
        timeline,
        clock,
        protections=load_protections(VEHICLE / "body.e2e.toml"),
        scheduler=scheduler,
        echoes=False,
    )
    clock.attach(network.pump)
    network.peer, network.scheduler = peer, scheduler
    network.bus_of = Restbus(network, {"airbag": "ACM"}, Diagnostics())
    yield network
    network.bus_of.close()
    scheduler.close()
    network.close()
    peer.shutdown()
    clock.close()


def wait(network, condition):
    assert network.clock.wait(condition, PATIENCE)


def received(network, identifier=0x40):
    found = []
    while (message := network.peer.recv(0)) is not None:
        if message.arbitration_id == identifier:
            found.append(bytes(message.data))
    return found


def stall_of_the_interface(network):
    """A frame of another message hangs in the driver for a tenth of a second."""
    hung = threading.Event()

    def hang():
        if not hung.is_set():
            hung.set()
            threading.Event().wait(0.1)

    network.scheduler.every(0x99, 10 * MS, hang, CycleError(), lambda _error: None)
    assert hung.wait(PATIENCE / S)


def stall_of_the_process(_network):
    """A computation in C that lets no other Python thread run."""
    begun = WallClock()
    while begun.now() < 100 * MS:
        sum(range(20_000_000))


@pytest.mark.parametrize("stall", [stall_of_the_interface, stall_of_the_process])
def test_counters_go_on_rightly_through_a_stall_and_nothing_is_made_up_for(bench, stall):
    begun = bench.clock.now()
    bench.bus_of.play("airbag")
    error = bench.sender.cycle_error
    wait(bench, lambda: error.frames > 30)
    stall(bench)
    before = error.frames
    wait(bench, lambda: error.frames > before + 30)
    bench.bus_of.close()
    took = bench.clock.now() - begun
    assert error.longest >= 90 * MS
    assert error.skipped >= 8
    frames = received(bench)
    slots = took // (10 * MS) + 2
    missed = slots - len(frames)
    assert missed >= 8, "the slots of the stall were made up for"
    checker = Checker(bench.protections["ACM_Crash"])
    assert {checker.check(data) for data in frames} == {Status.INITIAL, Status.OK}


def test_frames_of_the_test_s_own_take_their_place_in_the_counter(bench):
    played = bench.bus_of.play("airbag")["ACM_Crash"]
    for number in range(200):
        played.set(DeltaV=number / 2)
        played.send_once()
    bench.bus_of.close()
    frames = received(bench)
    assert len(frames) >= 200
    checker = Checker(bench.protections["ACM_Crash"])
    assert {checker.check(data) for data in frames} == {Status.INITIAL, Status.OK}


def test_our_own_frames_are_on_the_timeline_where_the_interface_does_not_hand_them_back(bench):
    bench.bus_of.play("airbag")
    bench.expect("ACM_Crash.CrashLevel", "NONE", PATIENCE)
    bench.send("ACM_Crash", DeltaV=5)
    bench.pump()
    assert bench.timeline.was("ACM_Crash.DeltaV", 5)


def test_a_frame_that_was_received_keeps_its_time_beside_our_own(bench):
    """It was on the bus before our own left, and reached us after."""
    now = bench.clock.now()
    for each in range(20):  # the interface's clock is the bench's
        bench._heard.hear(now + each * MS, now + each * MS + 1)
    late = can.Message(arbitration_id=0x2B0, data=bytes(2), is_extended_id=False, timestamp=(now + 5 * MS) / S)
    own = can.Message(arbitration_id=0x40, data=bytes(8), is_extended_id=False, is_rx=False)
    assert bench._instant(own, now + 40 * MS, bench._heard) == now + 40 * MS
    assert bench._instant(late, now + 50 * MS, bench._heard) < now + 6 * MS
    assert bench._instant(own, now + 40 * MS, bench._heard) == now + 40 * MS + 1


def test_an_interface_that_refuses_a_cyclic_frame_breaks_the_bench(bench, monkeypatch):
    def refuse(_frame, _timeout=None):
        raise can.CanOperationError("no buffer space")

    monkeypatch.setattr(bench.bus, "send", refuse)
    bench.bus_of.play("airbag")
    wait(bench, lambda: bench.failure is not None)
    with pytest.raises(BenchError, match="network body: it does not send: no buffer space"):
        bench.check_health()
    assert bench.timeline.events("body", "interface_failed")
    assert bench.sender.cycle_error.frames == 0


def test_the_switch_interval_of_the_process_is_put_back():
    before = sys.getswitchinterval()
    scheduler = Scheduler(WallClock())
    sent = threading.Event()
    scheduler.every(1, 10 * MS, sent.set, CycleError(), lambda _error: None)
    assert sent.wait(PATIENCE / S)
    assert sys.getswitchinterval() < before
    scheduler.close()
    assert sys.getswitchinterval() == before
    assert "restbus" not in {thread.name for thread in threading.enumerate()}


def test_a_cycle_that_was_stopped_sends_no_more():
    scheduler, sent = Scheduler(WallClock()), []
    first = threading.Event()
    cycle = scheduler.every(1, 1 * MS, lambda: (sent.append(1), first.set()), CycleError(), lambda _error: None)
    assert first.wait(PATIENCE / S)
    cycle.stop()
    count = len(sent)
    threading.Event().wait(0.02)
    scheduler.close()
    assert len(sent) == count
