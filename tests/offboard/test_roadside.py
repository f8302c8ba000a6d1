"""Terms of roadside help: dates, intervals, and what the API refuses (B-17 ... B-19)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.offboard.roadside import RoadsideTerms, Visit, months_after
from tests.offboard.conftest import OffboardBench

PURCHASES = st.dates(date(2015, 1, 1), date(2060, 12, 31))


@given(PURCHASES)
def test_three_years_end_on_the_same_day_of_the_year_or_on_the_last_of_february(day):
    until = months_after(day, 36)
    assert until.year == day.year + 3
    assert (until.month, until.day) == ((2, 28) if (day.month, day.day) == (2, 29) else (day.month, day.day))


@given(PURCHASES, st.integers(0, 60))
def test_months_never_skip_one_and_never_run_into_the_next(day, months):
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


@pytest.fixture
def terms(out: OffboardBench) -> RoadsideTerms:
    return out.bench.parts["roadside"]


def test_a_new_bench_has_a_car_whose_help_is_included(terms):
    assert terms.standing == "included"
    assert terms.purchased < terms.today


def test_the_record_may_be_entered_in_any_order(terms):
    terms.sold(terms.today - timedelta(days=4 * 365 + 1), "SE")
    bought = terms.purchased
    visits = [Visit(months_after(bought, 12 * year), 10_000 * year) for year in (1, 2, 3)]
    terms.odometer_km = 30_000
    terms.visits = tuple(reversed(visits))
    assert terms.standing == "serviced"


def test_today_is_the_world_s_day(out, terms):
    before = terms.today
    out.run(0)
    assert terms.today == before == date(2026, 3, 2)


def test_the_api_tells_and_corrects_the_agreement(http):
    told = http.put("/roadside", json={"purchased": "2023-03-02", "market": "GB"}).json()
    assert (told["standing"], told["included_until"], told["today"]) == ("included", "2026-03-02", "2026-03-02")
    assert http.get("/roadside").json() == told
    assert http.get("/delivery-centre").json()["purchased"] == "2023-03-02"
    http.put("/roadside", json={"odometer_km": 7, "services": [{"date": "2024-01-01", "odometer_km": 5}]})
    http.post("/world/as-usual")
    back = http.get("/roadside").json()
    assert (back["services"], back["market"]) == ([], "SE")


@pytest.mark.parametrize(
    "change",
    [
        {"purchased": "2023-02-30"},
        {"market": "XX"},
        {"odometer_km": -1},
        {"services": [{"date": "2024-01-01"}]},
        {"price": 0},
    ],
    ids=str,
)
def test_the_api_refuses_what_is_no_agreement(http, change):
    answer = http.put("/roadside", json=change)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_answers_that_nobody_asked_for_are_refused(http):
    case = http.post("/app/requests", json={"kind": "flat_tyre"}).json()["case"]["id"]
    assert http.post(f"/assistance/cases/{case + 99}/quote/accept").status_code == 404
    assert http.post(f"/assistance/cases/{case}/quote/accept").status_code == 409
    assert http.post(f"/assistance/cases/{case}/recovery").status_code == 409
    http.put("/roadside", json={"purchased": "2020-01-01"})
    held = http.post(f"/assistance/cases/{case}/hand-over", json={"service": "tow"}).json()
    assert (held["services"], held["quote"]["answer"], held["bill"]) == ([], "asked", None)
    sent = http.post(f"/assistance/cases/{case}/quote/accept").json()
    assert (sent["services"], sent["bill"]["help"]) == (["tow"], held["quote"]["help"])
    assert http.post(f"/assistance/cases/{case}/quote/decline").status_code == 409
