"""Who may link a phone to the car: each rule says why not, or nothing (A-02 ... A-07, A-11, A-12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from emulation.world import Condition

if TYPE_CHECKING:
    from emulation.offboard.phones import Phone

OWNER_PROFILE = "OWNER"
"""The profile on which a car's first user, its administrator, is linked; profiles are called as on CAN."""


@dataclass(frozen=True)
class Link:
    """A phone that may act on the car, since an instant in ns; `attempt` made it."""

    phone: int
    account: str
    profile: str
    administrator: bool
    since: int
    attempt: int


@dataclass
class Attempt:
    """One try to link a phone, from the first touch on the display to the link, or to the reason why there is none."""

    id: int
    account: str
    """Polestar ID that is logged in on the display."""
    name: str
    profile: str
    administrator: bool
    vin: str
    """As the display shows it."""
    code: str = field(repr=False)
    """What the QR code says."""
    step: str
    """scan, car, user, finish, then linked or failed."""
    changed: Condition
    phone: int | None = None
    reason: str = ""
    finishing: bool = False
    """Both sides have agreed, and the car is being told."""

    @property
    def is_open(self) -> bool:
        """Whether it is not decided yet."""
        return self.step not in {"linked", "failed"}


class LinkRules:
    """Everything that the manual asks for, a rule a method; the first reason counts."""

    def begin(self, facts: Mapping[str, Any], links: Sequence[Link]) -> str:
        """Why nothing can begin: `facts` are what the car tells (`profile`, `registered` and `inside` keys)."""
        first = self.is_first(links)
        return (
            self.profile(facts, first=first)
            or self.one_phone(facts, links)
            or (self.every_key(facts) if first else self.one_key(facts))
        )

    def is_first(self, links: Sequence[Link]) -> bool:
        """Whether whoever links now becomes administrator."""
        return not any(link.administrator for link in links)

    def profile(self, facts: Mapping[str, Any], *, first: bool) -> str:
        """The first user is the owner."""
        return "the first user must be on the Owner profile" if first and facts["profile"] != OWNER_PROFILE else ""

    def one_phone(self, facts: Mapping[str, Any], links: Sequence[Link]) -> str:
        """A profile holds one phone."""
        taken = any(link.profile == facts["profile"] for link in links)
        return "this profile holds a phone: delete that link first" if taken else ""

    def every_key(self, facts: Mapping[str, Any]) -> str:
        """For an administrator every key that belongs to the car is inside."""
        missing = facts["registered"] - facts["inside"]
        return "every key of the car must be inside" if missing > 0 or not facts["inside"] else ""

    def one_key(self, facts: Mapping[str, Any]) -> str:
        """For anybody else one is."""
        return "" if facts["inside"] else "a key of the car must be inside"

    def phone(self, phone: Phone) -> str:
        """Whether the phone can take part."""
        if not phone.online:
            return "no Internet on the phone"
        return "" if phone.account else "nobody is logged in to the app"

    def vin(self, phone: Phone, attempt: Attempt) -> str:
        """Its user has the car's VIN at hand."""
        if not phone.vin:
            return "the app needs the VIN of the car"
        return "" if phone.vin == attempt.vin else "the VIN in the app is another car's"

    def user(self, phone: Phone, attempt: Attempt, links: Sequence[Link]) -> str:
        """App and display are used by the same person, and the phone is new to the car."""
        if any(link.phone == phone.id for link in links):
            return "this phone is linked to the car already"
        return "" if phone.account == attempt.account else "app and display are logged in as different users"

    def code(self, text: str, attempts: Sequence[Attempt]) -> tuple[Attempt | None, str]:
        """The attempt that a scanned code belongs to, or why it serves none."""
        for attempt in attempts:
            if attempt.code == text:
                if attempt.is_open and attempt.step == "scan":
                    return attempt, ""
                return None, "the code has been used" if attempt.phone else attempt.reason or "the code has run out"
        return None, "this is no code of this car"
