"""Off-board API: thefts as Assistance has them: asked for in the app, tracked, closed (B-32, B-33, B-34)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, HTTPException
from pydantic import Field

from emulation.bench import EmulatedBench
from emulation.offboard import schemas
from emulation.offboard.binding import Bench
from emulation.offboard.routes_world import AS_USUAL
from emulation.offboard.theft import Origin, TheftCase, TheftDesk
from harness.units import MIN, S

theft = APIRouter(prefix="/assistance/theft-cases", tags=["assistance"])

INTERVAL = 60 * S
"""Between two positions where the operator agrees on nothing else: the catalogue's tracking_interval."""


class Report(schemas.Schema):
    """Who asks in the app where the car is, and the PIN that proves it."""

    account: str
    pin: Annotated[str, Field(repr=False)]


class Tracking(schemas.Schema):
    """The operator has found that `unauthorised` drives the car, or not; how often it shall report, in ns."""

    unauthorised: bool
    interval: Annotated[int, Field(ge=5 * S, le=60 * MIN)] = INTERVAL


class FixState(schemas.Schema):
    """A position of a tracked car, in degrees; `at` is when it was there."""

    latitude: float
    longitude: float
    trusted: bool
    at: schemas.Nanoseconds


class TheftState(schemas.Schema):
    """A theft as Assistance keeps it; instants are null where it did not happen."""

    id: int
    origin: Origin
    opened: schemas.Nanoseconds
    source: str | None
    account: str | None
    messaged: schemas.Nanoseconds | None
    pushed: schemas.Nanoseconds | None
    interval: schemas.Nanoseconds | None
    tracked: schemas.Nanoseconds | None
    positions: list[FixState]
    closed: schemas.Nanoseconds | None
    reason: str | None


@theft.get("")
async def read_thefts(bench: Bench) -> list[TheftState]:
    """Every case, oldest first."""
    return [_state(case) for case in _desk(bench).cases]


@theft.post("", status_code=201)
async def report_theft(bench: Bench, report: Report) -> TheftState:
    """The owner does not know where the car is and asks Assistance through the app; 409 unless the PIN is right."""
    desk = _desk(bench)
    verdict = desk.verify(report.account, report.pin)
    if verdict != "ok":
        raise HTTPException(409, f"the PIN of {report.account} is {verdict}: Assistance says nothing of the car")
    return _state(desk.ask(report.account))


@theft.post("/{identity}/tracking", status_code=202)
async def track(bench: Bench, identity: int, finding: Tracking) -> TheftState:
    """The operator has looked into it: a car that somebody drives who may not is tracked, any other one is not."""
    desk, case = _open(bench, identity)
    if case.account is None:
        raise HTTPException(409, f"nobody has asked where the car of case {case.id} is: no tracking before that")
    desk.find_out(case, finding.interval, unauthorised=finding.unauthorised)
    return _state(case)


@theft.post("/{identity}/close")
async def close_theft(bench: Bench, identity: int) -> TheftState:
    """The car is found."""
    desk, case = _open(bench, identity)
    desk.close(case, "operator")
    return _state(case)


def thefts_as_usual(bench: EmulatedBench) -> None:
    """No theft that anybody still works on."""
    desk = _desk(bench)
    if desk.open_case is not None:
        desk.close(desk.open_case, "operator")


AS_USUAL.append(thefts_as_usual)


def _desk(bench: EmulatedBench) -> TheftDesk:
    desk: TheftDesk = bench.parts["theft_desk"]
    return desk


def _open(bench: EmulatedBench, identity: int) -> tuple[TheftDesk, TheftCase]:
    desk = _desk(bench)
    case = desk.find(identity)
    if case is None:
        known = ", ".join(str(case.id) for case in desk.cases) or "none yet"
        raise HTTPException(404, f"no theft case {identity}; the cases are: {known}")
    if case.closed is not None:
        raise HTTPException(409, f"theft case {case.id} was closed at {case.closed} ns by {case.reason}")
    return desk, case


def _state(case: TheftCase) -> TheftState:
    state = {name: getattr(case, name) for name in TheftState.model_fields}
    state["positions"] = [asdict(fix) for fix in case.positions]
    return TheftState(**state)
