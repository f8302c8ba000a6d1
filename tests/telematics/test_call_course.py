"""Whom a call reaches, how often it is tried, what comes after it, and what its message says of the place."""

import pytest

from emulation.ecus.telematics.signal_status import registration_of
from harness.units import MIN, S
from tests.telematics.car import GB, SE, Car


@pytest.fixture
def car():
    return Car()


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
    assert registration_of(car.unit.modem) == "DENIED"
    car.crash()
    car.informed()
    assert [call["number"] for call in car.dialled] == [SE["emergency"]]


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
