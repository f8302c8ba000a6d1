"""The Digital Key app of the centre display: login, the code to scan, the steps to a link (A-04, A-08, A-11, A-12)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from emulation.ecus.head_unit.app_pages import APPS
from emulation.ecus.head_unit.digital_key import DigitalKey, Login
from emulation.ecus.head_unit.page import Draw, Element, Page, PageSource
from emulation.ecus.head_unit.pin_pad import DOT
from emulation.world import Process

if TYPE_CHECKING:
    from emulation.ecus.head_unit.head_unit import HeadUnit

DIGITAL_KEY = "Apps > Digital Key"
LINK = "Apps > Digital Key > Link a phone"

STEPS = {
    "scan": "Scan the code with the Polestar app",
    "car": "Check the car in the app",
    "user": "{} wants to link a phone",
    "finish": "Finish in the app",
    "linked": "The phone is linked",
    "failed": "No phone was linked",
}
"""What the display says at each step."""


class LinkingPages(PageSource):
    """Asks for a login, shows the code as a QR code and nowhere else, and follows each step."""

    def __init__(self, head_unit: HeadUnit) -> None:
        super().__init__(head_unit)
        self.key: DigitalKey = head_unit.bench.variant(DigitalKey)(head_unit)
        self.typed_id = ""
        self.typed_password = ""

    def pages(self) -> dict[str, Draw]:
        """The app, and the steps of a link."""
        return {DIGITAL_KEY: self.app, LINK: self.steps}

    def entries(self, path: str) -> Page:
        """The way to it."""
        show = self.head_unit.show
        return {"digital_key": Element("Digital Key", lambda: show(DIGITAL_KEY))} if path == APPS else {}

    def processes(self) -> Iterable[Process]:
        """What the car's side of it does."""
        return self.key.processes()

    def app(self) -> Page:
        """The login, or what a user who is logged in can do; whose phone holds the profile, in either case."""
        login, profile = self.key.user(), self.head_unit.profile
        page = self.login_form() if login is None else self.own(login)
        page["phone"] = Element(self.key.linked.get(profile, "none"), label="Linked phone of this profile")
        if profile in self.key.linked:
            page["delete_link"] = Element("Delete the link", self.key.delete_link)
        return page | {"message": Element(self.key.message)}

    def login_form(self) -> Page:
        """Nothing goes without a Polestar ID."""
        ready = bool(self.typed_id and self.typed_password)
        return {
            "hint": Element("Log in with your Polestar ID"),
            "polestar_id": Element(self.typed_id, enter=self.type_id, label="Polestar ID"),
            "password": Element(
                DOT * len(self.typed_password), enter=self.type_password, secret=True, label="Password"
            ),
            "log_in": Element("Log in", self.log_in if ready else None, "needs a Polestar ID and its password"),
        }

    def own(self, login: Login) -> Page:
        """Who is logged in, which car this is, and the way to a link."""
        return {
            "user": Element(login.name, label="Logged in"),
            "vin": Element(self.head_unit.vin, label="VIN"),
            "link_phone": Element("Link a phone", self.link_phone),
            "log_out": Element("Log out", self.key.log_out),
        }

    def steps(self) -> Page:
        """Where the attempt stands."""
        showing = self.key.showing
        if showing is None:
            return {"step": Element("One moment" if not self.key.message else STEPS["failed"])} | self.reason("")
        page = {"step": Element(STEPS[showing.step].format(showing.name))}
        if showing.step == "scan":
            page["code"] = Element("", qr=showing.code)
        if showing.step == "user":
            page["confirm"] = Element("Confirm", self.key.confirm)
        if showing.is_open:
            page["cancel"] = Element("Cancel", lambda: self.key.give_up("cancelled on the display"))
        return page | self.reason(showing.reason)

    def reason(self, reason: str) -> Page:
        """Why it came to nothing."""
        return {"reason": Element(reason or self.key.message)}

    def left(self, path: str) -> None:
        """Forget what was half typed."""
        if path == DIGITAL_KEY:
            self.typed_password = ""

    def reset(self) -> None:
        """Forget who was logged in."""
        self.key.log_out()
        self.typed_id = self.typed_password = ""

    # What is touched

    def type_id(self, text: str) -> None:
        """Take a Polestar ID."""
        self.typed_id = text.strip()

    def type_password(self, text: str) -> None:
        """Take a password."""
        self.typed_password = text

    def log_in(self) -> None:
        """Try what was typed."""
        typed, self.typed_password = self.typed_password, ""
        self.key.log_in(self.typed_id, typed)

    def link_phone(self) -> None:
        """Begin, on a page of its own."""
        self.key.begin()
        self.head_unit.show(LINK)
