"""What the desks for remote services have in common: whom they believe, and how the app hears of it (B-27, B-28)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from emulation.bench import EmulatedBench
from emulation.offboard.accounts import DeliveryCentre
from emulation.offboard.connect import Connect
from emulation.offboard.phones import Phones
from emulation.offboard.records import Records

NOT_AUTHORISED = "not authorised"
WRONG_PIN = "wrong PIN"
ACCOUNT_LOCKED = "account locked"


@dataclass
class Matter:
    """What somebody asked a desk for. Instants in ns; `history` holds every state with its instant and reason."""

    id: int
    account: str
    asked: int
    state: str = ""
    reason: str = ""
    history: list[tuple[int, str, str]] = field(default_factory=list)


class RemoteDesk:
    """Verifies, keeps the record, tells the app."""

    KIND: ClassVar[str]
    """What its matters are called in records and pushes."""
    FIRST: ClassVar[str]
    """The state of a matter that was just brought up."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._world = bench.world
        self._records: Records = bench.parts["records"]
        self._connect: Connect = bench.parts["connect"]
        self.centre: DeliveryCentre = bench.parts["delivery_centre"]
        self.phones: Phones = bench.parts["phones"]

    def may_ask(self, account: str) -> bool:
        """Whether that is the owner, or another person whom the owner has authorised."""
        return self.centre.is_authorised(account)

    def refusal(self, account: str, pin: str) -> str:
        """Why somebody with this PIN is not obeyed; empty where they are."""
        if not self.may_ask(account):
            return NOT_AUTHORISED
        verdict = self.verify(account, pin)
        return "" if verdict == "ok" else ACCOUNT_LOCKED if verdict == "locked" else WRONG_PIN

    def verify(self, account: str, pin: str) -> str:
        """The delivery centre's word on a PIN: ok, wrong or locked."""
        return self.centre.verify_pin(account, pin)

    def move(self, matter: Matter, state: str, reason: str = "") -> None:
        """A matter has come to a new state: on record, and in the app."""
        matter.state, matter.reason = state, reason
        matter.history.append((self._world.now, state, reason))
        self.note("state", matter, state=state, reason=reason)
        self.tell_app(matter)

    def tell_app(self, matter: Matter) -> None:
        """The app shows how it stands; whoever asked also gets a push."""
        self._records.add("app", self.KIND, id=matter.id, state=matter.state, reason=matter.reason)
        if matter.state == self.FIRST:
            return  # who has just asked knows
        text = f"{self.KIND.replace('_', ' ')}: {matter.state}" + (f" ({matter.reason})" if matter.reason else "")
        self.phones.push(matter.account, self.KIND, text[:1].upper() + text[1:])

    def note(self, what: str, matter: Matter, **data: Any) -> None:
        """What Assistance did, on record."""
        self._records.add("assistance", f"{self.KIND}_{what}", id=matter.id, **data)
