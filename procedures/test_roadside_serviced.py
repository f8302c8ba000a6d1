"""After three years regular service keeps roadside help free, on most markets (B-18)."""

import pytest

from fixtures import clauses
from harness.actors import Visit
from harness.actors.roadside import anniversary

pytestmark = clauses("B-18")

RENEWS = ["SE", "NO", "DE", "CH", "FR", "GB", "US", "AU"]
ENDS = ["CN", "HK"]
"""Markets on which service adds nothing (docs/interfaces.md, roadside help)."""
KM_A_YEAR = 14_000
AGE = 4
"""Years since the purchase: one more than it includes."""


@pytest.fixture
def car_of_four_years(roadside):
    """Bought four years ago to the day, serviced on each anniversary but today's, `late` days late the last time."""

    def bought(market="SE", *, late=0, visits=(1, 2, 3), km_a_year=KM_A_YEAR):
        purchased = anniversary(roadside.today(), -AGE)
        roadside.bought(purchased, market)
        record = [Visit(anniversary(purchased, year), year * km_a_year) for year in visits]
        if late:
            record[-1] = Visit(record[-1].date.fromordinal(record[-1].date.toordinal() + late), record[-1].odometer_km)
        return roadside.serviced(record)

    return bought


@pytest.fixture
def sends_tow(owner, operator):
    """Ask for help in the app, and have the operator decide on a tow truck; returns the case."""

    def send():
        case = owner.asks_for("breakdown")
        operator.hands_over(case, "tow")
        return case

    return send


def test_a_car_that_was_serviced_each_time_has_free_help_on_most_markets(car_of_four_years, roadside, sends_tow):
    """On the last day of the interval that the last service opened, nobody pays."""
    for market in RENEWS:
        agreement = car_of_four_years(market)
        assert (agreement.standing, agreement.serviced_until) == ("serviced", agreement.today), market
        roadside.expects_free(sends_tow())


@pytest.mark.parametrize("market", ENDS)
def test_on_some_markets_service_adds_nothing(market, car_of_four_years, roadside, sends_tow):
    """The same record, and the owner is asked to pay."""
    agreement = car_of_four_years(market)
    assert (agreement.standing, agreement.serviced_until) == ("expired", None)
    case = sends_tow()
    roadside.expects_not_sent(case)
    roadside.expects_price(case)


def test_a_service_that_came_a_day_late_was_not_regular(car_of_four_years, roadside, sends_tow):
    """One interval missed by one day ends it, however lately the car was serviced."""
    assert car_of_four_years(late=1).standing == "expired"
    roadside.expects_not_sent(sends_tow())


def test_a_service_on_the_last_day_of_its_interval_was_in_time(car_of_four_years):
    """And one a day early moves the next one by a day: then yesterday was the last day."""
    assert car_of_four_years(late=0).standing == "serviced"
    agreement = car_of_four_years(late=-1)
    assert agreement.standing == "expired"
    assert (agreement.today - agreement.serviced_until).days == 1


@pytest.mark.parametrize("visits", [(), (1,), (1, 3), (2, 3)], ids=["never", "once", "second missed", "first missed"])
def test_a_gap_in_the_record_ends_it(visits, car_of_four_years, roadside, sends_tow):
    """Regularly means each time."""
    assert car_of_four_years(visits=visits).standing == "expired"
    roadside.expects_not_sent(sends_tow())


@pytest.mark.parametrize(("too_far", "standing"), [(0, "serviced"), (1, "expired")], ids=["just in time", "1 km late"])
def test_distance_counts_as_well_as_time(too_far, standing, car_of_four_years, roadside, limit):
    """The interval in kilometres, between two services and since the last one."""
    assert car_of_four_years(km_a_year=limit("service_km") + too_far).standing == standing
    car_of_four_years()
    last = (AGE - 1) * KM_A_YEAR
    purchased = anniversary(roadside.today(), -AGE)
    record = [Visit(anniversary(purchased, year), year * KM_A_YEAR) for year in (1, 2, 3)]
    assert roadside.serviced(record, odometer_km=last + limit("service_km") + too_far).standing == standing


def test_within_three_years_a_car_need_not_have_been_serviced(roadside):
    """What the purchase includes asks for no service, on any market."""
    for market in (*RENEWS, *ENDS):
        assert roadside.bought(anniversary(roadside.today(), -2), market).standing == "included"
