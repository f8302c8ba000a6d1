"""Whoever links a phone to the car: before the centre display, the phone in the hand (A-02 ... A-12)."""

from __future__ import annotations

from typing import Any

from harness.actors.actor import Actor
from harness.actors.display import Display
from harness.actors.owner import OWNER_ID
from harness.actors.phone import PASSWORDS, Phone
from harness.bench import Bench
from harness.catalogue import limit
from harness.errors import ExpectationError
from harness.units import pretty

APP = ("Apps", "Digital Key")
STEPS = (*APP, "Link a phone")
"""Pages of the centre display."""

LOGIN = ("polestar_id", "password", "log_in")
"""Elements of a page that asks for a Polestar ID."""

SHOWN = {
    "scan": "Scan the code with the Polestar app",
    "car": "Check the car in the app",
    "user": "wants to link a phone",
    "finish": "Finish in the app",
    "linked": "The phone is linked",
    "failed": "No phone was linked",
}
"""What the display says at each step, or the end of it, in English."""

LINKED_USERS = "TCU_Services.LinkedUsers"


class Linking(Actor):
    """Does each step of the manual, and all of them; raises `ExpectationError` where the car does not go along."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.display = Display(bench)

    # On the display

    def opens_digital_key(self) -> None:
        """Open the Digital Key app from the app view, as a finger does."""
        self.display.opens()
        for element in ("apps", "digital_key"):
            self.display.taps(element)
        self.display.sees_page(*APP)

    def logs_in(self, identity: str = OWNER_ID, password: str | None = None) -> None:
        """Log in to Digital Key with a Polestar ID, and be greeted by name."""
        self.tries_login(identity, password)
        if not self.until(lambda: "user" in self._texts(), limit("link_step")):
            raise ExpectationError(
                f"expected Digital Key to accept {identity} within {pretty(limit('link_step'))}; the display says: "
                f"{self._texts().get('message') or 'nothing'}"
            )

    def tries_login(self, identity: str, password: str | None = None) -> None:
        """Type a Polestar ID and a password, and touch the button."""
        self.display.opens(*APP)
        if "log_out" in self._texts():
            self.display.taps("log_out")
        self.display.types("polestar_id", identity)
        self.display.types("password", password or PASSWORDS[identity], secret=True)
        self.display.taps("log_in")

    def begins(self) -> str:
        """Ask for a link, and read the code from the picture of the display."""
        self.asks_for_code()
        self.expects_step("scan")
        return self.display.reads_qr()

    def asks_for_code(self) -> None:
        """Ask for a link."""
        self.display.opens(*APP)
        self.display.taps("link_phone")
        self.display.sees_page(*STEPS)

    def confirms(self) -> None:
        """Confirm the step on the display."""
        self.display.taps("confirm")

    def cancels(self) -> None:
        """Give up on the display."""
        self.display.taps("cancel")

    def deletes_link(self) -> None:
        """Delete on the display the link of the profile in use."""
        self.display.opens(*APP)
        self.display.taps("delete_link")
        self.display.sees("phone", "none", limit("link_step"))

    def vin(self) -> str:
        """The VIN that Digital Key shows to a user who is logged in."""
        self.display.opens(*APP)
        return self._texts().get("vin", "")

    # Both together

    def links(self, phone: Phone, identity: str = OWNER_ID, *, profile: str | None = None) -> dict[str, Any]:
        """From the login to the end, each step on its side; returns the link."""
        code = self.gets_code(phone, identity, profile=profile)
        self.follows(phone, code)
        return self.expects_linked(phone)

    def gets_code(self, phone: Phone, identity: str = OWNER_ID, *, profile: str | None = None) -> str:
        """Log in on both sides, tell the app the VIN from the display, and show a code on it."""
        self.prepares(phone, identity, profile=profile)
        return self.begins()

    def prepares(self, phone: Phone, identity: str = OWNER_ID, *, profile: str | None = None) -> None:
        """Everything before the code: profile, both logins, the VIN."""
        if profile is not None:
            self.display.chooses_profile(profile)
        self.logs_in(identity)
        phone.logs_in(identity)
        phone.types_vin(self.vin())

    def follows(self, phone: Phone, code: str) -> None:
        """Scan the code, then confirm in turn; at each step app and display have to show the same."""
        phone.scans(code)
        self.expects_step("car", phone)
        phone.confirms()
        self.expects_step("user", phone)
        self.confirms()
        self.expects_step("finish", phone)
        phone.confirms()

    # What must come of it

    def expects_step(self, step: str, phone: Phone | None = None) -> None:
        """Wait until the display, and the app where a phone is given, show the same step."""
        within = limit("link_step")

        def shown() -> bool:
            on_display = SHOWN[step] in self._texts().get("step", "")
            return on_display and (phone is None or phone.linking()["step"] == step)

        if not self.until(shown, within):
            app = "" if phone is None else f", and the app {phone.linking()}"
            raise ExpectationError(
                f"expected step {step!r} on display and app within {pretty(within)}; the display shows "
                f"{self._texts()}{app}"
            )

    def expects_linked(self, phone: Phone) -> dict[str, Any]:
        """Wait until both sides say so; returns the link."""
        self.expects_step("linked", phone)
        link = phone.link()
        if link is None:
            raise ExpectationError(f"expected phone {phone.number} to be linked; the app says so, and no link is kept")
        self.display.opens(*APP)
        if self._texts()["phone"] == "none":
            raise ExpectationError("expected the display to name the user of the linked phone; it says there is none")
        return link

    def is_refused(self, reason: str) -> None:
        """Ask for a code, and be told on the display why there is none."""
        self.asks_for_code()
        self.expects_end(reason)

    def expects_end(self, reason: str, within: int | None = None) -> None:
        """Wait until the display says that no phone was linked, and why."""
        within = limit("link_step") if within is None else within

        def ended() -> bool:
            texts = self._texts()
            return texts.get("step") == SHOWN["failed"] and reason in texts.get("reason", "")

        if not self.until(ended, within):
            raise ExpectationError(
                f"expected the display to say within {pretty(within)} that no phone was linked: {reason}; it shows "
                f"{self._texts()}"
            )

    def expects_nothing(self, phone: Phone, profile: str, users: int) -> None:
        """Nothing is half linked: neither phone nor profile off board, not on the display, and CAN counts `users`."""
        state = self.bench.offboard.request("GET", "/linking")
        left = [link for link in state["links"] if link["phone"] == phone.number or link["profile"] == profile]
        if left:
            raise ExpectationError(f"expected nothing to be linked; {left} is kept")
        if not self.until(lambda: phone.linking()["step"] in {"none", "failed", "linked"}, limit("link_step")):
            raise ExpectationError(f"expected the app of phone {phone.number} to be done; it is at {phone.linking()}")
        self.expects_nothing_shown()
        self.expects_users(users)

    def expects_nothing_shown(self) -> None:
        """The display knows of no phone on the profile that is in use."""
        self.display.opens(*APP)
        self.display.sees("phone", "none", limit("link_step"))

    def expects_users(self, count: int) -> None:
        """Wait until the car tells on CAN of so many linked users."""
        self.bench.networks["body"].expect(LINKED_USERS, count, limit("link_step"), since=self.now())

    def users(self) -> list[dict[str, Any]]:
        """Who is linked, as the app's service reports it: `account`, `administrator`, `phones`, `profiles`."""
        return list(self.bench.offboard.request("GET", "/linking")["users"])

    def _texts(self) -> dict[str, str]:
        return self.bench.head_unit.texts()
