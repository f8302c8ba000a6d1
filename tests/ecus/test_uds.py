"""UDS and ISO-TP of the emulated ECUs, as ISO 14229-1 and ISO 15765-2 want them; the airbag module stands for all."""

import pytest

from emulation.ecus.airbag import Airbag
from emulation.ecus.base.vehicle import diagnostics, message
from emulation.ecus.chassis import Engine
from harness.units import MS, S
from tests.ecus.conftest import read_long

ACM = (0x751, 0x759)
ECM = (0x7E0, 0x7E8)
EXTENDED = "10 03"
READ_VIN = "03 22 f1 90"


@pytest.fixture
def car(car_of):
    car = car_of(Airbag)
    car.power().run(1 * S)
    return car


def in_extended_session(car):
    assert car.ask(EXTENDED, *ACM) == "50 03 00 32 01 f4"
    return car


@pytest.mark.parametrize(
    ("request_", "answer", "why"),
    [
        ("10 01", "50 01 00 32 01 f4", "default session, P2 50 ms, P2* 5,000 ms"),
        ("10 02", "7f 10 12", "no programming session"),
        ("10", "7f 10 13", "sub-function missing"),
        ("10 03 00", "7f 10 13", "too long"),
        ("3e 00", "7e 00", "tester present"),
        ("3e 01", "7f 3e 12", "unknown sub-function"),
        ("99 00", "7f 99 11", "unknown service"),
        ("22 f1 86", "62 f1 86 01", "active session"),
        ("22 12 34", "7f 22 31", "unknown identifier"),
        ("22 f1", "7f 22 13", "half an identifier"),
        ("22 f1 86 12 34", "62 f1 86 01", "the known one of two"),
        ("28 01 01", "7f 28 7f", "communication control needs another session"),
        ("85 02", "7f 85 7f", "so does the setting of trouble codes"),
        ("27 01", "7f 27 7f", "and security access"),
        ("14 ff ff ff", "54", "clear all"),
        ("14 80 52 00", "54", "clear one"),
        ("14 12 34 56", "7f 14 31", "unknown trouble code"),
        ("14 ff ff", "7f 14 13", "too short"),
        ("19 01 ff", "59 01 2f 01 00 00", "none stored"),
        ("19 02 ff", "59 02 2f", "none stored"),
        ("19 0a", "59 0a 2f 80 52 00 00", "the one it knows"),
        ("19 03", "7f 19 12", "unknown sub-function"),
        ("31 01 03 01 03 01", "7f 31 31", "simulate crash is not offered in the default session: 0x31, not 0x7F"),
        ("31 01 12 34", "7f 31 31", "unknown routine"),
        ("31 03 03 01", "7f 31 24", "results before a start"),
        ("31 04 03 01", "7f 31 12", "unknown sub-function"),
        ("31 01 03", "7f 31 13", "half an identifier"),
        ("11 07", "7f 11 12", "unknown reset"),
    ],
)
def test_answers_in_the_default_session(car, request_, answer, why):
    """One request, the answer of ISO 14229-1."""
    assert car.ask(request_, *ACM) == answer, why


@pytest.mark.parametrize(
    ("request_", "answer", "why"),
    [
        ("22 f1 86", "62 f1 86 03", "active session"),
        ("28 04 01", "7f 28 12", "unknown sub-function"),
        ("28 01 07", "7f 28 31", "unknown communication type"),
        ("28 01", "7f 28 13", "communication type missing"),
        ("85 02", "c5 02", "trouble codes off"),
        ("85 03", "7f 85 12", "unknown sub-function"),
        ("31 01 03 01 04 01", "7f 31 31", "no such level"),
        ("31 01 03 01 03", "7f 31 13", "direction missing"),
        ("31 01 03 03", "7f 31 33", "clearing the crash record needs security access"),
        ("27 02 00 00 00 00", "7f 27 24", "key before seed"),
        ("27 03", "7f 27 12", "unknown level"),
    ],
)
def test_answers_in_the_extended_session(car, request_, answer, why):
    """One request, the answer of ISO 14229-1."""
    assert in_extended_session(car).ask(request_, *ACM) == answer, why


def test_a_positive_answer_can_be_suppressed_and_a_refusal_cannot(car):
    """suppressPosRspMsgIndicationBit."""
    assert car.ask("3e 80", *ACM) is None
    assert car.ask("3e 81", *ACM) == "7f 3e 12"


@pytest.mark.parametrize("service", ["40", "7e 00", "7f", "c0", "ff 00"])
def test_what_is_an_answer_is_no_request(car, service):
    """A scanner sends those as well; nobody answers them."""
    assert car.ask(service, *ACM) is None
    assert car.ask("3e 00", *ACM) == "7e 00"


def test_everybody_asked_at_once_answers_and_does_not_refuse(car):
    """Functional addressing: answers come on the own identifier, unknown things are passed over in silence."""
    assert car.ask("3e 00", 0x7DF, ACM[1]) == "7e 00"
    assert car.ask("22 12 34", 0x7DF, ACM[1]) is None
    assert car.ask("99 00", 0x7DF, ACM[1]) is None
    assert car.ask("22 f1", 0x7DF, ACM[1]) == "7f 22 13"


def test_an_ecu_without_a_secret_has_no_security_access(car_of):
    """The service does not exist there."""
    car = car_of(Engine)
    car.power().run(1 * S)
    car.ask(EXTENDED, *ECM)
    assert car.ask("27 01", *ECM) == "7f 27 11"


def test_every_answer_is_padded_and_in_time(car):
    """Eight bytes with the padding of diagnostics.toml, between 1 and 50 ms after the request."""
    asked = car.world.now
    car.ask("3e 00", *ACM)
    answer = next(frame for frame in car.frames if frame.identifier == ACM[1])
    assert answer.data == bytes.fromhex("02 7e 00 aa aa aa aa aa")
    assert asked + 1 * MS <= answer.time <= asked + 50 * MS


def test_a_session_ends_after_5_s_of_silence(car):
    """S3, and everything that hangs on the session with it: silenced messages come back, codes are recorded again."""
    in_extended_session(car)
    assert car.ask("28 01 01", *ACM) == "68 01"
    car.ask("85 02", *ACM)
    silent_from = len(car.frames)
    car.run(4_800 * MS)
    assert len(car.frames) == silent_from
    car.run(300 * MS)
    assert car.ask("22 f1 86", *ACM) == "62 f1 86 01"
    assert car.sent("ACM_Crash")[-1].time > car.world.now - 20 * MS
    assert car.ecus[0].uds.memory.recording


def test_tester_present_keeps_a_session(car):
    """A request every 2 s, suppressed or not, and the session stays."""
    in_extended_session(car)
    for _ in range(6):
        car.run(2 * S)
        car.ask("3e 80", *ACM)
    assert car.ask("22 f1 86", *ACM) == "62 f1 86 03"


def test_a_silenced_ecu_speaks_again_when_told(car):
    """CommunicationControl off and on; diagnostics never stop."""
    in_extended_session(car)
    car.ask("28 03 03", *ACM)
    before = len(car.sent("ACM_Crash"))
    car.run(1 * S)
    assert len(car.sent("ACM_Crash")) == before
    assert car.ask("28 00 03", *ACM) == "68 00"
    car.run(100 * MS)
    assert len(car.sent("ACM_Crash")) > before + 8


def test_security_access_opens_with_the_right_key_only(car):
    """Seed and key; the third wrong key closes it for 10 s."""
    in_extended_session(car)
    mask = diagnostics()["ACM"].security_mask

    def seed():
        return int(car.ask("27 01", *ACM).removeprefix("67 01 ").replace(" ", ""), 16)

    for refusal in ("7f 27 35", "7f 27 35", "7f 27 36"):
        assert car.ask(f"27 02 {seed() ^ mask ^ 1:08x}", *ACM) == refusal
    assert car.ask("27 01", *ACM) == "7f 27 37"
    for _ in range(3):
        car.run(3 * S)
        car.ask("3e 00", *ACM)
    car.run(1 * S)
    assert car.ask(f"27 02 {seed() ^ mask:08x}", *ACM) == "67 02"
    assert car.ask("27 01", *ACM) == "67 01 00 00 00 00"
    assert car.ask("31 01 03 03", *ACM) == "71 01 03 03"


def test_a_reset_answers_first_and_then_boots(car):
    """Silence for the boot time, then the default session."""
    in_extended_session(car)
    assert car.ask("11 01", *ACM, wait=20 * MS) == "51 01"
    assert car.ask("3e 00", *ACM) is None
    car.run(1 * S)
    assert car.ask("22 f1 86", *ACM) == "62 f1 86 01"


def test_an_engine_that_runs_is_not_reset(car_of):
    """Conditions not correct while running, and a reset with ignition II."""
    car = car_of(Engine)
    car.power().run(1 * S)
    for mode, answer in (("RUNNING", "7f 11 22"), ("II", "51 01")):
        car.tell("CEM_Ignition", Mode=mode)
        assert car.ask("11 01", 0x7E0, 0x7E8, wait=20 * MS) == answer


def test_the_fault_memory_outlives_the_battery_and_is_read_with_its_count(car):
    """Stored twice, healed once: confirmed, no longer failed; cleared by the workshop only."""
    ecu = car.ecus[0]
    ecu.store_fault("CRASH_RECORDED")
    ecu.clear_fault("CRASH_RECORDED")
    ecu.store_fault("CRASH_RECORDED")
    car.power(0).run(2 * S)
    car.power(12).run(1 * S)
    assert car.ask("19 02 01", *ACM) == "59 02 2f 80 52 00 2f"
    ecu.clear_fault("CRASH_RECORDED")
    assert car.ask("19 02 01", *ACM) == "59 02 2f"
    assert car.ask("19 01 08", *ACM) == "59 01 2f 01 00 01"
    frames = read_long(car, ACM, "06 19 06 80 52 00 01", "30 00 00")
    assert (frames[0].data + frames[1].data[1:3]).hex(" ") == "10 08 59 06 80 52 00 2e 01 02"
    assert car.ask("14 ff ff ff", *ACM) == "54"
    assert car.ask("19 02 ff", *ACM) == "59 02 2f"


def test_nothing_is_stored_while_trouble_codes_are_off(car):
    """ControlDTCSetting off, and on again."""
    in_extended_session(car)
    car.ask("85 02", *ACM)
    car.ecus[0].store_fault("CRASH_RECORDED")
    assert car.ask("19 02 ff", *ACM) == "59 02 2f"
    car.ask("85 01", *ACM)
    car.ecus[0].store_fault("CRASH_RECORDED")
    assert car.ask("19 02 ff", *ACM) == "59 02 2f 80 52 00 2f"


def test_all_twelve_know_what_the_airbag_module_knows():
    """Identifiers of the standard set in every ECU."""
    for entry in diagnostics().values():
        assert {0xF190, 0xF195, 0xF18C, 0xF187} == set(entry.data)
    assert message("ACM_Crash").senders == ["ACM"]
