"""Rules of linking that break one clause each (A-02 ... A-07, A-11, A-12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from emulation.faults import seeded
from emulation.offboard.link_rules import Attempt, Link, LinkRules
from emulation.offboard.phones import Phone


@seeded(breaks="A-02", story="a car that has a user takes no second one")
class OneUserRules(LinkRules):
    """Thinks of one user."""

    def begin(self, facts: Mapping[str, Any], links: Sequence[Link]) -> str:
        """Refuse where anybody is linked."""
        return "the car has a user" if links else super().begin(facts, links)


@seeded(breaks="A-02", story="a guest is linked before there is an administrator")
class LeaderlessRules(LinkRules):
    """Needs no main user."""

    def is_first(self, links: Sequence[Link]) -> bool:
        """Take nobody for the first."""
        return False if not links else super().is_first(links)


@seeded(breaks="A-03", story="a phone without Internet links all the same")
class OfflineRules(LinkRules):
    """Does not look at the phone's Internet."""

    def phone(self, phone: Phone) -> str:
        """Only at the login."""
        return "" if phone.account else super().phone(phone)


@seeded(breaks="A-04", story="any VIN in the app will do")
class AnyVinRules(LinkRules):
    """Wants a VIN, and does not compare it."""

    def vin(self, phone: Phone, attempt: Attempt) -> str:
        """Whatever stands there."""
        return "" if phone.vin else super().vin(phone, attempt)


@seeded(breaks="A-04", story="the app links without having been told a VIN")
class NoVinRules(LinkRules):
    """Compares a VIN where there is one."""

    def vin(self, phone: Phone, attempt: Attempt) -> str:
        """None is as good."""
        return super().vin(phone, attempt) if phone.vin else ""


@seeded(breaks="A-04", story="a VIN counts as the car's when it begins like it")
class PrefixRules(LinkRules):
    """Compares as far as both go."""

    def vin(self, phone: Phone, attempt: Attempt) -> str:
        """The beginning."""
        return "" if phone.vin and attempt.vin.startswith(phone.vin) else super().vin(phone, attempt)


@seeded(breaks="A-05", story="the first user is accepted on any profile")
class AnyProfileRules(LinkRules):
    """Does not look at the profile."""

    def profile(self, facts: Mapping[str, Any], *, first: bool) -> str:
        """Any will do."""
        return ""


@seeded(breaks="A-05", story="only the guest profile is refused to the first user")
class NoGuestRules(LinkRules):
    """Takes every user's profile for the owner's."""

    def profile(self, facts: Mapping[str, Any], *, first: bool) -> str:
        """All but one."""
        return super().profile(facts, first=first) if facts["profile"] == "GUEST" else ""


@seeded(breaks="A-06", story="an administrator is linked with one key inside")
class OneKeyRules(LinkRules):
    """Is content with one key."""

    def every_key(self, facts: Mapping[str, Any]) -> str:
        """As for anybody."""
        return self.one_key(facts)


@seeded(breaks="A-06", story="two keys inside are every key, however many were ordered since")
class TwoKeysRules(LinkRules):
    """Believes that a car has two keys."""

    def every_key(self, facts: Mapping[str, Any]) -> str:
        """Count to two."""
        return "" if facts["inside"] >= 2 else super().every_key(facts)


@seeded(breaks="A-07", story="a guest is linked without any key in the car")
class NoKeyRules(LinkRules):
    """Does not ask for a key."""

    def one_key(self, facts: Mapping[str, Any]) -> str:
        """None is needed."""
        return ""


@seeded(breaks="A-07", story="a guest needs every key of the car, like an administrator")
class AllKeysRules(LinkRules):
    """Makes no difference between users."""

    def one_key(self, facts: Mapping[str, Any]) -> str:
        """All of them."""
        return self.every_key(facts)


@seeded(breaks="A-11", story="a code that was used serves a second phone")
class GenerousRules(LinkRules):
    """Takes a code again and again."""

    def code(self, text: str, attempts: Sequence[Attempt]) -> tuple[Attempt | None, str]:
        """As long as its attempt is open."""
        for attempt in attempts:
            if attempt.code == text and attempt.is_open:
                return attempt, ""
        return super().code(text, attempts)


@seeded(breaks="A-11", story="any code is taken for that of the attempt under way")
class CarelessRules(LinkRules):
    """Does not read the code."""

    def code(self, text: str, attempts: Sequence[Attempt]) -> tuple[Attempt | None, str]:
        """Take the newest attempt that waits for one."""
        waiting = [attempt for attempt in attempts if attempt.step == "scan"]
        return (waiting[-1], "") if waiting else super().code(text, attempts)


@seeded(breaks="A-11", story="whoever scans the code is linked in the place of the user before the display")
class AnybodyRules(LinkRules):
    """Does not compare the users of app and display."""

    def user(self, phone: Phone, attempt: Attempt, links: Sequence[Link]) -> str:
        """Anybody."""
        return ""


@seeded(breaks="A-12", story="a profile takes a second phone beside the first")
class CrowdedRules(LinkRules):
    """Counts no phones."""

    def one_phone(self, facts: Mapping[str, Any], links: Sequence[Link]) -> str:
        """There is always room."""
        return ""
