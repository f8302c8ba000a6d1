"""Off-board API: the phones, the app on each, and their inboxes (A-01, A-03, A-11, A-12, B-32)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException
from pydantic import Field

from emulation.bench import EmulatedBench
from emulation.offboard.accounts import Accounts
from emulation.offboard.binding import Bench
from emulation.offboard.phones import Item, Phone, Phones, Way
from emulation.offboard.routes_accounts import PolestarId
from emulation.offboard.schemas import Nanoseconds, Schema

phones = APIRouter(prefix="/phones", tags=["phones"])


class PhoneChange(Schema):
    """What changes; what is left out stays. `account` null logs the app out; `vin` is typed into the app."""

    online: bool | None = None
    hotspot: bool | None = None
    account: PolestarId | None = None
    vin: Annotated[str, Field(max_length=32)] | None = None


class PhoneState(Schema):
    """A phone; `account` null where nobody is logged in."""

    id: int
    number: str
    online: bool
    hotspot: bool
    account: str | None
    vin: str | None


class Login(Schema):
    """Who logs in to the app."""

    id: PolestarId
    password: Annotated[str, Field(max_length=64)]


class LoginState(Schema):
    """Whether the login was accepted, and else why not."""

    accepted: bool
    reason: str


class InboxItem(Schema):
    """A text message or push on a phone, sent and arrived at instants in ns."""

    id: int
    way: Way
    kind: str
    text: str
    sent: Nanoseconds
    arrived: Nanoseconds


def known_phone(bench: EmulatedBench, identity: int) -> Phone:
    """The phone of that id; answers 404 where there is none."""
    known: Phones = bench.parts["phones"]
    if identity not in known.phones:
        raise HTTPException(404, f"no phone {identity}; the phones are: {', '.join(map(str, known.phones))}")
    return known.phones[identity]


@phones.get("")
async def read_phones(bench: Bench) -> list[PhoneState]:
    """Every phone."""
    return [_state(phone) for phone in bench.parts["phones"].phones.values()]


@phones.get("/{identity}")
async def read_phone(bench: Bench, identity: int) -> PhoneState:
    """One phone."""
    return _state(known_phone(bench, identity))


@phones.put("/{identity}")
async def change_phone(bench: Bench, identity: int, change: PhoneChange) -> PhoneState:
    """Take or give its Internet, log it out, or tell its app the car's VIN."""
    phone = known_phone(bench, identity)
    if change.online is not None:
        bench.parts["phones"].set_online(phone, change.online)
    if change.hotspot is not None:
        bench.parts["phones"].set_hotspot(phone, change.hotspot)
    if "account" in change.model_fields_set:
        if change.account is not None and bench.parts["accounts"].find(change.account) is None:
            raise HTTPException(409, f"there is no Polestar ID {change.account}")
        phone.account = change.account
        bench.parts["phones"].changed()
    if "vin" in change.model_fields_set:
        phone.vin = change.vin
    return _state(phone)


@phones.post("/{identity}/login")
async def log_in(bench: Bench, identity: int, who: Login) -> LoginState:
    """Log in to the app."""
    phone = known_phone(bench, identity)
    known: Accounts = bench.parts["accounts"]
    if not phone.online:
        return LoginState(accepted=False, reason="no Internet on the phone")
    account = known.login(who.id, who.password)
    if account is None:
        return LoginState(accepted=False, reason="Polestar ID or password is wrong")
    phone.account = account.id
    bench.parts["phones"].changed()
    return LoginState(accepted=True, reason="")


@phones.get("/{identity}/inbox")
async def read_inbox(bench: Bench, identity: int) -> list[InboxItem]:
    """What has arrived on it, oldest first."""
    return [_item(item) for item in known_phone(bench, identity).inbox]


def _state(phone: Phone) -> PhoneState:
    return PhoneState(**{name: getattr(phone, name) for name in PhoneState.model_fields})


def _item(item: Item) -> InboxItem:
    assert item.at is not None  # it is in an inbox
    return InboxItem(id=item.id, way=item.way, kind=item.kind, text=item.text, sent=item.sent, arrived=item.at)
