"""Off-board API: what a phone does to be linked, what it asks for then, and who is linked (A-01 ... A-14)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from pydantic import Field

from emulation.bench import EmulatedBench
from emulation.offboard.accounts import Accounts
from emulation.offboard.binding import Bench
from emulation.offboard.linking import STEPS, Linking
from emulation.offboard.links import Links
from emulation.offboard.phone_commands import Command, Kind, PhoneCommands, State
from emulation.offboard.routes_phones import known_phone
from emulation.offboard.routes_world import AS_USUAL
from emulation.offboard.schemas import Nanoseconds, Schema

linking = APIRouter(tags=["phones"])


class Scan(Schema):
    """What a phone has read from the picture of the display."""

    qr: Annotated[str, Field(min_length=1, max_length=256)]


class AttemptState(Schema):
    """Where a phone's newest attempt stands, as its app shows it.

    `step` is none, car, user, finish, linked or failed; `side` whose turn it is (app, display); `reason` why the last
    thing that was tried did not work.
    """

    step: str
    side: str | None
    reason: str


class LinkState(Schema):
    """A phone's link: on which profile, made by whom, since when (ns)."""

    phone: int
    account: str
    profile: str
    administrator: bool
    since: Nanoseconds


class UserState(Schema):
    """A user of the car: two phones on one Polestar ID belong to the same user."""

    account: str
    name: str
    administrator: bool
    phones: list[int]
    profiles: list[str]


class LinkingState(Schema):
    """Who is linked."""

    users: list[UserState]
    links: list[LinkState]


class CommandRequest(Schema):
    """What a phone asks the car for."""

    kind: Kind


class CommandState(Schema):
    """A command, and what came of it: `answer` is what the car told, `reason` why nothing did."""

    id: int
    kind: Kind
    asked: Nanoseconds
    state: State
    ended: Nanoseconds | None
    reason: str
    answer: dict[str, Any]


@linking.get("/linking")
async def read_links(bench: Bench) -> LinkingState:
    """Who is linked to the car."""
    links: Links = bench.parts["links"]
    accounts: Accounts = bench.parts["accounts"]
    users = []
    for identity in links.users():
        own = [link for link in links.links if link.account == identity]
        account = accounts.find(identity)
        users.append(
            UserState(
                account=identity,
                name=account.name if account else identity,
                administrator=any(link.administrator for link in own),
                phones=[link.phone for link in own],
                profiles=[link.profile for link in own],
            )
        )
    return LinkingState(users=users, links=[_link(link) for link in links.links])


@linking.post("/phones/{identity}/scan")
async def scan(bench: Bench, identity: int, read: Scan) -> AttemptState:
    """The app has read a code."""
    return _attempt(bench, identity, _linking(bench).scan(known_phone(bench, identity), read.qr))


@linking.post("/phones/{identity}/confirm")
async def confirm(bench: Bench, identity: int) -> AttemptState:
    """The app's user confirms the step that it shows."""
    return _attempt(bench, identity, _linking(bench).confirm_in_app(known_phone(bench, identity)))


@linking.get("/phones/{identity}/linking")
async def read_attempt(bench: Bench, identity: int) -> AttemptState:
    """Where the newest attempt of the phone stands."""
    return _attempt(bench, known_phone(bench, identity).id, "")


@linking.get("/phones/{identity}/link")
async def read_link(bench: Bench, identity: int) -> LinkState:
    """The phone's link; 404 where it has none."""
    link = bench.parts["links"].of_phone(known_phone(bench, identity).id)
    if link is None:
        raise HTTPException(404, f"phone {identity} is not linked to the car")
    return _link(link)


@linking.delete("/phones/{identity}/link", status_code=204)
async def delete_link(bench: Bench, identity: int) -> None:
    """The app's user deletes its link; 409 where there is none."""
    links: Links = bench.parts["links"]
    link = links.of_phone(known_phone(bench, identity).id)
    if link is None:
        raise HTTPException(409, f"phone {identity} is not linked to the car")
    links.delete(link, "app")


@linking.get("/phones/{identity}/commands")
async def read_commands(bench: Bench, identity: int) -> list[CommandState]:
    """Everything that the phone asked for, oldest first."""
    phone = known_phone(bench, identity)
    return [_command(command) for command in bench.parts["phone_commands"].commands if command.phone == phone.id]


@linking.post("/phones/{identity}/commands", status_code=201)
async def command(bench: Bench, identity: int, wanted: CommandRequest) -> CommandState:
    """The phone asks the car for something."""
    commands: PhoneCommands = bench.parts["phone_commands"]
    return _command(commands.ask(known_phone(bench, identity), wanted.kind))


def _linking(bench: EmulatedBench) -> Linking:
    found: Linking = bench.parts["linking"]
    return found


def _attempt(bench: EmulatedBench, phone: int, reason: str) -> AttemptState:
    attempt = _linking(bench).newest(phone)
    if attempt is None:
        return AttemptState(step="none", side=None, reason=reason)
    return AttemptState(step=attempt.step, side=STEPS.get(attempt.step), reason=reason or attempt.reason)


def _link(link: Any) -> LinkState:
    return LinkState(**{name: getattr(link, name) for name in LinkState.model_fields})


def _command(command: Command) -> CommandState:
    return CommandState(**{name: getattr(command, name) for name in CommandState.model_fields})


def _as_usual(bench: EmulatedBench) -> None:
    for name in ("linking", "links", "phone_commands"):
        bench.parts[name].as_usual()


AS_USUAL.append(_as_usual)
