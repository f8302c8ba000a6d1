"""Crash frames that are wrong, late or told of before: only a crash that can be trusted calls (B-02, B-03)."""

import pytest

from fixtures import clauses, trouble_codes
from harness.actors import Level
from harness.can.e2e import Corruption
from harness.units import S

pytestmark = trouble_codes("CRASH_FRAME_INVALID")

AWAY = 1 * S
"""How long the airbag module is silent, or stands still: a hundred frames, and less than any time-out."""


@clauses("B-03")
@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"corruption": Corruption.WRONG_CRC}, id="wrong CRC"),
        pytest.param({"corruption": Corruption.REPEATED_COUNTER}, id="repeated counter"),
        pytest.param({"corruption": Corruption.SKIPPED_COUNTERS}, id="too many counters skipped"),
        pytest.param({"contradicting": True}, id="contradicting copy of the level"),
        pytest.param({"frames": 1}, id="one frame alone"),
    ],
)
def test_crash_frames_that_cannot_be_trusted_call_nobody(wrong, crash, car, operator):
    """Frames with one thing wrong are no crash; the same frames with nothing wrong, sent afterwards, are."""
    with crash.plays() as frames:
        told = frames.send(Level.AIRBAG, **wrong)
        car.stays_quiet(since=told)
        crashed = frames.send(Level.AIRBAG)
        operator.expects_call("crash", since=crashed)


@clauses("B-02", "B-03")
@pytest.mark.parametrize(
    "disturbed",
    [
        pytest.param({"corruption": Corruption.WRONG_CRC, "every": 2}, id="every second frame corrupt"),
        pytest.param({"corruption": Corruption.WRONG_CRC, "every": 3}, id="every third frame corrupt"),
        pytest.param({"left_out": 1}, id="every second frame lost"),
        pytest.param({"left_out": 3}, id="three of four frames lost"),
        pytest.param({"frames": 2}, id="two frames in a row"),
    ],
)
def test_a_crash_on_a_disturbed_bus_calls_once(disturbed, crash, car, operator):
    """A crash tears at cables, too: as long as enough frames come through, the call is made, and made once."""
    with crash.plays() as frames:
        crashed = frames.send(Level.AIRBAG, **disturbed)
        call = operator.expects_one_call("crash", since=crashed)
    assert car.numbers_dialled(since=crashed) == [call.number]


@clauses("B-02", "B-03")
@pytest.mark.parametrize("interruption", ["silent", "stand_still"])
def test_a_crash_after_frames_that_failed_to_come_calls(interruption, crash, car, operator):
    """The airbag module is silent, or its counter stands still: nothing happens, and a crash afterwards still calls."""
    with crash.plays() as frames:
        before = car.now()
        getattr(frames, interruption)(AWAY)
        car.stays_quiet(since=before)
        crashed = frames.send(Level.AIRBAG)
        call = operator.expects_one_call("crash", since=crashed)
    assert car.numbers_dialled(since=before) == [call.number]


@clauses("B-03")
def test_a_crash_that_stays_on_the_bus_makes_one_call(crash, car, operator):
    """Frame after frame tells of the same crash, for 15 s, while the call is made and answered: it is one crash."""
    with crash.plays() as frames:
        crashed = frames.send(Level.AIRBAG, frames=1_500)
        call = operator.expects_one_call("crash", since=crashed)
    assert car.numbers_dialled(since=crashed) == [call.number]


@clauses("B-03")
def test_a_crash_that_was_called_for_calls_no_more(crash, car, operator, limit):
    """The call is over, and frames tell of the same event once more: a late repetition is no second crash."""
    with crash.plays() as frames:
        crashed = frames.send(Level.AIRBAG)
        call = operator.expects_call("crash", since=crashed)
        operator.hangs_up(call)
        operator.expects_end(call, within=limit("call_start"))
        repeated = frames.send(Level.AIRBAG, new_event=False)
        car.stays_quiet(since=repeated)
