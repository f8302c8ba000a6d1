"""Linking a phone to the car, step by step in app and display (A-02 ... A-12).

The car asks to begin and gets a code that it shows as a QR code; a phone scans that; then app and display confirm in
turn. The link stands once the car has taken it. Whatever goes wrong before leaves nothing on either side but a reason.
"""

from __future__ import annotations

from itertools import count
from typing import Any, Literal

from emulation.bench import EmulatedBench
from emulation.offboard.accounts import Accounts, DeliveryCentre
from emulation.offboard.connect import Connect, Delivery
from emulation.offboard.link_rules import Attempt, Link, LinkRules
from emulation.offboard.links import Links
from emulation.offboard.phones import Phone, Phones
from emulation.offboard.records import Records
from emulation.world import Process
from harness.units import MIN, H, S

Side = Literal["app", "display"]

STEPS: dict[str, Side] = {"car": "app", "user": "display", "finish": "app"}
"""What is confirmed after the scan, in this order, and on which side."""


class Linking:
    """Every attempt to link a phone; `links` keeps what came of it."""

    CODE_VALID = 2 * MIN
    """A QR code that nobody has scanned runs out (bench default, limit `qr_valid`)."""
    STEP_VALID = 2 * MIN
    """So long app and display wait for each confirmation (own choice)."""
    SIGNAL_VALID = 15 * S
    """The car has to hear of a step within this time, or the attempt is over (own choice)."""
    END_VALID = 24 * H
    """So long the car is sought to be told that it is over (own choice)."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._world = bench.world
        self._random = bench.world.random("linking")
        self._records: Records = bench.parts["records"]
        self._accounts: Accounts = bench.parts["accounts"]
        self._phones: Phones = bench.parts["phones"]
        self._connect: Connect = bench.parts["connect"]
        self._rules: LinkRules = bench.variant(LinkRules)()
        self._ids = count(1)
        self._links: Links = bench.parts["links"]
        centre: DeliveryCentre = bench.parts["delivery_centre"]
        centre.on_sale.append(lambda: self.give_up("the car has another owner"))
        self.attempts: list[Attempt] = []
        self._connect.answers("link_login", self.login)
        self._connect.answers("link_begin", self.begin)
        self._connect.answers("link_confirm", self.confirm_on_display)
        self._connect.answers("link_delete", self.delete_on_display)
        self._connect.on("link_dropped", self.dropped)

    def as_usual(self) -> None:
        """Nobody tries to link anything."""
        self.give_up("cancelled")
        self.attempts = []

    def give_up(self, reason: str) -> None:
        """Whatever is under way is over."""
        for attempt in self.attempts:
            if attempt.is_open:
                self.fail(attempt, reason)

    def newest(self, phone: int) -> Attempt | None:
        """The newest attempt of a phone."""
        return next((attempt for attempt in reversed(self.attempts) if attempt.phone == phone), None)

    # What the car asks

    def login(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Somebody logs in on the display."""
        account = self._accounts.login_by(facts["account"], facts["proof"])
        return {"error": "Polestar ID or password is wrong"} if account is None else {"name": account.name}

    def begin(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Who is logged in on the display wants to link a phone on the profile that is in use."""
        account = self._accounts.login_by(facts["account"], facts["proof"])
        reason = self._rules.begin(facts, self._links.links) if account else "Polestar ID or password is wrong"
        if account is None or reason:
            self._records.add("linking", "refused", account=facts["account"], profile=facts["profile"], reason=reason)
            return {"error": reason}
        self.give_up("begun anew")
        attempt = Attempt(
            next(self._ids),
            account.id,
            account.name,
            facts["profile"],
            self._rules.is_first(self._links.links),
            facts["vin"],
            self.new_code(facts["vin"]),
            "scan",
            self._world.condition("attempt changed"),
        )
        self.attempts.append(attempt)
        self._note("begun", attempt, administrator=attempt.administrator)
        self._world.spawn(self._watch(attempt), f"attempt {attempt.id} to link")
        return {"attempt": attempt.id, "code": attempt.code}

    def new_code(self, vin: str) -> str:
        """What a QR code is to say."""
        return f"connecthil:link?vin={vin}&token={self._random.getrandbits(96):024x}"

    def confirm_on_display(self, facts: dict[str, Any]) -> dict[str, Any]:
        """The display confirms its step; the car tells again which keys are inside."""
        attempt = self._open(facts["attempt"])
        if attempt is None or STEPS.get(attempt.step) != "display":
            return {"error": "this is not the display's turn" if attempt else "the attempt is over"}
        if reason := self._rules.begin(facts, self._links.links):
            self.fail(attempt, reason)
            return {"error": reason}
        self._go_on(attempt)
        return {}

    def delete_on_display(self, facts: dict[str, Any]) -> dict[str, Any]:
        """The link of a profile is deleted on the display."""
        link = self._links.of_profile(facts["profile"])
        if link is None:
            return {"error": "no phone is linked on this profile"}
        self._links.delete(link, "display")
        return {}

    def dropped(self, facts: dict[str, Any]) -> None:
        """The car has given up an attempt; what came of it meanwhile does not stand."""
        for link in [link for link in self._links.links if link.attempt == facts["attempt"]]:
            self._links.delete(link, "car")
        if attempt := self._open(facts["attempt"]):
            self.fail(attempt, facts["reason"])

    # What a phone does

    def scan(self, phone: Phone, text: str) -> str:
        """A phone has read a code; why that leads nowhere, or nothing."""
        if reason := self._rules.phone(phone):
            return reason  # without Internet nobody hears of it
        attempt, reason = self._rules.code(text, self.attempts)
        if attempt is None:
            self._records.add("linking", "refused", phone=phone.id, reason=reason)
            return reason
        attempt.phone = phone.id
        if reason := self._rules.vin(phone, attempt) or self._rules.user(phone, attempt, self._links.links):
            self.fail(attempt, reason)
            return reason
        self._go(attempt, "car")
        return ""

    def confirm_in_app(self, phone: Phone) -> str:
        """The app confirms its step; why that leads nowhere, or nothing."""
        attempt = self.newest(phone.id)
        if attempt is None or STEPS.get(attempt.step) != "app" or attempt.finishing:
            return "this is not the app's turn"
        if reason := self._rules.phone(phone):
            self.fail(attempt, reason)
            return reason
        self._go_on(attempt)
        return ""

    # How it goes on

    def _go_on(self, attempt: Attempt) -> None:
        following = list(STEPS)[list(STEPS).index(attempt.step) + 1 :]
        if following:
            self._go(attempt, following[0])
        else:
            self._finish(attempt)

    def _go(self, attempt: Attempt, step: str) -> None:
        attempt.step = step
        self._note("step", attempt, step=step)
        self._tell(attempt)
        told = self._connect.send(
            "link_step", self.SIGNAL_VALID, attempt=attempt.id, step=step, side=STEPS[step], name=attempt.name
        )
        self._world.spawn(self._heard(attempt, told), f"attempt {attempt.id}: step {step}")

    def _finish(self, attempt: Attempt) -> None:
        attempt.finishing = True
        told = self._connect.send(
            "link_done",
            self.SIGNAL_VALID,
            attempt=attempt.id,
            profile=attempt.profile,
            name=attempt.name,
            administrator=attempt.administrator,
        )
        self._world.spawn(self._heard(attempt, told), f"attempt {attempt.id}: finish")

    def _heard(self, attempt: Attempt, told: Delivery) -> Process:
        """The car has to hear of each step; with the last one it has the link, and so has everybody."""
        yield told.done
        if not attempt.is_open:
            return
        if told.done.value != "delivered":
            self.fail(attempt, f"the car cannot be reached: {told.reason}")
        elif attempt.finishing:
            self.link(attempt)

    def link(self, attempt: Attempt) -> None:
        """It is done."""
        assert attempt.phone is not None  # it scanned the code
        self._links.add(
            Link(
                attempt.phone,
                attempt.account,
                attempt.profile,
                administrator=attempt.administrator,
                since=self._world.now,
                attempt=attempt.id,
            )
        )
        attempt.step = "linked"
        self._note("linked", attempt, account=attempt.account, administrator=attempt.administrator)
        self._tell(attempt)

    def fail(self, attempt: Attempt, reason: str) -> None:
        """It is over; both sides learn why."""
        attempt.step, attempt.reason = "failed", reason
        self._note("failed", attempt, reason=reason)
        self._tell(attempt)
        self._connect.send("link_ended", self.END_VALID, attempt=attempt.id, reason=reason)

    def _watch(self, attempt: Attempt) -> Process:
        """Whatever takes too long, and a phone that loses its Internet, ends an attempt."""
        while attempt.is_open:
            changed = attempt.changed
            over = self._world.after(self.CODE_VALID if attempt.step == "scan" else self.STEP_VALID)
            while not changed.happened:
                if over.happened:
                    self.fail(attempt, "the code has run out" if attempt.step == "scan" else "nobody confirmed in time")
                elif attempt.phone is not None and not self._phones.phones[attempt.phone].online:
                    self.fail(attempt, "no Internet on the phone")
                else:
                    yield changed | over | self._phones.change

    def _open(self, identity: int) -> Attempt | None:
        return next((attempt for attempt in self.attempts if attempt.id == identity and attempt.is_open), None)

    def _tell(self, attempt: Attempt) -> None:
        changed, attempt.changed = attempt.changed, self._world.condition("attempt changed")
        changed.happen()

    def _note(self, kind: str, attempt: Attempt, **more: Any) -> None:
        self._records.add("linking", kind, attempt=attempt.id, phone=attempt.phone, profile=attempt.profile, **more)
