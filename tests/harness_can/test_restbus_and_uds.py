"""The harness plays ECUs and diagnoses them; a scripted ECU at the other end of the wire sees what it should."""

from __future__ import annotations

import can
import pytest

from harness.can.diagnostic_file import load_diagnostics
from harness.can.diagnostics import Diagnostics
from harness.can.e2e import Checker, Corruption, Status
from harness.can.restbus import Restbus
from harness.can.uds import UdsError
from harness.errors import BenchError
from harness.units import MS, S
from tests.harness_can.desk import VEHICLE

REQUEST, RESPONSE = 0x751, 0x759


class ScriptedEcu:
    """Answers UDS requests by a script over ISO-TP, single frames in, single or first/consecutive frames out."""

    def __init__(self, desk, script):
        self.desk, self.script, self.requests, self.sends = desk, script, [], False
        self.rest = b""
        desk.clock.attach(self.pump)

    def frame(self, data):
        message = can.Message(arbitration_id=RESPONSE, data=data.ljust(8, b"\xaa"), is_extended_id=False)
        self.desk.peer.send(message)

    def pump(self):
        while (message := self.desk.peer.recv(0)) is not None:
            if message.arbitration_id == REQUEST:
                self.take(bytes(message.data))

    def take(self, data):
        if data[0] >> 4 == 3:
            for number in range(1, 1 + -(-len(self.rest) // 7)):
                self.frame(bytes([0x20 | number]) + self.rest[7 * number - 7 : 7 * number])
            return
        request = data[1 : 1 + data[0]]
        self.requests.append(request)
        for answer in self.script.get(request.hex(), []):
            payload = bytes.fromhex(answer)
            if len(payload) <= 7:
                self.frame(bytes([len(payload)]) + payload)
            else:
                self.rest = payload[6:]
                self.frame(bytes([0x10, len(payload)]) + payload[:6])


@pytest.fixture
def diagnostics(desk):
    return Diagnostics.on(desk.network, load_diagnostics(VEHICLE / "diagnostics.toml"))


VIN = "LPSVA1HL9MA000417"


def test_a_long_answer_is_put_together_from_its_frames(desk, diagnostics):
    ScriptedEcu(desk, {"22f190": ["62f190" + VIN.encode().hex()]})
    assert diagnostics["airbag"].vin() == VIN


def test_trouble_codes_come_with_their_names(desk, diagnostics):
    ScriptedEcu(desk, {"19020d": ["5902ff80520009" + "12345608"]})
    codes = diagnostics["airbag"].trouble_codes()
    assert [(code.name, code.status) for code in codes] == [("CRASH_RECORDED", 9), ("0x123456", 8)]


def test_an_answer_that_is_pending_is_waited_for(desk, diagnostics):
    ecu = ScriptedEcu(desk, {"14ffffff": ["7f1478"]})
    desk.clock.later(2 * S, lambda: ecu.frame(bytes([1, 0x54])))
    diagnostics["airbag"].clear_trouble_codes()
    assert 2 * S <= desk.clock.now() < 2 * S + 50 * MS


def test_a_refusal_names_service_and_code(desk, diagnostics):
    ScriptedEcu(desk, {"310103010300": ["7f317f"]})
    with pytest.raises(UdsError, match=r"airbag refused UDS 31 01 0301: .*0x7F") as caught:
        diagnostics["airbag"].routine(0x0301, b"\x03\x00")
    assert caught.value.code == 0x7F


def test_silence_costs_p2_of_the_bench_s_time_and_says_where(desk, diagnostics):
    with pytest.raises(UdsError, match=r"0x751/0x759 on network body\. Is it powered"):
        diagnostics["airbag"].read(0xF195)
    assert desk.clock.now() == 150 * MS


def test_a_late_answer_is_not_taken_for_the_next_request_s(desk, diagnostics):
    ecu = ScriptedEcu(desk, {"22f18c": ["62f18c41"]})
    desk.clock.later(200 * MS, lambda: ecu.frame(bytes.fromhex("0462f1955a")))
    with pytest.raises(UdsError):
        diagnostics["airbag"].read(0xF195)
    desk.clock.sleep(100 * MS)
    assert diagnostics["airbag"].read(0xF18C) == b"A"


def test_what_only_asks_is_asked_again_where_the_bench_file_allows_it(desk, diagnostics):
    """A second later, and on record; the ECU hears the second request only."""
    airbag = diagnostics["airbag"]
    airbag.retries = 1
    desk.clock.later(500 * MS, lambda: ScriptedEcu(desk, {"19020d": ["5902ff"], "14ffffff": ["54"]}))
    assert airbag.trouble_codes() == []
    assert desk.clock.now() >= 1 * S
    (told,) = desk.network.timeline.events("bench", "disturbed")
    assert "airbag did not answer UDS 19 02" in told.data["what"]


def test_what_acts_is_sent_once_and_a_refusal_is_an_answer(desk, diagnostics):
    airbag = diagnostics["airbag"]
    airbag.retries = 3
    with pytest.raises(UdsError, match="did not answer UDS 14"):
        airbag.clear_trouble_codes()
    ecu = ScriptedEcu(desk, {"22f195": ["7f2231"]})  # it finds what was sent while it was away
    with pytest.raises(UdsError, match="refused UDS 22 F195"):
        airbag.read(0xF195)
    assert ecu.requests == [bytes.fromhex("14ffffff"), bytes.fromhex("22f195")]


def test_an_unknown_ecu_names_the_nearest(diagnostics):
    with pytest.raises(BenchError, match="did you mean 'airbag'"):
        diagnostics["airbg"]


def test_a_session_is_kept_up_until_it_ends(desk, diagnostics):
    ecu = ScriptedEcu(desk, {"1003": ["5003003201f4"], "1001": ["5001003201f4"]})
    with diagnostics["airbag"].in_session("extended"):
        desk.clock.sleep(5 * S)
    desk.clock.sleep(5 * S)
    assert ecu.requests.count(b"\x3e\x80") == 3  # at 0, 2 and 4 s


def restbus(desk, diagnostics):
    return Restbus(desk.network, {"airbag": "ACM"}, diagnostics)


def received(desk, identifier=0x40):
    """What the other end of the wire got of one message."""
    found = []
    while (message := desk.peer.recv(0)) is not None:
        if message.arbitration_id == identifier:
            found.append(bytes(message.data))
    return found


def test_a_played_ecu_sends_on_its_cycle_with_counters_and_crc_right(desk, diagnostics):
    restbus(desk, diagnostics).play("airbag")
    desk.clock.sleep(1 * S)
    frames = received(desk)
    assert len(frames) == pytest.approx(100, abs=1)
    checker = Checker(desk.network.protections["ACM_Crash"])
    assert {checker.check(data) for data in frames[1:]} == {Status.INITIAL, Status.OK}


def test_an_ecu_that_is_on_the_bus_itself_is_never_played_beside_it(desk, diagnostics):
    bus = Restbus(desk.network, {"airbag": "ACM"}, diagnostics, present=["airbag"])
    with pytest.raises(BenchError, match="airbag is on network body itself: take_over"):
        bus.play("airbag")
    desk.clock.sleep(50 * MS)
    assert received(desk) == []


def test_a_played_ecu_begins_with_the_values_that_the_bench_file_gives(desk, diagnostics):
    bus = Restbus(desk.network, {"airbag": "ACM"}, diagnostics, start={"ACM_Crash.DeltaV": 7.5})
    played = bus.play("airbag")["ACM_Crash"]
    assert played.values["DeltaV"] == 7.5
    played.set(EventCount=3)
    desk.clock.sleep(15 * MS)
    assert desk.network.message("ACM_Crash").decode(received(desk)[-1])["DeltaV"] == 7.5
    bus.give_back("airbag")  # absent: it plays on
    assert "airbag" in bus.played


@pytest.mark.parametrize(
    ("corruption", "status"),
    [
        (Corruption.WRONG_CRC, Status.WRONG_CRC),
        (Corruption.REPEATED_COUNTER, Status.REPEATED),
        (Corruption.SKIPPED_COUNTERS, Status.WRONG_SEQUENCE),
    ],
)
def test_every_frame_is_wrong_while_it_is_to_be(desk, diagnostics, corruption, status):
    played = restbus(desk, diagnostics).play("airbag")["ACM_Crash"]
    desk.clock.sleep(100 * MS)
    checker = Checker(desk.network.protections["ACM_Crash"])
    for data in received(desk):
        checker.check(data)
    played.corruption = corruption
    desk.clock.sleep(30 * MS)
    wrong = received(desk)
    assert len(wrong) == 3
    assert checker.check(wrong[0]) is status


def test_taking_over_silences_first_and_goes_on_from_the_last_values(desk, diagnostics):
    for _ in range(5):
        desk.network.send("ACM_Crash", CrashLevel="IMPACT", CrashLevelInverted=2, EventCount=7)
    last = received(desk)[-1]
    desk.network.newest[0x40] = last  # what the real airbag had sent
    ecu = ScriptedEcu(
        desk, {"1003": ["5003003201f4"], "280101": ["6801"], "280001": ["6800"], "1001": ["5001003201f4"]}
    )
    bus = restbus(desk, diagnostics)
    node = bus.take_over("airbag")
    assert ecu.requests[0] == b"\x10\x03"
    assert bytes.fromhex("280101") in ecu.requests
    node["ACM_Crash"].set(CrashLevel="AIRBAG", CrashLevelInverted=0)
    frame = can.Message(arbitration_id=0x40, data=bytes(8))
    node["ACM_Crash"]._renew(frame)
    decoded = desk.network.message("ACM_Crash").decode(bytes(frame.data))
    assert decoded["EventCount"] == 7
    assert decoded["CrashLevel"] == "AIRBAG"
    bus.give_back("airbag")
    assert bytes.fromhex("280001") in ecu.requests
    assert bus.played == {}


def test_an_ecu_that_does_not_fall_silent_is_told(desk, diagnostics):
    ScriptedEcu(desk, {"1003": ["5003003201f4"], "280101": ["6801"]})
    for delay in range(1, 60):
        desk.clock.later(delay * MS, lambda: desk.say("ACM_Crash"))
    with pytest.raises(BenchError, match="airbag still sent ACM_Crash"):
        restbus(desk, diagnostics).take_over("airbag")


def test_a_message_of_another_ecu_is_refused(desk, diagnostics):
    node = restbus(desk, diagnostics).play("airbag")
    with pytest.raises(BenchError, match="airbag does not send 'ACM_Crsh'; did you mean 'ACM_Crash'"):
        node["ACM_Crsh"]
