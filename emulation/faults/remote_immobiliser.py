"""Desks of Assistance and telematics units that break the remote immobiliser (B-25 ... B-27)."""

from __future__ import annotations

from typing import Any

from emulation.ecus.telematics.services_remote import RemoteCommands
from emulation.faults import seeded
from emulation.offboard.accounts import DeliveryCentre, Verdict
from emulation.offboard.immobiliser import Immobilisation, Immobilisations, ReportedTo


@seeded(breaks="B-25", story="keys are disabled as soon as the theft is reported, and the authorities asked afterwards")
class DisablesFirst(Immobilisations):
    """Acts, then asks."""

    def report(self, account: str, reported_to: ReportedTo = "assistance") -> Immobilisation:
        """And disable."""
        matter = super().report(account, reported_to)
        self._connect.send("immobilise", self.VALID)
        return matter


@seeded(breaks="B-25", story="an operator may disable the keys of a reported car without asking the authorities")
class NobodyAsked(Immobilisations):
    """Trusts its operators."""

    def may_disable(self, matter: Immobilisation) -> bool:
        """Once it was reported."""
        return matter.state in {"reported", "agreed"}


@seeded(breaks="B-25", story="keys are disabled although the authorities declined")
class DeafToNo(Immobilisations):
    """Asks, and does not listen."""

    def may_disable(self, matter: Immobilisation) -> bool:
        """Once they were asked."""
        return matter.agreed is not None


@seeded(breaks="B-25", story="the authorities' agreement alone disables the keys, Assistance is not asked")
class PoliceDecide(Immobilisations):
    """Takes agreement for an order."""

    def consult(self, matter: Immobilisation, agree: bool) -> None:
        """Disable at once."""
        super().consult(matter, agree)
        if agree:
            self._connect.send("immobilise", self.VALID)


@seeded(breaks="B-25", story="a theft reported to the authorities instead of Assistance never gets its keys disabled")
class AssistanceOnly(Immobilisations):
    """Knows no report but its own."""

    def report(self, account: str, reported_to: ReportedTo = "assistance") -> Immobilisation:
        """Refuse what came by the authorities."""
        matter = super().report(account, reported_to)
        if reported_to == "authorities":
            self.move(matter, "refused", "not reported here")
        return matter


@seeded(breaks="B-25", story="anybody can report the car stolen and have its keys disabled")
class AnybodysTheft(Immobilisations):
    """Believes everybody."""

    def may_ask(self, account: str) -> bool:
        """Whoever calls."""
        return True


@seeded(breaks="B-26", story="the telematics unit keeps the signal to itself, and every key starts the car")
class DeafToImmobilise(RemoteCommands):
    """Says that it obeyed."""

    def immobilise(self, data: dict[str, Any]) -> None:
        """Do nothing."""


@seeded(breaks="B-26", story="two seconds after the signal the telematics unit releases the car again")
class ShortImmobiliser(RemoteCommands):
    """Takes the end of a command for its contrary."""

    def immobilise(self, data: dict[str, Any]) -> None:
        """And back."""
        super().immobilise(data)
        self.world.call_at(self.world.now + self.SHOWN, lambda _: self.release(data))


@seeded(breaks="B-27", story="any PIN releases a disabled car")
class PinlessRelease(Immobilisations):
    """Has the PIN verified, and releases whatever comes of it."""

    def verify(self, account: str, pin: str) -> str:
        """Ask, and do not listen."""
        super().verify(account, pin)
        return "ok"


@seeded(breaks="B-27", story="the right PIN does not release the car, because the signal never leaves")
class NoRelease(Immobilisations):
    """Says that it does."""

    def signal(self, matter: Immobilisation, kind: str, state: str) -> None:
        """All but one."""
        if kind == "release":
            self.move(matter, state)
        else:
            super().signal(matter, kind, state)


@seeded(breaks="B-27", story="the right PIN of the owner releases the car whoever gives it")
class AnyonesRelease(Immobilisations):
    """Verifies every PIN as if it were the owner's."""

    def refusal(self, account: str, pin: str) -> str:
        """By the owner's PIN."""
        return super().refusal(self.centre.owner, pin)


@seeded(breaks="B-27", story="wrong PINs never lock an account")
class EndlessTries(DeliveryCentre):
    """Counts, and does not lock."""

    TRIES = 1_000_000


@seeded(breaks="B-27", story="the account is locked by the eleventh wrong PIN, not by the tenth")
class ElevenTries(DeliveryCentre):
    """Counts from 0."""

    TRIES = DeliveryCentre.TRIES + 1


@seeded(breaks="B-27", story="the account is locked by the ninth wrong PIN")
class NineTries(DeliveryCentre):
    """Counts the right one as well."""

    TRIES = DeliveryCentre.TRIES - 1


@seeded(breaks="B-27", story="a right PIN does not begin the count of wrong ones anew")
class LongMemory(DeliveryCentre):
    """Forgets nothing."""

    def verify_pin(self, account: str, pin: str) -> Verdict:
        """Go on counting."""
        known = self._pins.get(account)
        wrong = 0 if known is None else known.wrong
        verdict = super().verify_pin(account, pin)
        if known is not None and verdict == "ok":
            known.wrong = wrong
        return verdict


@seeded(breaks="B-27", story="the delivery centre reopens an account, and it stays locked")
class LockedForGood(DeliveryCentre):
    """Has no key to its own lock."""

    def reopen(self, account: str) -> None:
        """Do nothing."""
