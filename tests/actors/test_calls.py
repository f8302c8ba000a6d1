"""Actors see a call from all sides, and say what they missed where there was none."""

import pytest

from fixtures import trouble_codes
from harness.actors import Button
from harness.can.e2e import Corruption
from harness.errors import ExpectationError
from harness.units import MS, S


def test_an_sos_call_is_seen_by_modem_can_and_assistance(driver, car, operator, surroundings, bench):
    press = driver.hold(Button.SOS, 2_100 * MS)
    call = operator.expects_one_call("sos")
    assert operator.last_trigger() == press.start
    (dialled,) = car.dialled(since=press.start)
    assert dialled.data["number"] == call.number == surroundings.countries()["SE"].assistance_number
    assert bench.timeline.was("TCU_Call.State", "CONNECTED", since=press.start)
    message = operator.expects_message(call, automatic=False, at=surroundings.here(), trusted=True)
    assert message.vin == car.identity()["telematics"].vin
    with pytest.raises(ExpectationError, match="automatic = True; it says False"):
        operator.expects_message(call, automatic=True)
    with pytest.raises(ExpectationError, match=r"within 150 m of the car; it is \d+ m off"):
        operator.expects_message(call, at=(57.0, 12.0))
    driver.speaks()
    operator.expects_voice_contact(call)
    assert driver.expects_voice().value > 0.9
    operator.hands_over(call, "tow")
    assert operator.expects_record("tow", "case", 1 * S).data["case"] == operator.case(call)["id"]
    operator.hangs_up(call)
    assert operator.expects_end(call, 5 * S).end_reason == "remote"


def test_a_quiet_car_is_quiet_and_a_calling_one_is_not(driver, car, operator):
    car.stays_quiet(2 * S)
    operator.expects_no_call(since=0)
    press = driver.hold(Button.ON_CALL, 2_100 * MS)
    with pytest.raises(ExpectationError, match=r"the modem dialled \+999\d+ .*TCU_Call.State became DIALLING"):
        car.stays_quiet(5 * S, since=press.start)
    call = operator.expects_call("on_call")
    car.stays_quiet(5 * S)  # a call that runs may go on
    with pytest.raises(ExpectationError, match="expected no call at assistance; it had 1"):
        operator.expects_no_call(since=press.start)
    with pytest.raises(ExpectationError, match="to take a call by sos within 1 s; it had 1"):
        operator.expects_call("sos", within=1 * S)
    assert operator.call(call).id == call.id


def test_nobody_who_waits_for_a_call_waits_for_ever(operator, emergency_centre, car):
    with pytest.raises(ExpectationError, match="expected assistance to take a call within 2 s; it had 0"):
        operator.expects_call(within=2 * S)
    with pytest.raises(ExpectationError, match="it dialled nothing"):
        car.expects_dialling("112", within=1 * S)
    with pytest.raises(ExpectationError, match="expected alert at emergency within 1 s"):
        emergency_centre.expects_record("emergency", "alert", 1 * S)


def test_a_crash_is_on_can_and_calls(crash, operator, bench):
    seen = crash.happens("AIRBAG", "LEFT")
    assert bench.timeline.value("ACM_Crash.CrashDirection", at=seen).value == "LEFT"
    assert operator.expects_call("crash").trigger == "crash"


@trouble_codes("CRASH_FRAME_INVALID")
def test_played_frames_call_only_where_they_are_right(crash, car, operator):
    with crash.plays() as frames:
        start = frames.send("AIRBAG", frames=20, corruption=Corruption.WRONG_CRC)
        car.stays_quiet(3 * S, since=start)
        start = frames.send("AIRBAG", frames=20, contradicting=True)
        car.stays_quiet(3 * S, since=start)
        frames.send("AIRBAG", frames=20, left_out=1)
        assert operator.expects_call("crash").trigger == "crash"


def test_the_app_s_request_is_a_case_with_the_car_s_position(owner, surroundings):
    case = owner.asks_for("flat_tyre")
    assert (case["position"]["latitude"], case["position"]["longitude"]) == surroundings.here()
    assert [request["kind"] for request in owner.requests()] == ["flat_tyre"]


def test_a_country_brings_its_position_and_numbers(surroundings):
    surroundings.country("GB")
    britain = surroundings.countries()["GB"]
    assert britain.emergency_number == "999"
    assert surroundings.here() == (britain.latitude, britain.longitude)
    assert surroundings.moves(10.0, -20.0) == surroundings.here()
