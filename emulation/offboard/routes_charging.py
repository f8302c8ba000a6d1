"""Off-board API: the charging station, who is at its plug, and what it logged (C-06 ... C-09, C-12)."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Literal

from fastapi import APIRouter, HTTPException

from emulation.bench import EmulatedBench
from emulation.offboard.binding import Bench
from emulation.offboard.routes_world import AS_USUAL
from emulation.offboard.schemas import Nanoseconds, Schema
from emulation.offboard.secc import REQUESTS
from emulation.offboard.station import Certificate, ChargingStation, Means, Session, Supply

charging = APIRouter(prefix="/station", tags=["station"])


class StationChange(Schema):
    """What changes; what is left out stays. `digital` and `supply` count from the next plug on."""

    digital: bool | None = None
    certificate: Certificate | None = None
    contract_payment: bool | None = None
    install_service: bool | None = None
    supply: Supply | None = None
    silent_at: str | None = None


class StationState(Schema):
    """How the station is, and what happens at its plug now. `silent_at`: the request that it never answers."""

    digital: bool
    certificate: Certificate
    contract_payment: bool
    install_service: bool
    supply: Supply
    silent_at: str | None
    plugged: bool
    delivering: bool
    kilowatts: float


class Message(Schema):
    """A request of ISO 15118-2 and its answer; `repeats`: how often both came again."""

    time: Nanoseconds
    name: str
    code: str
    processing: str | None
    repeats: int


class PilotState(Schema):
    """What the station saw on the pilot from `time` on; `duty` 0 ... 1, null for direct current."""

    time: Nanoseconds
    state: Literal["A", "B", "C"]
    duty: float | None


class SessionState(Schema):
    """One car's visit; instants in ns, null where it did not happen."""

    id: int
    plugged: Nanoseconds
    unplugged: Nanoseconds | None
    communication: Literal["basic", "digital"]
    payment: Literal["contract", "external"] | None
    means: Means | None
    emaid: str | None
    authorised: Nanoseconds | None
    stopped: Nanoseconds | None
    delivered_from: Nanoseconds | None
    delivered_until: Nanoseconds | None
    energy_wh: float
    messages: list[Message]
    pilot: list[PilotState]


class Identification(Schema):
    """How the driver identifies himself at the station."""

    means: Literal["card", "app"]


@charging.get("")
async def read_station(bench: Bench) -> StationState:
    """How the station is."""
    station = _station(bench)
    return StationState(
        **asdict(station.settings),
        plugged=station.session is not None,
        delivering=station.contactor,
        kilowatts=station.kilowatts,
    )


@charging.put("")
async def change_station(bench: Bench, change: StationChange) -> StationState:
    """Let it be otherwise from now on; 422 for a request that ISO 15118-2 does not have."""
    if change.silent_at is not None and change.silent_at not in REQUESTS:
        raise HTTPException(422, f"no request {change.silent_at!r}; there are {', '.join(REQUESTS)}")
    station = _station(bench)
    station.settings = replace(station.settings, **change.model_dump(exclude_unset=True))
    return await read_station(bench)


@charging.post("/identify", status_code=204)
async def identify(bench: Bench, wanted: Identification) -> None:
    """Card or app held to the station; 409 where no car is plugged in."""
    try:
        _station(bench).identify(wanted.means)
    except LookupError as error:
        raise HTTPException(409, str(error)) from error


@charging.post("/stop", status_code=204)
async def stop(bench: Bench) -> None:
    """The stop button; 409 where no car charges."""
    try:
        _station(bench).stop()
    except LookupError as error:
        raise HTTPException(409, str(error)) from error


@charging.get("/sessions")
async def read_sessions(bench: Bench) -> list[SessionState]:
    """Every visit, the meter read now."""
    station = _station(bench)
    station.read_meter()
    return [_session(session) for session in station.sessions]


def _session(session: Session) -> SessionState:
    told = asdict(session)
    told["messages"] = [Message(**message) for message in session.messages]
    told["pilot"] = [PilotState(**state) for state in session.pilot]
    return SessionState(**told)


def _station(bench: EmulatedBench) -> ChargingStation:
    found: ChargingStation = bench.parts["station"]
    return found


AS_USUAL.append(lambda bench: _station(bench).as_usual())
