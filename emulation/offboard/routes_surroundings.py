"""Off-board API: what is around the car: clock, network, position."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, HTTPException

from emulation.bench import EmulatedBench
from emulation.offboard import schemas
from emulation.offboard.binding import Bench
from emulation.offboard.countries import COUNTRIES
from emulation.offboard.network import RadioNetwork

surroundings = APIRouter(tags=["surroundings"])


@surroundings.get("/clock")
async def read_clock(bench: Bench) -> schemas.Now:
    """The present instant."""
    return schemas.Now(now=bench.world.now)


@surroundings.get("/network")
async def read_network(bench: Bench) -> schemas.NetworkState:
    """The network around the car."""
    return _network(bench.parts["network"])


@surroundings.put("/network")
async def change_network(bench: Bench, setting: schemas.NetworkSetting) -> schemas.NetworkState:
    """Change it now; a new country also moves the car to that country's test position."""
    network: RadioNetwork = bench.parts["network"]
    if "reject_cause" in setting.model_fields_set:
        network.reject_cause = setting.reject_cause
    network.change(setting.coverage, setting.country, setting.plmn)
    return _network(network)


@surroundings.post("/network/schedule", status_code=202)
async def schedule_change(bench: Bench, change: schemas.ScheduledChange) -> schemas.ScheduledChange:
    """Change it later."""
    bench.parts["network"].schedule(change.after, **change.model_dump(exclude={"after"}))
    return change


@surroundings.delete("/network/schedule", status_code=204)
async def forget_schedule(bench: Bench) -> None:
    """Forget every change that was to come later."""
    bench.parts["network"].forget_schedule()


@surroundings.get("/network/countries")
async def read_countries() -> dict[str, schemas.CountryState]:
    """The countries that the car can be in."""
    return {
        code: schemas.CountryState.model_validate({k: v for k, v in asdict(land).items() if k != "code"})
        for code, land in COUNTRIES.items()
    }


@surroundings.get("/position")
async def read_position(bench: Bench) -> schemas.PositionState:
    """Where the car is."""
    return _position(_sky(bench))


@surroundings.put("/position")
async def change_position(bench: Bench, change: schemas.PositionChange) -> schemas.PositionState:
    """Move the car, or change what its receiver can see."""
    sky = _sky(bench)
    for name, value in change.model_dump(exclude_none=True).items():
        setattr(sky, name, value)
    return _position(sky)


def _network(network: RadioNetwork) -> schemas.NetworkState:
    return schemas.NetworkState(**{name: getattr(network, name) for name in schemas.NetworkState.model_fields})


def _sky(bench: EmulatedBench) -> Any:
    if "sky" not in bench.parts:
        raise HTTPException(409, "there is no sky: this bench emulates no GNSS receiver that could see one")
    return bench.parts["sky"]


def _position(sky: Any) -> schemas.PositionState:
    return schemas.PositionState(**{name: getattr(sky, name) for name in schemas.PositionState.model_fields})
