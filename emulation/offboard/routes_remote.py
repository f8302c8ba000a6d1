"""Off-board API: Connect itself, remote unlocking and the remote immobiliser at Assistance (A-14, B-25 ... B-31)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from pydantic import Field

from emulation.bench import EmulatedBench
from emulation.offboard import schemas
from emulation.offboard.binding import Bench
from emulation.offboard.immobiliser import Immobilisation, Immobilisations, NotNowError, ReportedTo
from emulation.offboard.remote import RemoteUnlock, RemoteUnlocks
from emulation.offboard.routes_world import AS_USUAL
from harness.units import S

connect = APIRouter(prefix="/connect", tags=["connect"])
remote_unlocks = APIRouter(prefix="/assistance/remote-unlocks", tags=["assistance"])
immobilisations = APIRouter(prefix="/assistance/immobilisations", tags=["assistance"])

PolestarId = Annotated[str, Field(min_length=1, max_length=64)]
Pin = Annotated[str, Field(pattern=r"^[0-9]{4}$", description="four digits")]
HandleTime = Annotated[int, Field(ge=1 * S, le=4095 * S, description="ns, in whole seconds")]


class Subscription(schemas.Schema):
    """Whether the car's owner has the service."""

    activated: bool


class ConnectState(Subscription):
    """And why the car cannot be reached now; empty where it can."""

    reason: str


class UnlockRequest(schemas.Schema):
    """Who asks in the app. With `pin` the operator verifies it at once; else `POST .../pin` follows."""

    account: PolestarId
    pin: Pin | None = None
    handle_time: HandleTime | None = None


class PinGiven(schemas.Schema):
    """What somebody says to prove who they are."""

    pin: Pin


class Step(schemas.Schema):
    """A state that a matter came to, and when."""

    at: schemas.Nanoseconds
    state: str
    reason: str


class UnlockState(schemas.Schema):
    """A remote unlock: asked, refused; sent, not reached; waiting for handle, unlocked, relocked."""

    id: int
    account: str
    asked: schemas.Nanoseconds
    handle_time: schemas.Nanoseconds
    sent: schemas.Nanoseconds | None
    state: str
    reason: str
    history: list[Step]


class TheftReport(schemas.Schema):
    """Whose car was stolen, and to whom that was told."""

    account: PolestarId
    reported_to: ReportedTo = "assistance"


class Authorities(schemas.Schema):
    """What the authorities say to disabling the car."""

    agree: bool


class Release(PinGiven):
    """Who wants the car back; left out: who reported the theft."""

    account: PolestarId | None = None


class ImmobilisationState(schemas.Schema):
    """A stolen car: refused, reported; agreed, declined; disabling, disabled; releasing, released; not reached."""

    id: int
    account: str
    asked: schemas.Nanoseconds
    reported_to: ReportedTo
    agreed: bool | None
    state: str
    reason: str
    history: list[Step]


# Connect


@connect.get("")
async def read_connect(bench: Bench) -> ConnectState:
    """Whether the service is on, and whether it reaches the car."""
    return ConnectState(activated=bench.parts["connect"].activated, reason=bench.parts["connect"].reason())


@connect.put("")
async def activate(bench: Bench, wanted: Subscription) -> ConnectState:
    """Switch the service on or off, as customer support does."""
    bench.parts["connect"].activated = wanted.activated
    return await read_connect(bench)


# Remote unlocking


@remote_unlocks.get("")
async def read_unlocks(bench: Bench) -> list[UnlockState]:
    """Every request, oldest first."""
    return [_unlock(unlock) for unlock in bench.parts["remote_unlocks"].unlocks]


@remote_unlocks.post("", status_code=201)
async def ask_for_unlock(bench: Bench, wanted: UnlockRequest) -> UnlockState:
    """Somebody asks in the app; a wrong PIN is answered by the state `refused`."""
    desk: RemoteUnlocks = bench.parts["remote_unlocks"]
    unlock = desk.ask(wanted.account, wanted.handle_time)
    if wanted.pin is not None:
        desk.check(unlock, wanted.pin)
    return _unlock(unlock)


@remote_unlocks.post("/{identity}/pin")
async def give_pin(bench: Bench, identity: int, given: PinGiven) -> UnlockState:
    """The operator verifies the PIN; 409 where that was done."""
    desk: RemoteUnlocks = bench.parts["remote_unlocks"]
    unlock = desk.find(identity)
    if unlock is None:
        raise HTTPException(404, f"no remote unlock {identity}; GET /assistance/remote-unlocks lists them")
    if unlock.state != "asked":
        raise HTTPException(409, f"remote unlock {identity} is {unlock.state}: ask anew")
    desk.check(unlock, given.pin)
    return _unlock(unlock)


def _unlock(unlock: RemoteUnlock) -> UnlockState:
    return UnlockState(**_told(unlock), handle_time=unlock.handle_time, sent=unlock.sent)


# Remote immobiliser


@immobilisations.get("")
async def read_immobilisations(bench: Bench) -> list[ImmobilisationState]:
    """Every theft that was reported, oldest first."""
    return [_matter(matter) for matter in bench.parts["immobilisations"].matters]


@immobilisations.post("", status_code=201)
async def report_theft(bench: Bench, report: TheftReport) -> ImmobilisationState:
    """The owner reports a theft."""
    return _matter(bench.parts["immobilisations"].report(report.account, report.reported_to))


@immobilisations.post("/{identity}/authorities")
async def consult(bench: Bench, identity: int, said: Authorities) -> ImmobilisationState:
    """Assistance has consulted the authorities."""
    return _act(bench, identity, lambda desk, matter: desk.consult(matter, said.agree))


@immobilisations.post("/{identity}/disable")
async def disable(bench: Bench, identity: int) -> ImmobilisationState:
    """Disable the keys; 409 unless the authorities have agreed."""
    return _act(bench, identity, lambda desk, matter: desk.disable(matter))


@immobilisations.post("/{identity}/release")
async def release(bench: Bench, identity: int, wanted: Release) -> ImmobilisationState:
    """Make the car start again, by the right PIN; a wrong one leaves the state, and is told in `reason`."""
    return _act(
        bench, identity, lambda desk, matter: desk.release(matter, wanted.account or matter.account, wanted.pin)
    )


def _act(bench: EmulatedBench, identity: int, act: Any) -> ImmobilisationState:
    desk: Immobilisations = bench.parts["immobilisations"]
    matter = desk.find(identity)
    if matter is None:
        raise HTTPException(404, f"no theft {identity}; GET /assistance/immobilisations lists them")
    try:
        act(desk, matter)
    except NotNowError as error:
        raise HTTPException(409, str(error)) from error
    return _matter(matter)


def _matter(matter: Immobilisation) -> ImmobilisationState:
    return ImmobilisationState(**_told(matter), reported_to=matter.reported_to, agreed=matter.agreed)


def _told(matter: RemoteUnlock | Immobilisation) -> dict[str, Any]:
    steps = [Step(at=at, state=state, reason=reason) for at, state, reason in matter.history]
    told = {name: getattr(matter, name) for name in ("id", "account", "asked", "state", "reason")}
    return told | {"history": steps}


def _as_usual(bench: EmulatedBench) -> None:
    for name in ("remote_unlocks", "immobilisations", "connect"):
        bench.parts[name].as_usual()


AS_USUAL.append(_as_usual)
