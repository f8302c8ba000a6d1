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


RECEPTION = {
    "weak": lambda surroundings, _: surroundings.coverage("weak"),
    "none at first": lambda surroundings, valid: (
        surroundings.coverage("none"),
        surroundings.coverage("full", after=valid // 3),
    ),
}
"""What reception is like from just before the first request on."""
REQUESTS = 4
"""One after the other: on the edge of a cell each may go another way."""


@pytest.mark.parametrize("reception", RECEPTION)
def test_where_reception_is_bad_app_and_car_agree_on_what_came_of_each_request(
    assistance_desk, doors, surroundings, limit, reception
):
    """Each signal arrives in time, and once, or the app hears that it did not; the handle finds it as the app says."""
    RECEPTION[reception](surroundings, limit("unlock_validity"))
    assistance_desk.clock.sleep(3 * S)
    within = limit("unlock_validity") + limit("app_report")
    begun, reached = assistance_desk.now(), 0
    for _ in range(REQUESTS):
        unlock = assistance_desk.asks_for_unlock(handle_time=10 * MIN)
        since = assistance_desk.verifies(unlock)
        told = assistance_desk.expects_app(
            "remote_unlock", unlock, "waiting for handle", "not reached", since=since, within=within
        )
        reached += told.data["state"] == "waiting for handle"
        assistance_desk.clock.sleep(limit("app_report"))
    commands = [command for _, command in assistance_desk.commands(begun)]
    if commands != ["UNLOCK"] * reached:
        raise ExpectationError(f"the app was told of {reached} signals that arrived; the car was told {commands}")
    assert doors.tries_to_open() == bool(reached)
