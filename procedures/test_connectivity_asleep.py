"""A car parked for days: reachable at first, then once an hour, then not until somebody starts it (B-31)."""

import pytest

from fixtures import clauses, lasts
from harness.actors import Ignition
from harness.units import MIN, H, S

pytestmark = clauses("B-31")

HOUR = 1 * H + 2 * MIN
"""An hour, and what its signal takes."""


@pytest.fixture
def sleeping_car(thief, car, limit):
    """Locked, left alone, its network silent; the instant from which it is parked, give or take the boot (ns)."""
    parked = car.now()
    thief.finds_it_locked()
    car.expects_sleep(within=limit("network_sleep"))
    return parked


@lasts("73 h")
def test_after_days_a_signal_waits_for_the_hour_and_the_app_is_told(
    sleeping_car, assistance_desk, theft_desk, surroundings, limit
):
    """Reachable to the end of the third day, asleep on the fourth: what is still valid arrives within the hour."""
    clock = theft_desk.clock
    clock.sleep(sleeping_car + limit("reachable_parked") - HOUR // 2 - clock.now())
    assert assistance_desk.hindrance() == ""
    clock.sleep(HOUR + 5 * MIN)
    assert assistance_desk.hindrance() == "asleep"
    unlock = assistance_desk.asks_for_unlock()
    asked = assistance_desk.verifies(unlock)
    within = limit("unlock_validity") + limit("app_report")
    told = assistance_desk.expects_app("remote_unlock", unlock, "not reached", since=asked, within=within)
    assert told.data["reason"] == "asleep"
    start = theft_desk.finds(theft_desk.asks_where(), unauthorised=True, interval=20 * S)
    theft_desk.expects_no_sightings(since=start, lasting=5 * MIN)
    seen = theft_desk.expects_sightings(2, since=start, within=HOUR)
    theft_desk.expects_near("the last position", seen[-1]._asdict(), surroundings.here())
    assistance_desk.expects_no_command(since=asked, lasting=0)


@lasts("411 h")
def test_after_weeks_only_a_start_makes_it_reachable(sleeping_car, assistance_desk, driver, limit):
    """Not one of the minutes of an hour is left; with ignition I it is there at once."""
    clock = assistance_desk.clock
    clock.sleep(sleeping_car + limit("reachable_parked") + limit("hourly_parked") + HOUR - clock.now())
    for _ in range(HOUR // (1 * MIN)):
        assert assistance_desk.hindrance() == "asleep"
        clock.sleep(1 * MIN)
    driver.ignition(Ignition.I)
    clock.sleep(5 * S)
    assert assistance_desk.hindrance() == ""
