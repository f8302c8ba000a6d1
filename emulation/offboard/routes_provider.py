"""Off-board API: mobility providers, how owners come to contracts, what becomes of them (C-03, C-04, C-10, C-17)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, HTTPException
from pydantic import Field

from emulation.bench import EmulatedBench
from emulation.offboard.binding import Bench
from emulation.offboard.contract import Company, Contract
from emulation.offboard.provider import MobilityProvider, Spoil
from emulation.offboard.provider_set_up import ContractSetUps, NotNowError, SetUp
from emulation.offboard.routes_world import AS_USUAL
from emulation.offboard.schemas import Nanoseconds, Schema

provider = APIRouter(prefix="/provider", tags=["provider"])


class ProviderChange(Schema):
    """What changes; what is left out stays. `spoil` null: what is answered is right again."""

    offered: bool | None = None
    delay: Nanoseconds | None = None
    spoil: Spoil | None = None
    valid_for: Annotated[int, Field(ge=1_000_000_000, lt=1 << 62, description="ns")] | None = None


class ProviderState(Schema):
    """How providers answer; `switched_on`: whether the car told that Plug & Charge is on; `support`: why not here."""

    offered: bool
    delay: Nanoseconds
    spoil: Spoil | None
    valid_for: Nanoseconds
    switched_on: bool
    support: str


class NewSetUp(Schema):
    """Who leads to the contract, and the phone on which the partner's app does."""

    company: Company = "partner"
    phone: int | None = None


class Step(Schema):
    """A step taken, and what the owner typed or chose in it."""

    step: Annotated[str, Field(min_length=1, max_length=32)]
    value: Annotated[str, Field(max_length=64)] = ""


class ContractState(Schema):
    """A contract; instants in ns."""

    id: int
    company: Company
    emaid: str
    pcid: str
    opened: Nanoseconds
    ended: Nanoseconds | None
    state: str


class SetUpState(Schema):
    """A way to a contract: steps done, the next one (`plug_in` at the end), and what came of it."""

    id: int
    company: Company
    phone: int | None
    done: list[str]
    next: str
    contract: ContractState | None


@provider.get("")
async def read_provider(bench: Bench) -> ProviderState:
    """How the providers answer."""
    found = _provider(bench)
    kept = found.behaviour
    return ProviderState(
        offered=kept.offered,
        delay=kept.delay,
        spoil=kept.spoil,
        valid_for=kept.valid_for,
        switched_on=found.switched_on,
        support=found.support(),
    )


@provider.put("")
async def change_provider(bench: Bench, change: ProviderChange) -> ProviderState:
    """Let them answer otherwise from now on."""
    found = _provider(bench)
    found.behaviour = replace(found.behaviour, **change.model_dump(exclude_unset=True))
    found.changed()
    return await read_provider(bench)


@provider.get("/set-ups")
async def read_set_ups(bench: Bench) -> list[SetUpState]:
    """Everybody on the way to a contract, and who got there."""
    return [_set_up(each) for each in _set_ups(bench).all]


@provider.post("/set-ups", status_code=201)
async def begin_set_up(bench: Bench, wanted: NewSetUp) -> SetUpState:
    """Begin; 409 where that is not possible now, with the reason."""
    try:
        return _set_up(_set_ups(bench).begin(wanted.company, wanted.phone))
    except NotNowError as error:
        raise HTTPException(409, str(error)) from error


@provider.post("/set-ups/{identity}/steps")
async def take_step(bench: Bench, identity: int, taken: Step) -> SetUpState:
    """Take the next step; 409 for another one, 422 for a value that does not fit."""
    begun = next((each for each in _set_ups(bench).all if each.id == identity), None)
    if begun is None:
        raise HTTPException(404, f"no set-up {identity}")
    try:
        return _set_up(_set_ups(bench).take(begun, taken.step, taken.value))
    except NotNowError as error:
        raise HTTPException(409, str(error)) from error
    except ValueError as error:
        raise HTTPException(422, str(error)) from error


@provider.get("/contracts")
async def read_contracts(bench: Bench) -> list[ContractState]:
    """Every contract, ended ones as well."""
    return [_contract(each) for each in _provider(bench).contracts]


@provider.get("/contracts/{emaid}")
async def read_contract(bench: Bench, emaid: str) -> ContractState:
    """Whether a contract is in order; 404 where there is none."""
    return _contract(_known(bench, emaid))


@provider.post("/contracts/{emaid}/end")
async def end_contract(bench: Bench, emaid: str) -> ContractState:
    """The owner ends it; 409 where that was done before."""
    contract = _known(bench, emaid)
    if contract.ended is not None:
        raise HTTPException(409, f"contract {emaid} has ended already")
    _provider(bench).end(contract)
    return _contract(contract)


@provider.post("/contracts/{emaid}/block")
async def block_contract(bench: Bench, emaid: str) -> ContractState:
    """Nobody charges by it for now."""
    _provider(bench).block(_known(bench, emaid), True)
    return _contract(_known(bench, emaid))


@provider.delete("/contracts/{emaid}/block")
async def unblock_contract(bench: Bench, emaid: str) -> ContractState:
    """It may be charged by again."""
    _provider(bench).block(_known(bench, emaid), False)
    return _contract(_known(bench, emaid))


def _provider(bench: EmulatedBench) -> MobilityProvider:
    found: MobilityProvider = bench.parts["provider"]
    return found


def _set_ups(bench: EmulatedBench) -> ContractSetUps:
    found: ContractSetUps = bench.parts["contract_set_ups"]
    return found


def _known(bench: EmulatedBench, emaid: str) -> Contract:
    contract = _provider(bench).find(emaid)
    if contract is None:
        raise HTTPException(404, f"no contract {emaid}")
    return contract


def _contract(contract: Contract) -> ContractState:
    return ContractState(
        id=contract.id,
        company=contract.company,
        emaid=contract.emaid,
        pcid=contract.pcid,
        opened=contract.opened,
        ended=contract.ended,
        state=contract.state,
    )


def _set_up(begun: SetUp) -> SetUpState:
    return SetUpState(
        id=begun.id,
        company=begun.company,
        phone=begun.phone,
        done=begun.done,
        next=begun.next,
        contract=_contract(begun.contract) if begun.contract else None,
    )


def _as_usual(bench: EmulatedBench) -> None:
    _set_ups(bench).as_usual()
    _provider(bench).as_usual()


AS_USUAL.append(_as_usual)
