"""A played airbag module is wrong exactly where a test wants it to be, and Assistance may ask for a message anew."""

from itertools import pairwise

import pytest

from harness.can.e2e import Corruption
from harness.errors import ExpectationError
from harness.units import MS, S

COUNTERS = 15
"""Of profile 1."""


def sent(bench, since):
    """Payloads of ACM_Crash from an instant on."""
    return [frame.data for frame in bench.timeline.frames("body", "ACM_Crash", since)]


def test_every_second_frame_is_corrupt_and_the_others_are_not(bench, crash):
    protection = bench.networks["body"].protections["ACM_Crash"]
    with crash.plays() as frames:
        start = frames.send("IMPACT", frames=6, corruption=Corruption.WRONG_CRC, every=2)
        right = [protection.crc_is_right(data) for data in sent(bench, start + 1)]
    assert right[:6] == [True, False] * 3


def test_skipped_counters_are_one_more_than_a_receiver_may_let_pass(bench, crash):
    protection = bench.networks["body"].protections["ACM_Crash"]
    with crash.plays() as frames:
        start = frames.send("IMPACT", frames=4, corruption=Corruption.SKIPPED_COUNTERS)
        counters = [protection.counter_of(data) for data in sent(bench, start + 1)][:4]
    assert {(after - before) % COUNTERS for before, after in pairwise(counters)} == {protection.max_delta_counter + 2}


def test_frames_tell_of_a_new_event_or_of_the_last_one(bench, crash):
    with crash.plays() as frames:
        frames.send("IMPACT", frames=2)
        first = bench.timeline.value("ACM_Crash.EventCount").value
        frames.send("IMPACT", frames=2, new_event=False)
        assert bench.timeline.value("ACM_Crash.EventCount").value == first
        frames.send("IMPACT", frames=2)
        assert bench.timeline.value("ACM_Crash.EventCount").value == (first + 1) % 16


def test_a_counter_stands_still_as_long_as_it_is_told_to(bench, crash, car):
    protection = bench.networks["body"].protections["ACM_Crash"]
    with crash.plays() as frames:
        start = car.now()
        frames.stand_still(200 * MS)
        still = {protection.counter_of(data) for data in sent(bench, start + 15 * MS)}
        moving_from = car.now()
        bench.clock.sleep(100 * MS)
        moving = {protection.counter_of(data) for data in sent(bench, moving_from + 1)}
    assert len(still) == 1
    assert len(moving) > 5


def test_assistance_asks_for_a_message_anew(crash, operator, surroundings):
    call = operator.expects_call("crash", since=crash.happens())
    first = operator.expects_message(call)
    surroundings.moves(57.0, 12.0)
    operator.clock.sleep(3 * S)
    again = operator.asks_for_message(call)
    assert again.message_id == first.message_id + 1
    assert again.distance_metres(57.0, 12.0) < 1.0


def test_a_case_and_an_alert_have_to_name_the_place_of_the_car(crash, operator, surroundings, car):
    call = operator.expects_call("crash", since=crash.happens())
    operator.hands_over(call, "tow")
    here = surroundings.here()
    assert operator.expects_case_at("tow", here).data["case"] == operator.case(call)["id"]
    with pytest.raises(ExpectationError, match=r"the case that tow has within 150 m of the car; it is \d+ m off"):
        operator.expects_case_at("tow", (here.latitude + 0.01, here.longitude))
    operator.hands_over(call, "police")
    operator.expects_record("police", "case", 1 * S)
    with pytest.raises(ExpectationError, match="the case at tow alone; police has it as well"):
        operator.expects_case_at("tow", here)
    with pytest.raises(ExpectationError, match="the alert within 150 m"):
        operator.expects_alert((here.latitude, here.longitude + 0.01))
    assert car.numbers_dialled() == [surroundings.land().assistance_number]
