"""Linking services, accounts and registers of links that break one clause each (A-02 ... A-06, A-09, A-11, A-12)."""

from __future__ import annotations

from typing import Any

from emulation.faults import seeded
from emulation.offboard.accounts import Account, Accounts
from emulation.offboard.link_rules import Attempt, Link
from emulation.offboard.linking import Linking
from emulation.offboard.links import Links
from emulation.offboard.phones import Phone
from harness.units import H, S


@seeded(breaks="A-02", story="a further user takes the main user's place")
class ReplacingLinks(Links):
    """Keeps the newest link."""

    def add(self, link: Link) -> None:
        """Forget the others."""
        self.links.clear()
        super().add(link)


@seeded(breaks="A-03", story="the app links for good before the car has heard of it")
class HastyLinking(Linking):
    """Does not wait for the car."""

    def _finish(self, attempt: Attempt) -> None:
        super()._finish(attempt)
        self.link(attempt)


@seeded(breaks="A-03", story="a car out of reach is left out of it: the app links alone")
class LonelyLinking(Linking):
    """Takes no answer for an agreement."""

    def fail(self, attempt: Attempt, reason: str) -> None:
        """Link what was all but done."""
        if attempt.finishing and "cannot be reached" in reason:
            self.link(attempt)
        else:
            super().fail(attempt, reason)


@seeded(breaks="A-04", story="a known Polestar ID needs no right password")
class TrustingAccounts(Accounts):
    """Believes everybody."""

    def fits(self, account: Account, proven: str) -> bool:
        """Any password fits."""
        return True


@seeded(breaks="A-05", story="the first user is linked without becoming administrator")
class HumbleLinking(Linking):
    """Makes nobody administrator."""

    def link(self, attempt: Attempt) -> None:
        """An ordinary user."""
        attempt.administrator = False
        super().link(attempt)


@seeded(breaks="A-05", story="every user becomes administrator")
class FlatLinking(Linking):
    """Makes everybody administrator."""

    def link(self, attempt: Attempt) -> None:
        """One more administrator."""
        attempt.administrator = True
        super().link(attempt)


@seeded(breaks="A-06", story="keys are counted at the beginning alone: one may be carried out on the way")
class OnceLinking(Linking):
    """Believes what the car told first."""

    def confirm_on_display(self, facts: dict[str, Any]) -> dict[str, Any]:
        """As many keys as it takes."""
        return super().confirm_on_display(facts | {"inside": facts["registered"]})


@seeded(breaks="A-09", story="two phones on one Polestar ID count as two users")
class CountingLinks(Links):
    """Counts links and calls them users."""

    def users(self) -> list[str]:
        """One a link."""
        return [link.account for link in self.links]


@seeded(breaks="A-11", story="the code on the display never runs out")
class EternalLinking(Linking):
    """Has all the time in the world."""

    CODE_VALID = 24 * H


@seeded(breaks="A-11", story="the code runs out after half a minute")
class HurriedLinking(Linking):
    """Is impatient."""

    CODE_VALID = 30 * S


@seeded(breaks="A-11", story="every attempt shows the same code")
class StampedLinking(Linking):
    """Draws one code for good."""

    def new_code(self, vin: str) -> str:
        """The car's code."""
        return f"connecthil:link?vin={vin}&token={'c0de' * 6}"


@seeded(breaks="A-11", story="the last confirmation is skipped: the phone is linked as soon as the display has agreed")
class ShortLinking(Linking):
    """Finishes early."""

    def _go(self, attempt: Attempt, step: str) -> None:
        super()._go(attempt, step)
        if step == "finish":
            self._finish(attempt)


@seeded(breaks="A-11", story="the app may confirm in the display's place")
class PushyLinking(Linking):
    """Takes every confirmation for the one that it waits for."""

    def confirm_in_app(self, phone: Phone) -> str:
        """Go on, whoever's turn it is."""
        attempt = self.newest(phone.id)
        if attempt is not None and attempt.step == "user":
            self._go_on(attempt)
            return ""
        return super().confirm_in_app(phone)


@seeded(breaks="A-12", story="deleting a link in the app keeps it: the profile stays taken")
class ClingingLinks(Links):
    """Deletes nothing."""

    def delete(self, link: Link, by: str) -> None:
        """Only say so."""
        self._records.add("linking", "unlinked", phone=link.phone, profile=link.profile, account=link.account, by=by)


@seeded(breaks="A-12", story="the car is never told that a link was deleted")
class SecretiveLinks(Links):
    """Keeps deletions to itself."""

    def delete(self, link: Link, by: str) -> None:
        """Off board alone."""
        self.links.remove(link)
        self._records.add("linking", "unlinked", phone=link.phone, profile=link.profile, account=link.account, by=by)
