"""Off-board API: Polestar IDs, and what the delivery centre knows (A-04, A-09, B-27, B-32). Secrets only go in."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException
from pydantic import Field

from emulation.offboard.accounts import Accounts, DeliveryCentre
from emulation.offboard.binding import Bench
from emulation.offboard.schemas import Schema

accounts = APIRouter(prefix="/accounts", tags=["accounts"])
delivery_centre = APIRouter(prefix="/delivery-centre", tags=["accounts"])

PolestarId = Annotated[str, Field(min_length=3, max_length=64, pattern=r"^\S+@\S+$")]
Password = Annotated[str, Field(min_length=8, max_length=64)]
Digits = Annotated[str, Field(pattern=r"^[0-9]{4}$", description="four digits")]
Number = Annotated[str, Field(pattern=r"^\+[0-9]{6,15}$", description="phone number, international")]


class NewAccount(Schema):
    """A Polestar ID to create."""

    id: PolestarId
    password: Password
    name: Annotated[str, Field(min_length=1, max_length=64)]


class AccountState(Schema):
    """A Polestar ID."""

    id: str
    name: str


class Person(Schema):
    """Somebody who may act for the car, by a PIN of their own."""

    account: PolestarId
    pin: Digits


class DeliveryCentreChange(Schema):
    """What changes; what is left out stays. `authorised` adds persons, `withdrawn` takes them away."""

    owner: PolestarId | None = None
    phone_number: Number | None = None
    purchased: Annotated[date, Field(strict=False)] | None = None
    market: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    authorised: list[Person] = Field(default_factory=list)
    withdrawn: list[PolestarId] = Field(default_factory=list)
    reopened: list[PolestarId] = Field(default_factory=list)


class DeliveryCentreState(Schema):
    """What the delivery centre knows; `locked`: accounts that too many wrong PINs have locked."""

    owner: str
    phone_number: str
    purchased: date
    market: str
    authorised: list[str]
    locked: list[str]


@accounts.get("")
async def read_accounts(bench: Bench) -> list[AccountState]:
    """Every Polestar ID."""
    return [AccountState(id=account.id, name=account.name) for account in bench.parts["accounts"].all()]


@accounts.post("", status_code=201)
async def create_account(bench: Bench, wanted: NewAccount) -> AccountState:
    """Create one; 409 where it is taken."""
    known: Accounts = bench.parts["accounts"]
    try:
        account = known.create(wanted.id, wanted.password, wanted.name)
    except ValueError as error:
        raise HTTPException(409, str(error)) from error
    return AccountState(id=account.id, name=account.name)


@delivery_centre.get("")
async def read_delivery_centre(bench: Bench) -> DeliveryCentreState:
    """What it knows."""
    return _state(bench.parts["delivery_centre"])


@delivery_centre.put("")
async def change_delivery_centre(bench: Bench, change: DeliveryCentreChange) -> DeliveryCentreState:
    """Change it: number, date of purchase; persons authorised, withdrawn, let in again; a new owner ends the old one.

    Links, PINs and whatever else is the old owner's: those in the same change are the new one's.
    """
    centre: DeliveryCentre = bench.parts["delivery_centre"]
    if change.owner is not None:
        centre.sell(change.owner)
    for name in ("phone_number", "purchased", "market"):
        if (value := getattr(change, name)) is not None:
            setattr(centre, name, value)
    for person in change.authorised:
        centre.authorise(person.account, person.pin)
    for account in change.withdrawn:
        centre.withdraw(account)
    for account in change.reopened:
        centre.reopen(account)
    return _state(centre)


def _state(centre: DeliveryCentre) -> DeliveryCentreState:
    return DeliveryCentreState(
        owner=centre.owner,
        phone_number=centre.phone_number,
        purchased=centre.purchased,
        market=centre.market,
        authorised=centre.authorised,
        locked=[account for account in centre.authorised if centre.is_locked(account)],
    )
