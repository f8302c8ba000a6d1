"""Off-board API: the agreement on roadside help, and what the owner says to a price (B-17 ... B-19)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException
from pydantic import AfterValidator, Field

from emulation.bench import EmulatedBench
from emulation.offboard.assistance import AssistanceCentre
from emulation.offboard.binding import Bench
from emulation.offboard.roadside import MARKETS, RoadsideTerms, Standing, Visit
from emulation.offboard.routes_help import case_state, open_case
from emulation.offboard.routes_world import AS_USUAL
from emulation.offboard.schemas import CaseState, Schema

roadside = APIRouter(tags=["roadside"])
AS_USUAL.append(lambda bench: bench.parts["roadside"].as_usual())


def _sold_in(code: str) -> str:
    if code not in MARKETS:
        raise ValueError(f"no market {code!r}: expected one of {', '.join(MARKETS)}")
    return code


Day = Annotated[date, Field(strict=False, description="YYYY-MM-DD")]
Kilometres = Annotated[int, Field(ge=0, le=2_000_000)]
Market = Annotated[str, AfterValidator(_sold_in), Field(description="ISO 3166-1: where the car was sold")]


class ServiceVisit(Schema):
    """A service at a workshop."""

    date: Day
    odometer_km: Kilometres


class RoadsideChange(Schema):
    """The agreement's facts; what is left out stays. `services` replaces the whole record."""

    purchased: Day | None = None
    market: Market | None = None
    odometer_km: Kilometres | None = None
    services: list[ServiceVisit] | None = None


class RoadsideState(Schema):
    """The agreement as Customer Support tells it; `standing`: why help is free today, or that it is not.

    `serviced_until` is null where an interval was missed, or where service adds nothing on this market.
    """

    purchased: Day
    market: str
    odometer_km: int
    services: list[ServiceVisit]
    today: Day
    standing: Standing
    included_until: Day
    serviced_until: Day | None


@roadside.get("/roadside")
async def read_agreement(bench: Bench) -> RoadsideState:
    """What the agreement says today."""
    return _state(bench.parts["roadside"])


@roadside.put("/roadside")
async def change_agreement(bench: Bench, change: RoadsideChange) -> RoadsideState:
    """Correct its facts: when and where the car was bought, how far it has gone, when it was serviced."""
    terms: RoadsideTerms = bench.parts["roadside"]
    terms.sold(change.purchased, change.market)
    if change.odometer_km is not None:
        terms.odometer_km = change.odometer_km
    if change.services is not None:
        terms.visits = tuple(Visit(visit.date, visit.odometer_km) for visit in change.services)
    return _state(terms)


@roadside.post("/assistance/cases/{identity}/quote/accept")
async def accept_quote(bench: Bench, identity: int) -> CaseState:
    """The owner agrees to pay; help sets off."""
    return _answer(bench, identity, accepted=True)


@roadside.post("/assistance/cases/{identity}/quote/decline")
async def decline_quote(bench: Bench, identity: int) -> CaseState:
    """The owner does not; nothing is sent."""
    return _answer(bench, identity, accepted=False)


@roadside.post("/assistance/cases/{identity}/recovery")
async def recover(bench: Bench, identity: int) -> CaseState:
    """The tow truck that was sent has taken the car away."""
    assistance, case = open_case(bench, identity)
    if "tow" not in case.services:
        raise HTTPException(409, f"no tow truck was sent in case {case.id}: nothing can be recovered")
    assistance.terms.charge_recovery(case)
    return case_state(case)


def _answer(bench: EmulatedBench, identity: int, *, accepted: bool) -> CaseState:
    assistance: AssistanceCentre
    assistance, case = open_case(bench, identity)
    if case.quote is None or case.quote.answer != "asked":
        said = "nothing was asked" if case.quote is None else f"the owner has {case.quote.answer}"
        raise HTTPException(409, f"no answer is awaited in case {case.id}: {said}")
    assistance.answered_quote(case, accepted=accepted)
    return case_state(case)


def _state(terms: RoadsideTerms) -> RoadsideState:
    return RoadsideState(
        purchased=terms.purchased,
        market=terms.market,
        odometer_km=terms.odometer_km,
        services=[ServiceVisit(date=visit.date, odometer_km=visit.odometer_km) for visit in terms.visits],
        today=terms.today,
        standing=terms.standing,
        included_until=terms.included_until,
        serviced_until=terms.serviced_until if terms.renews() else None,
    )
