"""Polestar IDs, and what the delivery centre knows: PINs, phone number, purchase (A-04, A-09, B-27, B-28, B-32)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from hmac import compare_digest
from typing import Literal

from emulation.bench import EmulatedBench
from emulation.offboard.records import Records

OWNER = "owner@example.test"
GUEST = "guest@example.test"
OWNER_PASSWORD = "Vinga-7-nordan"  # noqa: S105  a test account's
GUEST_PASSWORD = "Marstrand-3-sol"  # noqa: S105  a test account's
OWNER_PIN = "4711"
OWNER_NUMBER = "+46701740605"
"""From the range that the Swedish regulator keeps for fiction."""
PURCHASED = date(2025, 6, 14)
"""Of the car that every bench begins with: less than a year before the world's first day (bench default)."""

Verdict = Literal["ok", "wrong", "locked"]


def proof(identity: str, secret: str) -> str:
    """What goes over the air in a password's or PIN's place: bound to its account, of no use to a reader."""
    return blake2b(secret.encode(), key=identity.encode()[:64], digest_size=16).hexdigest()


@dataclass
class Account:
    """A Polestar ID and its user."""

    id: str
    name: str
    password: str = field(repr=False)
    """Its `proof`."""


class Accounts:
    """Every Polestar ID there is."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._records: Records = bench.parts["records"]
        self._accounts: dict[str, Account] = {}
        self.as_usual()

    def as_usual(self) -> None:
        """The owner and a guest, and nobody else."""
        self._accounts.clear()
        self._add(OWNER, OWNER_PASSWORD, "Astrid Owner")
        self._add(GUEST, GUEST_PASSWORD, "Gustav Guest")

    def create(self, identity: str, password: str, name: str) -> Account:
        """A new Polestar ID. Raises `ValueError` where it is taken."""
        if identity in self._accounts:
            raise ValueError(f"the Polestar ID {identity} is taken")
        self._records.add("accounts", "created", account=identity)
        return self._add(identity, password, name)

    def find(self, identity: str | None) -> Account | None:
        """The account of that ID."""
        return None if identity is None else self._accounts.get(identity)

    def all(self) -> list[Account]:
        """In the order in which they were created."""
        return list(self._accounts.values())

    def login(self, identity: str, password: str) -> Account | None:
        """The account, where ID and password fit."""
        return self.login_by(identity, proof(identity, password))

    def login_by(self, identity: str, proven: str) -> Account | None:
        """The account, where the ID's password has that proof."""
        account = self.find(identity)
        right = account is not None and self.fits(account, proven)
        self._records.add("accounts", "login", account=identity, accepted=right)
        return account if right else None

    def fits(self, account: Account, proven: str) -> bool:
        """Whether that is the proof of the account's password."""
        return compare_digest(account.password, proven)

    def _add(self, identity: str, password: str, name: str) -> Account:
        account = self._accounts[identity] = Account(identity, name, proof(identity, password))
        return account


@dataclass
class Pin:
    """What stands behind an authorised person's PIN."""

    proof: str = field(repr=False)
    wrong: int = 0
    """Wrong ones in a row."""


class DeliveryCentre:
    """Knows who owns the car, who else may act for the owner, and by which PIN each proves it."""

    TRIES = 10
    """Wrong PINs in a row that lock an account (owner's manuals of the make, secondary source)."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._records: Records = bench.parts["records"]
        self._pins: dict[str, Pin] = {}
        self.on_sale: list[Callable[[], None]] = []
        """Whoever keeps something that belongs to the owner hears here that the car has another one."""
        self.as_usual()

    def as_usual(self) -> None:
        """The first owner, and nobody authorised besides."""
        self.owner = OWNER
        """Account of the car's owner."""
        self.phone_number = OWNER_NUMBER
        """Where messages about the car go."""
        self.purchased = PURCHASED
        self.market = "SE"
        self._pins.clear()
        self._pins[OWNER] = Pin(proof(OWNER, OWNER_PIN))

    def sell(self, owner: str) -> None:
        """The car has another owner: nobody acts for it by the word of the old one any more."""
        if owner != self.owner:
            self.owner = owner
            self._pins.clear()
            self._records.add("delivery_centre", "sold", owner=owner)
            for tell in self.on_sale:
                tell()

    @property
    def authorised(self) -> list[str]:
        """Accounts that may act for the car: the owner, and whom the owner has named."""
        return list(self._pins)

    def authorise(self, account: str, pin: str) -> None:
        """Let `account` act for the car, by a PIN of its own. Raises `ValueError` unless that has 4 digits."""
        if len(pin) != 4 or not (pin.isascii() and pin.isdigit()):
            raise ValueError("a PIN has 4 digits")
        self._pins[account] = Pin(proof(account, pin))
        self._records.add("delivery_centre", "authorised", account=account)

    def withdraw(self, account: str) -> None:
        """Let `account` act for the car no longer."""
        if self._pins.pop(account, None) is not None:
            self._records.add("delivery_centre", "withdrawn", account=account)

    def is_authorised(self, account: str) -> bool:
        """Whether `account` may act for the car."""
        return account in self._pins

    def is_locked(self, account: str) -> bool:
        """Whether too many wrong PINs have locked `account`."""
        pin = self._pins.get(account)
        return pin is not None and pin.wrong >= self.TRIES

    def verify_pin(self, account: str, pin: str) -> Verdict:
        """Hold `pin` against that of `account`; who is not authorised has none that is right."""
        verdict = self._verdict(account, pin)
        self._records.add("delivery_centre", "pin_verified", account=account, verdict=verdict)
        if verdict == "wrong" and self.is_locked(account):
            self._records.add("delivery_centre", "account_locked", account=account)
        return verdict

    def _verdict(self, account: str, pin: str) -> Verdict:
        known = self._pins.get(account)
        if known is None:
            return "wrong"
        if self.is_locked(account):
            return "locked"
        if compare_digest(known.proof, proof(account, pin)):
            known.wrong = 0
            return "ok"
        known.wrong += 1
        return "wrong"

    def reopen(self, account: str) -> None:
        """Let a locked account try again, once its owner has been asked for it."""
        if account in self._pins:
            self._pins[account].wrong = 0
            self._records.add("delivery_centre", "account_reopened", account=account)
