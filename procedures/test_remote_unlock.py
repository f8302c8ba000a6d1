"""Remote unlocking: the PIN first, then the signal, then the handle, within the request's own time (B-28 ... B-30)."""

import pytest

from fixtures import clauses
from harness.actors.doors import CAN_ERROR, Door
from harness.actors.owner import GUEST_ID, OWNER_ID, OWNER_PIN
from harness.judge import Quantity
from harness.units import MIN, MS, S

BEFORE, AFTER = 1 * S, 1 * S
"""So far from the end of its time a handle is on one side of it, whatever the relay's own uncertainty."""


@pytest.fixture(autouse=True)
def locked_car(keys, doors):
    """Parked and locked with a key that was then carried away."""
    keys.near(1)
    doors.expects_locked("KEY", since=keys.locks(1))
    keys.away()


@clauses("B-28")
def test_the_signal_goes_out_after_the_right_pin_and_never_before(assistance_desk, doors, measure):
    """Asked for in the app: nothing reaches the car until the PIN is verified; then the car awaits a handle."""
    asked = assistance_desk.now()
    unlock = assistance_desk.asks_for_unlock()
    assistance_desk.expects_no_command(since=asked)
    verified = assistance_desk.verifies(unlock)
    at = assistance_desk.expects_one_command("UNLOCK", since=asked)
    clocks = assistance_desk.bench.uncertainty_between("body", "tester")
    measure(Quantity.between("from the PIN to the car", verified, at, CAN_ERROR, clocks), "unlock_signal")
    assistance_desk.expects_app("remote_unlock", unlock, "waiting for handle", since=verified)
    doors.expects_nothing_opens(since=asked)


@clauses("B-28")
@pytest.mark.parametrize("wrong", ["4712", "1174", "0000"])
def test_a_wrong_pin_sends_no_signal(assistance_desk, doors, wrong):
    """The app is told, and the car never hears of it."""
    unlock = assistance_desk.asks_for_unlock()
    asked = assistance_desk.verifies(unlock, wrong)
    told = assistance_desk.expects_app("remote_unlock", unlock, "refused")
    assert told.data["reason"] == "wrong PIN"
    assistance_desk.expects_no_command(since=asked)
    doors.expects_nothing_opens(duration=1 * S, since=asked)


@clauses("B-28")
def test_an_authorised_person_is_believed_by_a_pin_of_their_own_and_by_no_other(assistance_desk):
    """Whom the owner has not named is refused, also with the owner's PIN; once named, their own PIN counts alone."""
    asked = assistance_desk.now()
    for pin in (OWNER_PIN, "2580"):
        stranger = assistance_desk.asks_for_unlock(GUEST_ID, pin)
        assert stranger["state"] == "refused"
    assistance_desk.authorises(GUEST_ID, "2580")
    assert assistance_desk.asks_for_unlock(GUEST_ID, OWNER_PIN)["state"] == "refused"
    assert assistance_desk.asks_for_unlock(OWNER_ID, "2580")["state"] == "refused"
    assistance_desk.expects_no_command(since=asked)
    friend = assistance_desk.asks_for_unlock(GUEST_ID, "2580")
    assistance_desk.expects_app("remote_unlock", friend, "waiting for handle")
    assistance_desk.expects_one_command("UNLOCK", since=asked)


@clauses("B-28", "B-27")
def test_wrong_pins_for_unlocking_lock_the_account_too(assistance_desk, limit):
    """One account, one count of tries, whatever they were for; locked, the right PIN sends no signal."""
    asked = assistance_desk.now()
    for _ in range(limit("account_pin_tries")):
        assert assistance_desk.asks_for_unlock(pin="0000")["reason"] == "wrong PIN"
    assert assistance_desk.asks_for_unlock(pin=OWNER_PIN)["reason"] == "account locked"
    assistance_desk.expects_no_command(since=asked)


@clauses("B-29")
def test_nothing_opens_before_a_handle_is_pressed(assistance_desk, doors):
    """The signal alone leaves every door locked."""
    unlock, waits = assistance_desk.unlocks()
    doors.expects_nothing_opens(since=waits)
    assert assistance_desk.state("remote_unlock", unlock)["state"] == "waiting for handle"


@clauses("B-29")
@pytest.mark.parametrize("handle", list(Door), ids=str)
def test_any_handle_unlocks_and_every_door_then_opens(assistance_desk, doors, handle):
    """One press: the car is unlocked from afar, all doors open as normal, and the app knows."""
    unlock, waits = assistance_desk.unlocks()
    assistance_desk.clock.sleep(2 * S)
    pressed = doors.press_handle(handle)
    doors.expects_unlocked("REMOTE", since=pressed)
    assert doors.timeline.stays("CEM_Lock.State", "LOCKED", waits, pressed)
    doors.expects_all_open()
    assistance_desk.expects_app("remote_unlock", unlock, "unlocked", since=pressed)


@clauses("B-29", "B-30")
def test_once_used_a_signal_does_not_unlock_again(assistance_desk, keys, doors):
    """Unlocked from afar, then locked with the key: the handle's time was this once, although it is not over."""
    assistance_desk.unlocks(handle_time=1 * MIN)
    doors.expects_unlocked("REMOTE", since=doors.press_handle())
    keys.near(1)
    doors.expects_locked("KEY", since=keys.locks(1))
    keys.away()
    assert not doors.tries_to_open()


@clauses("B-30")
@pytest.mark.parametrize("handle_time", [10 * S, 25 * S, None], ids=["10 s", "25 s", "as usual"])
def test_a_car_whose_handles_nobody_presses_is_locked_again_after_the_time_of_the_request(
    assistance_desk, doors, limit, measure, handle_time
):
    """Each request carries its own time; the car keeps it, says so on CAN, and a later press finds it locked."""
    asked = limit("relock") if handle_time is None else handle_time
    unlock, waits = assistance_desk.unlocks(handle_time)
    assistance_desk.clock.sleep(asked + AFTER - (assistance_desk.now() - waits))
    kept = measure(doors.handle_time(since=waits))
    measure(Quantity.of("off by", abs(kept.value - asked / S), "s", kept.budget), "relock_error")
    assert not doors.tries_to_open()
    assistance_desk.expects_app("remote_unlock", unlock, "relocked", since=waits)
    assert doors.timeline.stays("CEM_Lock.State", "LOCKED", waits)


@clauses("B-30")
@pytest.mark.parametrize("handle_time", [5 * S, 30 * S], ids=["5 s", "30 s"])
def test_a_handle_just_before_the_end_still_unlocks(assistance_desk, doors, handle_time):
    """The whole time counts."""
    _, waits = assistance_desk.unlocks(handle_time)
    assistance_desk.clock.sleep(handle_time - BEFORE - (assistance_desk.now() - waits))
    pressed = doors.press_handle(Door.PASSENGER)
    doors.expects_unlocked("REMOTE", since=pressed)
    assert doors.pressed_after(pressed, waits).value < handle_time / S


@clauses("B-30")
def test_a_new_request_has_a_time_of_its_own(assistance_desk, doors):
    """The short time of the first is over while the second's still runs; then the handle unlocks."""
    assistance_desk.unlocks(handle_time=8 * S)
    assistance_desk.clock.sleep(3 * S)
    second, _ = assistance_desk.unlocks(handle_time=40 * S)
    assistance_desk.clock.sleep(15 * S)
    pressed = doors.press_handle()
    doors.expects_unlocked("REMOTE", since=pressed)
    assistance_desk.expects_app("remote_unlock", second, "unlocked", since=pressed - 500 * MS)
