"""A crash comes while a remote unlock is pending: help is called, doors open and stay so (B-01, B-02, B-29, B-30)."""

import pytest

from fixtures import clauses, procedure
from harness.units import MIN, S

pytestmark = [clauses("B-01", "B-02", "B-29", "B-30"), procedure("story-crash-while-unlocking")]

HANDLE_TIME = 30 * S
RELOCKS_BY_ITSELF = 2 * MIN
"""So soon an unlocked car of which nobody opens a door may lock again by itself (bench default); not after a crash."""
GARAGE = 20 * S
"""In the garage for so long: shorter than a signal is valid."""


@pytest.fixture(autouse=True)
def locked_car(keys, doors):
    """Parked and locked with a key that was then carried away."""
    keys.near(1)
    doors.expects_locked("KEY", since=keys.locks(1))
    keys.away()


def stays_open(doors, crashed, phone):
    """Neither the time for the handle, nor the car by itself, nor the app locks the doors of a crashed car."""
    opened = doors.expects_unlocked("CRASH", since=crashed)
    assert phone.expects_failed(phone.asks("lock"))["reason"] == "the car refused"
    doors.clock.sleep(opened + RELOCKS_BY_ITSELF + 5 * S - doors.now())
    assert doors.timeline.stays("CEM_Lock.State", "UNLOCKED", since=opened)
    assert doors.timeline.stays("CEM_Lock.LastCause", "CRASH", since=opened)
    doors.expects_all_open()


@pytest.mark.parametrize("level", ["BELT_TENSIONER", "AIRBAG"])
def test_a_crash_ends_a_pending_unlock_and_nothing_locks_the_doors_again(
    assistance_desk, crash, operator, doors, phone, level
):
    """The car waited for a handle: it calls Assistance, opens, tells the app so, and waits no longer."""
    unlock, _ = assistance_desk.unlocks(HANDLE_TIME)
    crashed = crash.happens(level)
    call = operator.expects_one_call("crash", since=crashed)
    operator.expects_message(call, automatic=True)
    assistance_desk.expects_app("remote_unlock", unlock, "unlocked", since=crashed)
    stays_open(doors, crashed, phone)
    assert not doors.timeline.was("CEM_Remote.State", "RELOCKED", since=crashed)
    told = [event.data["state"] for event in assistance_desk.app_told("remote_unlock", unlock)]
    assert told == ["asked", "sent", "waiting for handle", "unlocked"]


def test_a_signal_that_arrives_after_the_crash_finds_the_car_open(
    assistance_desk, crash, operator, doors, surroundings, phone
):
    """Hit in a garage: once there is coverage the call goes out, and the app hears that the doors are open."""
    surroundings.coverage("none")
    assistance_desk.clock.sleep(5 * S)
    unlock = assistance_desk.asks_for_unlock(handle_time=HANDLE_TIME)
    assistance_desk.verifies(unlock)
    crashed = crash.happens()
    surroundings.coverage("full", after=GARAGE)
    operator.expects_call("crash", within=GARAGE + 1 * MIN, since=crashed)
    assistance_desk.expects_app("remote_unlock", unlock, "unlocked", since=crashed, within=GARAGE + 1 * MIN)
    assert not doors.timeline.was("CEM_Remote.State", "WAITING_FOR_HANDLE", since=crashed)
    stays_open(doors, crashed, phone)
