"""Remote unlocking in a garage: the app is told, the car stays locked, and a late signal unlocks nothing (B-31)."""

import pytest

from fixtures import clauses, trouble_codes
from harness.errors import ExpectationError
from harness.units import MIN, S

pytestmark = clauses("B-31")

LATE = 10 * MIN
"""So long after the request the garage is left: ten times what a signal is valid for."""


@pytest.fixture(autouse=True)
def locked_car(keys, doors):
    """Parked and locked with a key that was then carried away."""
    keys.near(1)
    doors.expects_locked("KEY", since=keys.locks(1))
    keys.away()


def test_without_coverage_the_app_is_told_so_and_the_car_stays_locked(assistance_desk, doors, surroundings, limit):
    """Within the signal's validity, and what the report may take; the modem itself says that it has no network."""
    surroundings.coverage("none")
    assistance_desk.clock.sleep(5 * S)
    assert assistance_desk.bench.modem.registration() not in ("home", "roaming")
    unlock = assistance_desk.asks_for_unlock()
    asked = assistance_desk.verifies(unlock)
    within = limit("unlock_validity") + limit("app_report")
    told = assistance_desk.expects_app("remote_unlock", unlock, "not reached", since=asked, within=within)
    assert told.data["reason"] == "no coverage"
    assert not doors.tries_to_open()
    doors.expects_nothing_opens(duration=1 * S, since=asked)
    assistance_desk.expects_no_command(since=asked, lasting=0)


@trouble_codes("NOT_REGISTERED")
def test_coverage_that_comes_back_long_after_unlocks_nothing(assistance_desk, doors, surroundings):
    """The network still delivers what it held: the car looks at the date, and nobody sends the signal again."""
    surroundings.coverage("none")
    assistance_desk.clock.sleep(5 * S)
    unlock = assistance_desk.asks_for_unlock()
    asked = assistance_desk.verifies(unlock)
    assistance_desk.clock.sleep(LATE)
    surroundings.coverage("full")
    back = assistance_desk.now()
    assistance_desk.bench.modem.wait_registered(1 * MIN)
    assistance_desk.expects_no_command(since=asked, lasting=30 * S)
    assert not doors.tries_to_open()
    doors.expects_nothing_opens(since=back)
    assert assistance_desk.state("remote_unlock", unlock)["state"] == "not reached"


def test_coverage_that_comes_back_in_time_still_unlocks(assistance_desk, doors, surroundings, limit):
    """A signal that arrives within its validity is as good as any, and the app knows."""
    surroundings.coverage("none")
    assistance_desk.clock.sleep(5 * S)
    unlock = assistance_desk.asks_for_unlock()
    asked = assistance_desk.verifies(unlock)
    surroundings.coverage("full", after=limit("unlock_validity") // 4)
    assistance_desk.expects_app(
        "remote_unlock", unlock, "waiting for handle", since=asked, within=limit("unlock_validity")
    )
    pressed = doors.press_handle()
    doors.expects_unlocked("REMOTE", since=pressed)


@pytest.mark.parametrize("number", range(3))
def test_on_the_edge_of_the_cell_app_and_car_agree_on_what_came_of_it(
    assistance_desk, doors, surroundings, limit, number
):
    """Slow and lossy: the signal arrives in time, once, or the app hears that it did not; a handle does as told."""
    surroundings.coverage("weak")
    assistance_desk.clock.sleep((5 + number) * S)
    unlock = assistance_desk.asks_for_unlock(handle_time=2 * MIN)
    asked = assistance_desk.verifies(unlock)
    within = limit("unlock_validity") + limit("app_report")
    told = assistance_desk.expects_app(
        "remote_unlock", unlock, "waiting for handle", "not reached", since=asked, within=within
    )
    assistance_desk.clock.sleep(limit("unlock_validity"))
    commands = [command for _, command in assistance_desk.commands(asked)]
    reached = told.data["state"] == "waiting for handle"
    if commands != ["UNLOCK"] * reached:
        raise ExpectationError(f"the app was told {told.data['state']}; the car was told {commands or 'nothing'}")
    assert doors.tries_to_open() == reached
