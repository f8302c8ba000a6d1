"""One ECU real, the car around it played: a served telematics unit believes our frames exactly when they are right.

On the wall clock, over sockets: a telematics unit in a process of its own, everything else of the car sent from here.
"""

from __future__ import annotations

import can
import can.interfaces.socketcand
import pytest

from harness.actors import Button, Car, Crash, Driver, Level, Operator
from harness.bench import Bench
from harness.can.e2e import Checker, Corruption, Status
from harness.catalogue import limit
from harness.units import MS, S
from tests.part_real.part import bench_of
from tests.serving import served

READY = 60 * S


@pytest.fixture(scope="module")
def bench():
    """The bench with a powered, ready telematics unit; the identifiers of all that we sent are in `sent`."""
    with served("--only", "telematics") as process:
        file = bench_of("part-telematics-real", process)
        sent: list[can.Message] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("can.interfaces.socketcand.SocketCanDaemonBus.send", recorded(sent))
            with Bench.open(file) as bench:
                bench.sent = sent
                Car(bench).power()
                Car(bench).wait_ready(READY)
                yield bench


def recorded(sent):
    send = can.interfaces.socketcand.SocketCanDaemonBus.send

    def both(self, msg, timeout=None):
        sent.append((msg.arbitration_id, bytes(msg.data)))
        send(self, msg, timeout)

    return both


def test_a_crash_with_a_wrong_crc_in_every_frame_is_not_believed(bench):
    since = bench.clock.now()
    with Crash(bench).plays() as frames:
        frames.send(Level.AIRBAG, corruption=Corruption.WRONG_CRC)
    bench.clock.sleep(1 * S)
    assert Car(bench).dialled(since) == []
    assert bench.timeline.stays("TCU_Call.State", "IDLE", since)


def test_a_crash_that_we_tell_rightly_calls(bench):
    since = bench.clock.now()
    assert Crash(bench).happens(Level.AIRBAG) >= since
    call = Operator(bench).expects_call("crash", since=since)
    message = Operator(bench).expects_message(call)
    assert message.automatic
    assert message.distance_metres(57.7089, 11.9746) < 1  # by the position that we play
    Operator(bench).hangs_up(call)
    Car(bench).expects("TCU_Call.State", "CALLBACK_WAIT", 60 * S)


def test_a_played_button_calls_after_its_hold_and_not_before(bench):
    driver, car = Driver(bench), Car(bench)
    since = bench.clock.now()
    driver.hold(Button.SOS, limit("sos_hold") - 200 * MS)
    bench.clock.sleep(500 * MS)
    assert car.requests(since) == []
    assert car.dialled(since) == []
    press = driver.hold(Button.SOS, limit("sos_hold") + 100 * MS)
    call = Operator(bench).expects_call("sos", since=press.start)
    assert len(car.requests(since)) == 1
    Operator(bench).hangs_up(call)
    car.expects("TCU_Call.State", "CALLBACK_WAIT", 60 * S)


def test_everybody_but_the_real_unit_is_sent_by_us_and_nothing_of_its_own(bench):
    """Runs last: it judges all frames of this module."""
    database = bench.networks["body"].database
    own = {m.frame_id for m in database.messages if "TCU" in m.senders}
    played = {m.frame_id for m in database.messages if "TCU" not in m.senders}
    sent = {identifier for identifier, _ in bench.sent}
    assert sent & own == set()
    assert played <= sent
    assert {f.identifier for f in bench.timeline.frames("body")} >= own | played


def test_counters_of_all_that_we_played_went_on_rightly(bench):
    network = bench.networks["body"]
    for name, protection in network.protections.items():
        message = network.message(name)
        if name != "ACM_Crash" and "TCU" not in message.senders:  # the first was wrong on purpose
            checker, identifier = Checker(protection), message.frame_id
            got = {checker.check(data) for number, data in tuple(bench.sent) if number == identifier}
            assert got == {Status.INITIAL, Status.OK}, name


def test_the_cycle_error_stands_on_the_timeline_of_a_closed_bench(bench):
    """Closes it: the last test of this module."""
    bench.close()
    (told,) = bench.timeline.events("restbus", "cycle_error")
    assert told.data["network"] == "body"
    assert told.data["messages"] == len(
        [m for m in bench.networks["body"].database.messages if "TCU" not in m.senders and m.cycle_time]
    )
    assert told.data["frames"] > 1000
    assert told.data["max_us"] >= told.data["p99_us"] >= told.data["p50_us"] > 0
