"""What is a request for help, and which of two comes first."""

import pytest

from harness.units import MIN, MS, S
from tests.telematics.car import SE, Car, play_crash_frames


@pytest.fixture
def car():
    return Car()


@pytest.mark.parametrize("level", ["BELT_TENSIONER", "AIRBAG"])
@pytest.mark.parametrize("direction", ["FRONT", "REAR", "LEFT", "RIGHT", "ROLLOVER"])
def test_a_crash_of_either_level_from_any_side_makes_one_automatic_call(level, direction):
    car = Car()
    car.crash(level, direction)
    told = car.informed()
    car.run(30 * S)
    assert [call["number"] for call in car.dialled] == [SE["assistance"]]
    assert (told["automatic"], told["trigger"]) == (True, "crash")


def test_an_impact_calls_nobody(car):
    car.crash("IMPACT")
    car.run(10 * S)
    assert car.dialled == []


def test_a_belt_that_becomes_an_airbag_in_one_event_is_one_call(car):
    car.crash("BELT_TENSIONER")
    car.run(300 * MS)
    car.crash("AIRBAG")
    car.run(60 * S)
    assert len(car.dialled) == 1


def test_two_valid_crash_frames_in_a_row_call(car):
    play_crash_frames(car, 2)
    assert len(car.dialled) == 1


def test_one_valid_crash_frame_alone_calls_nobody(car):
    play_crash_frames(car, 1)
    assert car.dialled == []


@pytest.mark.parametrize(
    "wrong", [{"wrong_crc": True}, {"counters": 0}, {"counters": 6}, {"contradicting": True}, {"event": 0}]
)
def test_frames_that_are_corrupt_stale_skipping_contradicting_or_of_a_served_event_call_nobody(car, wrong):
    play_crash_frames(car, 20, **wrong)
    assert car.dialled == []


def test_skipped_counters_within_the_limit_still_call(car):
    play_crash_frames(car, 5, counters=3)
    assert len(car.dialled) == 1


def test_sos_calls_assistance_with_a_manual_message_and_the_position(car):
    car.sos()
    told = car.informed()
    assert [call["number"] for call in car.dialled] == [SE["assistance"]]
    assert (told["automatic"], told["trigger"]) == (False, "sos")
    assert (told["latitude"], told["longitude"]) == pytest.approx((car.sky.latitude, car.sky.longitude), abs=1e-6)
    assert told["position_trusted"]
    assert told["vin"] == "LPSVA1HL9MA000417"
    assert told["passengers"] == 1
    assert abs(told["timestamp"] - (1_772_442_000 + car.world.now // S)) < 15


def test_a_call_goes_through_dialling_alerting_connected_and_awaits_a_call_back(car):
    car.sos()
    car.informed()
    car.connected().hang_up("remote")
    car.run(1 * S)
    states = list(dict.fromkeys(state["State"] for state in car.states))
    assert states == ["IDLE", "DIALLING", "ALERTING", "CONNECTED", "CALLBACK_WAIT"]
    assert car.state["Trigger"] == "SOS"
    assert car.state["Target"] == "ASSISTANCE"


def test_voices_go_both_ways_while_connected_and_not_after(car):
    car.sos()
    call = car.connected()
    speaker = car.bench.line("speaker")
    car.until(lambda: call.downlink_voice)
    car.run(1 * MS)
    assert (speaker.ac_volts, speaker.at(car.world.now).ac_hertz) == (1.0, 440.0)
    assert not call.voice_contact
    car.speak()
    car.run(1 * MS)
    assert call.voice_contact
    call.hang_up("remote")
    car.run(1 * MS)
    assert speaker.ac_volts == 0.0


def test_on_call_opens_voice_with_assistance_and_never_rings_an_emergency_number(car):
    car.behave(car.assistance, mode="busy")
    car.on_call()
    car.run(3 * MIN)
    assert {call["number"] for call in car.dialled} == {SE["assistance"]}
    assert len(car.dialled) == 3
    assert car.state["State"] == "IDLE"
    assert car.trouble() == {"CALL_FAILED"}


def test_a_crash_ends_an_on_call_call_and_makes_its_own(car):
    car.on_call()
    first = car.connected()
    car.crash()
    told = car.informed(1)
    assert first.ended.value == "local"
    assert told["trigger"] == "crash"
    assert len(car.dialled) == 2


def test_sos_ends_an_on_call_call(car):
    car.on_call()
    first = car.connected()
    car.sos()
    assert first.ended.value == "local"
    assert car.informed(1 + len(car.messages))["trigger"] == "sos"


def test_a_crash_during_an_sos_call_becomes_a_new_message_in_the_same_call(car):
    car.sos()
    car.informed()
    car.crash()
    told = car.informed(2)
    assert (told["automatic"], told["trigger"], told["message_id"]) == (True, "crash", 2)
    assert len(car.dialled) == 1


@pytest.mark.parametrize(
    ("first", "second"), [("sos", "sos"), ("sos", "on_call"), ("crash", "sos"), ("on_call", "on_call")]
)
def test_a_request_no_more_urgent_than_the_call_that_runs_is_ignored(first, second):
    car = Car()
    getattr(car, first)()
    call = car.connected()
    getattr(car, second)()
    car.run(20 * S)
    assert len(car.dialled) == 1
    assert call.connected


def test_a_request_before_the_modem_has_registered_is_made_good():
    car = Car(ready=False)
    car.power()
    car.run(2 * S)
    car.sos()
    car.informed()
    assert len(car.dialled) == 1


def test_same_seed_same_run_and_another_seed_another():
    def course(seed):
        car = Car(seed)
        car.crash()
        car.run(20 * S)
        return [record.time for record in car.bench.parts["records"].after(0)]

    assert course(7) == course(7)
    assert course(7) != course(8)
