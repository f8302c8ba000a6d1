"""A network files everything it receives, and says what it awaited, what it saw, and what to check."""

from __future__ import annotations

import can
import pytest

from harness.can.network import ERROR_BUS_OFF
from harness.can.recorder import candump
from harness.errors import BenchError, ExpectationError
from harness.units import MS, S


def test_every_frame_lands_on_the_timeline_with_its_time(desk):
    desk.clock.later(12 * MS, lambda: desk.say("OHC_Status", Sos="PRESSED"))
    desk.clock.sleep(20 * MS)
    (frame,) = desk.timeline.frames("body", "OHC_Status")
    assert frame.time == 12 * MS
    assert desk.network.value("OHC_Status.Sos") == "PRESSED"


def test_a_state_that_flashes_by_between_two_looks_is_still_seen(desk):
    def flash():
        for state in ("PRESSED", "REQUESTED", "IDLE"):
            desk.say("OHC_Status", Sos=state)

    desk.clock.later(5 * MS, flash)
    assert desk.network.expect("OHC_Status.Sos", "REQUESTED", 1 * S) == 5 * MS + 1  # frames never coincide


def test_what_is_so_already_needs_no_wait(desk):
    desk.say("OHC_Status", Sos="PRESSED")
    desk.clock.sleep(10 * MS)
    assert desk.network.expect("OHC_Status.Sos", "PRESSED", 1 * S) == 10 * MS
    assert desk.clock.now() == 10 * MS


def test_what_was_before_does_not_count(desk):
    desk.say("OHC_Status", Sos="REQUESTED")
    desk.clock.sleep(1 * MS)
    desk.say("OHC_Status", Sos="IDLE")
    desk.clock.sleep(1 * MS)
    with pytest.raises(ExpectationError):
        desk.network.expect("OHC_Status.Sos", "REQUESTED", 100 * MS)


def test_an_expectation_that_fails_tells_what_was_seen_and_what_to_check(desk):
    desk.clock.later(2988 * MS, lambda: desk.say("OHC_Status", Sos="IDLE"))
    with pytest.raises(ExpectationError) as caught:
        desk.network.expect("OHC_Status.Sos", "REQUESTED", 3 * S)
    assert str(caught.value) == (
        "OHC_Status.Sos did not become REQUESTED within 3 s; last seen IDLE 12 ms ago. "
        "Is overhead_console powered, and is network body wired as desk.toml says?"
    )


def test_a_signal_that_was_never_seen_says_so(desk):
    with pytest.raises(ExpectationError, match="never seen"):
        desk.network.expect("OHC_Status.Sos", "REQUESTED", 10 * MS)


@pytest.mark.parametrize(
    ("signal", "value", "told"),
    [
        ("OHC_Statu.Sos", "IDLE", "did you mean 'OHC_Status'"),
        ("OHC_Status.Soss", "IDLE", "did you mean 'Sos'"),
        ("OHC_Status.Sos", "REQUESTD", "did you mean 'REQUESTED'"),
    ],
)
def test_a_name_that_is_not_in_the_database_is_the_bench_s_fault(desk, signal, value, told):
    with pytest.raises(BenchError, match=told):
        desk.network.expect(signal, value, 1 * S)


def test_a_message_is_sent_with_start_values_and_e2e(desk):
    for _ in range(3):
        desk.network.send("ACM_Crash", CrashLevel="AIRBAG", CrashLevelInverted=0)
    protection = desk.network.protections["ACM_Crash"]
    sent = [desk.peer.recv(0).data for _ in range(3)]
    assert [protection.counter_of(data) for data in sent] == [0, 1, 2]
    assert all(protection.crc_is_right(data) for data in sent)
    assert desk.network.message("ACM_Crash").decode(sent[0])["CrashLevel"] == "AIRBAG"


@pytest.mark.parametrize(
    ("signals", "told"), [({"CrashLvl": 1}, "did you mean 'CrashLevel'"), ({"CrashLevel": "LOUD"}, "cannot be sent")]
)
def test_a_signal_that_cannot_be_sent_is_told(desk, signals, told):
    with pytest.raises(BenchError, match=told):
        desk.network.send("ACM_Crash", **signals)


def test_error_frames_and_bus_off_are_filed_and_bus_off_ends_it(desk):
    desk.peer.send(can.Message(is_error_frame=True, arbitration_id=0x8))
    desk.clock.sleep(1 * MS)
    assert len(desk.timeline.events("body", "error_frame")) == 1
    desk.peer.send(can.Message(is_error_frame=True, arbitration_id=ERROR_BUS_OFF))
    desk.clock.sleep(1 * MS)
    assert desk.timeline.events("body", "bus_off")
    with pytest.raises(BenchError, match="bus-off"):
        desk.network.expect("OHC_Status.Sos", "IDLE", 1 * S)


def test_an_interface_that_fails_is_told_once_and_is_the_bench_s_fault(desk, monkeypatch):
    def broken(_timeout):
        raise can.CanOperationError("unplugged")

    monkeypatch.setattr(desk.network.bus, "recv", broken)
    desk.clock.sleep(5 * MS)
    assert len(desk.timeline.events("body", "interface_failed")) == 1
    with pytest.raises(BenchError, match="unplugged"):
        desk.network.expect("OHC_Status.Sos", "IDLE", 1 * S)


def test_the_candump_log_is_read_again_as_it_was(desk, tmp_path):
    desk.say("OHC_Status", Sos="PRESSED")
    desk.clock.sleep(3 * MS)
    desk.say("OHC_Status", Sos="REQUESTED")
    desk.clock.sleep(3 * MS)
    path = tmp_path / "can.log"
    path.write_text(candump(desk.timeline))
    with can.LogReader(path) as reader:
        read = [(message.arbitration_id, bytes(message.data)) for message in reader]
    assert read == [(frame.identifier, frame.data) for frame in desk.timeline.frames("body")]
    assert len(read) == 2
