"""Off-board API: the bench itself, where something may go wrong on its wires on purpose (docs/troubles.md)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException
from pydantic import Field

from emulation.offboard.binding import Bench
from emulation.offboard.schemas import Nanoseconds, Schema
from emulation.troubles import Trouble, TroubleError, What

bench_itself = APIRouter(prefix="/bench", tags=["bench"])

Period = Annotated[int, Field(gt=0, lt=1 << 62, description="ns")]
Identifier = Annotated[int, Field(ge=0, le=0x1FFF_FFFF)]


class TroubleRequest(Schema):
    """What is to go wrong; `emulation.troubles.Trouble` says what the numbers mean. `for` null: until it is deleted."""

    where: str
    what: What
    after: Nanoseconds = 0
    lasts: Nanoseconds | None = Field(None, alias="for")
    delay: Period = Trouble.delay
    share: Annotated[float, Field(gt=0, le=1)] = Trouble.share
    identifiers: list[Identifier] = Field(default_factory=list)
    every: Period = Trouble.every


class TroubleState(TroubleRequest):
    """A trouble by number; `active` while it is under way."""

    number: int
    active: bool


class Places(Schema):
    """What can go wrong where, and what does or will."""

    places: dict[str, tuple[What, ...]]
    troubles: list[TroubleState]


@bench_itself.post("/troubles", status_code=201)
async def make_trouble(bench: Bench, wanted: TroubleRequest) -> TroubleState:
    """Let something go wrong; 422 where this bench has no such place, or nothing of that kind can go wrong there."""
    trouble = Trouble(**wanted.model_dump() | {"identifiers": tuple(wanted.identifiers)})
    try:
        number = bench.troubles.add(trouble)
    except TroubleError as error:
        raise HTTPException(422, str(error)) from error
    return _state(number, trouble, active=not trouble.after)


@bench_itself.get("/troubles")
async def read_troubles(bench: Bench) -> Places:
    """What can go wrong where, and what does or will."""
    known = bench.troubles.known()
    troubles = [_state(number, trouble, active=active) for number, (trouble, active) in known.items()]
    return Places(places=bench.troubles.places(), troubles=troubles)


@bench_itself.delete("/troubles", status_code=204)
async def end_troubles(bench: Bench) -> None:
    """Every trouble is over."""
    bench.troubles.end_all()


@bench_itself.delete("/troubles/{number}", status_code=204)
async def end_trouble(bench: Bench, number: int) -> None:
    """One is over; 404 where it was over already."""
    if number not in bench.troubles.known():
        raise HTTPException(404, f"there is no trouble {number}, or it is over: GET /bench/troubles lists them")
    bench.troubles.end(number)


def _state(number: int, trouble: Trouble, *, active: bool) -> TroubleState:
    told = vars(trouble) | {"for": trouble.lasts, "identifiers": list(trouble.identifiers)}
    del told["lasts"]
    return TroubleState(**told, number=number, active=active)
