"""Who is called, when, how often, and with which message, on the whole emulated car."""

import pytest

from emulation.ecus.vehicle import message, protections
from harness.units import MIN, MS, S
from tests.telematics.car import Car

SE = {"assistance": "+9994655501", "emergency": "112"}
GB = {"assistance": "+9994455501", "emergency": "999"}


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


def play_crash_frames(car, frames, *, counters=1, wrong_crc=False, contradicting=False, event=1):
    """Silence the airbag and send `frames` crash frames in its place, `counters` apart."""
    airbag = car.bench.parts["airbag"]
    car.run(50 * MS)
    airbag.transmit(False)
    protection = protections()["ACM_Crash"]
    crash = message("ACM_Crash")
    payload = crash.encode(
        {signal.name: signal.raw_initial or 0 for signal in crash.signals}
        | {"CrashLevel": "AIRBAG", "CrashLevelInverted": 3 if contradicting else 0, "EventCount": event},
        scaling=True,
    )
    counter = airbag._outgoing["ACM_Crash"]._counter
    for _ in range(frames):
        counter = (counter + counters) % 15
        data = bytearray(payload)
        protection.protect(data, counter)
        if wrong_crc:
            data[0] ^= 0xFF
        car.bench.buses["body"].send(crash.frame_id, bytes(data), 0, None)
        car.run(10 * MS)
    car.run(10 * S)


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


@pytest.mark.parametrize("mode", ["busy", "unreachable", "rings"])
@pytest.mark.parametrize("act", ["sos", "crash"])
def test_assistance_out_of_reach_is_tried_three_times_and_then_the_emergency_number(mode, act):
    car = Car()
    car.behave(car.assistance, mode=mode)
    getattr(car, act)()
    began = car.world.now
    told = car.informed()
    assert [call["number"] for call in car.dialled] == [SE["assistance"]] * 3 + [SE["emergency"]]
    assert told["automatic"] == (act == "crash")
    assert car.state["Target"] == "EMERGENCY"
    assert car.world.now - began < 150 * S


def test_a_late_answer_is_waited_for(car):
    car.behave(car.assistance, answer_delay=25 * S)
    car.sos()
    car.informed()
    assert len(car.dialled) == 1


def test_an_answer_after_30_s_of_ringing_is_too_late(car):
    car.behave(car.assistance, answer_delay=35 * S)
    car.sos()
    car.informed()
    assert car.dialled[-1]["number"] == SE["emergency"]


def test_the_emergency_number_is_that_of_the_country_the_car_is_in_by_then(car):
    car.network.change(country="FR")
    car.run(2 * S)
    car.behave(car.assistance, mode="busy")
    car.network.schedule(12 * S, country="GB")
    car.crash()
    car.informed()
    assert car.dialled[0]["number"] == "+9993355501"
    assert car.dialled[-1]["number"] == GB["emergency"]
    assert GB["assistance"] in [call["number"] for call in car.dialled]


def test_both_centres_out_of_reach_give_up_after_the_redial_window_with_a_trouble_code(car):
    car.behave(car.assistance, mode="busy")
    car.behave(car.emergency, mode="busy")
    car.crash()
    car.run(4 * MIN)
    assert car.state["State"] == "IDLE"
    assert car.trouble() == {"CALL_FAILED"}
    assert len(car.dialled) > 10


def test_a_dropped_call_is_dialled_again(car):
    car.behave(car.assistance, drop_after=12 * S)
    car.sos()
    car.informed()
    car.behave(car.assistance, drop_after=None)
    told = car.informed(2)
    assert [call["number"] for call in car.dialled] == [SE["assistance"]] * 2
    assert told["message_id"] == 2


def test_without_coverage_the_call_goes_out_when_coverage_is_back(car):
    car.network.change(coverage="none")
    car.run(5 * S)
    car.network.schedule(40 * S, coverage="full")
    car.crash()
    began = car.world.now
    car.informed()
    assert car.dialled[0]["number"] == SE["assistance"]
    assert len(car.dialled) == 1
    assert 40 * S < car.world.now - began < 70 * S


def test_a_network_that_refuses_the_car_still_takes_its_emergency_call(car):
    car.network.reject_cause = 11
    car.modem.set_functionality(0)
    car.modem.set_functionality(1)
    car.run(10 * S)
    assert car.unit.registration() == "DENIED"
    car.crash()
    car.informed()
    assert [call["number"] for call in car.dialled] == [SE["emergency"]]


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


def test_a_call_back_is_answered_by_itself_and_gets_a_message(car):
    car.unit.calls.CALL_BACK_TIME = 2 * MIN
    car.sos()
    car.informed()
    call = car.connected()
    call.hang_up("remote")
    car.run(30 * S)
    car.assistance.call_back(call)
    told = car.informed(2)
    assert told["message_id"] == 2
    assert car.state["State"] == "CONNECTED"
    car.connected().hang_up("remote")
    assert car.state["State"] != "IDLE"
    car.run(2 * MIN)
    assert car.state["State"] == "IDLE"


def test_nobody_is_answered_by_itself_who_was_not_called(car):
    back = car.network.ring("001010123456789", SE["assistance"])
    car.run(20 * S)
    assert back.alerting.happened
    assert not back.answered.happened


def test_the_centre_gets_a_new_message_when_it_asks(car):
    car.sos()
    car.informed()
    car.connected().request_msd()
    assert car.informed(2)["message_id"] == 2


def test_hanging_up_at_the_modem_is_not_redialled(car):
    car.crash()
    car.until(lambda: len(car.dialled) == 1)
    assert car.at("ATH") == ["OK"]
    car.run(60 * S)
    assert len(car.dialled) == 1
    assert car.state["State"] == "IDLE"


def test_a_lost_fix_gives_the_last_known_position_not_trusted(car):
    car.sky.fix = False
    known = (car.sky.latitude, car.sky.longitude)
    car.sky.latitude += 1
    car.run(10 * S)
    car.sos()
    told = car.informed()
    assert (told["latitude"], told["longitude"]) == pytest.approx(known, abs=1e-6)
    assert told["position_trusted"] is False
    assert told["heading"] is None


def test_a_fix_that_the_receiver_doubts_is_told_but_not_trusted(car):
    car.sky.accuracy_m = 500.0
    car.run(3 * S)
    car.crash()
    told = car.informed()
    assert told["latitude"] is not None
    assert told["position_trusted"] is False


def test_a_car_that_never_had_a_fix_says_unknown():
    car = Car(ready=False)
    car.sky.fix = False
    car.power()
    car.until_registered()
    car.crash()
    told = car.informed()
    assert told["latitude"] is told["longitude"] is None
    assert told["position_trusted"] is False


def test_direction_and_recent_positions_tell_where_a_moving_car_came_from(car):
    car.sky.heading_deg = 90.0
    for _ in range(20):
        car.sky.longitude += 0.0003
        car.run(1 * S)
    car.crash()
    told = car.informed()
    assert told["heading"] == 90
    assert told["longitude"] > told["recent"][0][1] > told["recent"][1][1]


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
