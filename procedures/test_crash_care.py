"""What Assistance and driver do in a crash call: voices, hand-over, alert where nobody answers (B-05, B-06, B-07)."""

from typing import get_args

import pytest

from fixtures import clauses
from harness.actors.operator import Service
from harness.catalogue import load
from harness.judge import Quantity
from harness.units import MS, S

RECORD_ERROR = 1 * MS
"""Limit of error of an off-board record's time (bench default)."""


@pytest.fixture
def call(crash, operator):
    """The call of a car that has crashed, answered and informed."""
    return operator.expects_call("crash", since=crash.happens())


@clauses("B-05")
def test_the_operator_is_heard_in_the_car_and_only_in_the_call(driver, crash, operator, measure, limit):
    """The speaker line is silent before the crash, speaks soon after the answer, and is silent after the end."""
    silence = load().limit("speaker_voice").number
    assert measure(driver.hears(), name="speaker before the crash") < silence
    call = operator.expects_call(since=crash.happens())
    heard = driver.expects_voice(within=limit("voice_contact"))
    measure(heard, "speaker_voice")
    clocks = driver.bench.uncertainty_between("assistance", "tester")
    spent = Quantity.between("from answer to voice", call.answered, driver.now(), 250 * MS, clocks)
    measure(spent, "voice_contact")
    operator.hangs_up(call)
    operator.expects_end(call, within=limit("call_start"))
    assert measure(driver.hears(), name="speaker after the call") < silence


@clauses("B-05")
def test_the_driver_is_heard_once_there_is_something_to_hear(driver, operator, call):
    """No contact while the car is silent; contact as soon as somebody speaks in it, at a whisper's delay."""
    driver.clock.sleep(5 * S)
    assert not operator.call(call).voice_contact
    driver.speaks()
    operator.expects_voice_contact(call)


@clauses("B-05")
def test_a_silent_operator_is_not_heard(driver, crash, operator, limit):
    """What the speaker line carries is the operator's voice, and not the mere call."""
    operator.talks(False)
    call = operator.expects_call("crash", since=crash.happens())
    driver.clock.sleep(max(0, call.answered + limit("voice_contact") - driver.now()))
    assert driver.hears() < load().limit("speaker_voice").number


@clauses("B-06")
@pytest.mark.parametrize("service", get_args(Service))
def test_the_case_goes_to_the_service_that_the_operator_chose(service, driver, operator, surroundings, call):
    """Police, ambulance or tow truck: that service has the case with the car's place, and no other one has."""
    driver.speaks()
    operator.expects_voice_contact(call)
    operator.hands_over(call, service)
    told = operator.expects_case_at(service, surroundings.here())
    assert told.data["case"] == operator.case(call)["id"]
    assert told.data["vin"] == operator.case(call)["vin"]


@clauses("B-06")
def test_a_case_may_go_to_more_than_one_service(operator, call):
    """A crash on a motorway: police and ambulance each have the case, once; the tow truck has not."""
    operator.hands_over(call, "police")
    operator.hands_over(call, "ambulance")
    for service, times in {"police": 1, "ambulance": 1, "tow": 0}.items():
        operator.clock.sleep(1 * S)
        operator.bench.offboard.pull()
        assert len(operator.timeline.events(service, "case")) == times, service


@clauses("B-07")
def test_silence_in_the_car_alerts_the_emergency_services(driver, operator, surroundings, measure, call):
    """Nobody answers: they are told where the car is, in time, and once."""
    driver.silent()
    alert = operator.expects_alert(surroundings.here())
    measure(Quantity.between("from answer to alert", call.answered, alert.time, RECORD_ERROR), "silence_alert")
    assert alert.data["case"] == operator.case(call)["id"]
    operator.clock.sleep(10 * S)
    operator.bench.offboard.pull()
    assert len(operator.timeline.events("emergency", "alert")) == 1


@clauses("B-07")
@pytest.mark.parametrize("after", [0 * S, 15 * S], ids=["at once", "after 15 s"])
def test_voice_contact_alerts_nobody(after, driver, operator, limit, call):
    """Somebody speaks in the car, at once or after a shock: the operator decides, and no alert goes out by itself."""
    driver.clock.sleep(after)
    driver.speaks()
    operator.expects_voice_contact(call)
    driver.clock.sleep(limit("silence_alert"))
    operator.bench.offboard.pull()
    assert operator.timeline.events("emergency", "alert") == []


@clauses("B-07")
def test_a_call_that_breaks_off_in_silence_is_an_alert_as_well(crash, operator, surroundings):
    """The line is lost with nobody heard, and Assistance can no longer be reached: the alert goes out all the same."""
    operator.drops(after=8 * S)
    crashed = crash.happens()
    operator.expects_call("crash", since=crashed)
    operator.unreachable()
    operator.expects_alert(surroundings.here(), since=crashed)
