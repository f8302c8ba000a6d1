"""The car's side of linking a phone: login, the attempt under way, what is linked (A-02 ... A-07, A-10 ... A-12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from emulation.offboard.accounts import proof
from emulation.world import Condition, Process
from harness.units import MIN

if TYPE_CHECKING:
    from emulation.ecus.head_unit.head_unit import HeadUnit

STEPS = ("scan", "car", "user", "finish", "linked", "failed")
"""In the order in which they follow each other."""


@dataclass
class Login:
    """Who is logged in, on which profile; `proof` stands for the password."""

    account: str
    proof: str = field(repr=False)
    profile: str
    name: str = ""


@dataclass
class Showing:
    """The attempt that the display is in the middle of, or how the last one ended."""

    attempt: int
    profile: str
    code: str = field(repr=False)
    step: str = "scan"
    name: str = ""
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is not decided yet."""
        return self.step not in {"linked", "failed"}


class DigitalKey:
    """Part of the head unit; asks off board by the telematics unit, and hears from there."""

    PATIENCE = 3 * MIN
    """An attempt of which nothing is heard for so long is over; more than the code and each step are valid."""

    def __init__(self, head_unit: HeadUnit) -> None:
        self.head_unit = head_unit
        self.linked: dict[str, str] = {"OWNER": "Astrid Owner"}
        """User of the phone on each profile that has one; kept in non-volatile memory."""
        self.login: Login | None = None
        self.showing: Showing | None = None
        self.message = ""
        """What there is to say to whoever tried something last."""
        self._begun = head_unit.world.condition("an attempt begins")

    # What is touched

    def log_in(self, identity: str, password: str) -> None:
        """Ask whether ID and password fit."""
        self.message = ""
        self.spawn(self._log_in(Login(identity, proof(identity, password), self.head_unit.profile)))

    def _log_in(self, login: Login) -> Process:
        answer = self.ask("link_login", account=login.account, proof=login.proof)
        yield answer
        self.message = answer.value.get("error", "")
        if not self.message:
            login.name = answer.value["name"]
            self.login = login

    def log_out(self) -> None:
        """Forget who was logged in."""
        self.login = None

    def user(self) -> Login | None:
        """Who is logged in on the profile that is in use; a change of profile logs out."""
        if self.login is not None and self.login.profile != self.head_unit.profile:
            self.log_out()
        return self.login

    def begin(self) -> None:
        """Ask for a code."""
        self.message, self.showing = "", None
        if (login := self.user()) is not None:
            self.spawn(self._begin(login))

    def _begin(self, login: Login) -> Process:
        profile = self.head_unit.profile
        answer = self.ask("link_begin", account=login.account, proof=login.proof, **self.facts())
        yield answer
        self.message = answer.value.get("error", "")
        if self.message:
            return
        self.showing = Showing(answer.value["attempt"], profile, answer.value["code"])
        begun, self._begun = self._begun, self.head_unit.world.condition("an attempt begins")
        begun.happen()

    def confirm(self) -> None:
        """The display's part."""
        if self.showing is not None:
            self.spawn(self._confirm(self.showing))

    def _confirm(self, showing: Showing) -> Process:
        answer = self.ask("link_confirm", attempt=showing.attempt, **self.facts())
        yield answer
        if reason := answer.value.get("error", ""):
            self.end(showing, reason)

    def delete_link(self) -> None:
        """Delete the link of the profile that is in use."""
        self.spawn(self._delete_link(self.head_unit.profile))

    def _delete_link(self, profile: str) -> Process:
        answer = self.ask("link_delete", profile=profile)
        yield answer
        self.message = answer.value.get("error", "")
        if not self.message:
            self.linked.pop(profile, None)

    def facts(self) -> dict[str, Any]:
        """What counts for a link and only the car knows."""
        unit = self.head_unit
        keys = {name.lower(): int(unit.last("CEM_Keys", name) or 0) for name in ("Registered", "Inside")}
        return {"profile": unit.profile, "vin": unit.vin, **keys}

    def give_up(self, reason: str) -> None:
        """End the attempt on both sides, on this one at once."""
        if self.showing is not None and self.showing.is_open:
            self.end(self.showing, reason)

    def end(self, showing: Showing, reason: str) -> None:
        """The car's side of an attempt is over; the other one is told as soon as it can be."""
        if showing.is_open:
            showing.step, showing.reason = "failed", reason
            self.tell_dropped(showing.attempt, reason)

    # What is heard

    def processes(self) -> Iterable[Process]:
        """Hear what becomes of an attempt; one that a boot has broken off is over."""
        self.log_out()
        self.give_up("the display was switched off")
        if (services := self.services()) is not None:
            services.on("link_step", self.hear_step)
            services.on("link_done", self.hear_done)
            services.on("link_ended", self.hear_end)
            services.on("links", self.hear_links)
        return [self.watch()]

    def hear_step(self, told: dict[str, Any]) -> None:
        """The next step; an older one that comes late changes nothing."""
        showing, order = self.showing, STEPS
        if showing is None or showing.attempt != told["attempt"] or not showing.is_open:
            return
        if order.index(told["step"]) > order.index(showing.step):
            showing.step, showing.name = told["step"], told["name"]

    def hear_done(self, told: dict[str, Any]) -> None:
        """The link stands, unless this side has given it up."""
        showing = self.showing
        if showing is None or showing.attempt != told["attempt"] or not showing.is_open:
            self.tell_dropped(told["attempt"], "the car has given up")
            return
        showing.step = "linked"
        self.linked[told["profile"]] = told["name"]

    def hear_end(self, told: dict[str, Any]) -> None:
        """It has come to nothing, even where this side had it for done."""
        showing = self.showing
        if showing is None or showing.attempt != told["attempt"]:
            return
        if showing.step == "linked":
            self.linked.pop(showing.profile, None)
        if showing.step != "failed":
            showing.step, showing.reason = "failed", told["reason"]

    def hear_links(self, told: dict[str, Any]) -> None:
        """Which profiles hold a phone, and whose, after one was linked or deleted."""
        self.linked = dict(told["profiles"])

    def watch(self) -> Process:
        """An attempt ends where the car cannot be reached any more, or nothing is heard of it."""
        world = self.head_unit.world
        while True:
            if self.showing is None or not self.showing.is_open:
                yield self._begun
                continue
            showing, step, over = self.showing, self.showing.step, world.after(self.PATIENCE)
            while self.showing is showing and showing.step == step:
                yield self.head_unit.heard("TCU_Services") | over
                if over.happened:
                    self.end(showing, "nothing was heard any more")
                elif showing.is_open and (reason := self.unreachable()):
                    self.end(showing, reason)

    # The way out

    def unreachable(self) -> str:
        """Why the data link is down; empty where it is up."""
        return "" if self.head_unit.last("TCU_Services", "Connect") == "ON" else self.reason()

    def reason(self) -> str:
        """As the telematics unit puts it."""
        services = self.services()
        return "the telematics unit does not answer" if services is None else str(services.reason())

    def services(self) -> Any:
        """The telematics unit's data services; None where the car on this bench has none."""
        unit = self.head_unit.bench.parts.get("telematics")
        return None if unit is None else unit.services

    def ask(self, kind: str, **data: Any) -> Condition:
        """Ask off board."""
        services = self.services()
        if services is not None:
            asked: Condition = services.ask(kind, **data)
            return asked
        nobody = self.head_unit.world.condition(kind)
        nobody.happen({"error": self.reason()})
        return nobody

    def tell_dropped(self, attempt: int, reason: str) -> None:
        """Say that the car has given it up."""
        if (services := self.services()) is not None:
            services.tell("link_dropped", attempt=attempt, reason=reason)

    def spawn(self, process: Process) -> None:
        """Wait for an answer beside all else."""
        self.head_unit.world.spawn(process, "IHU Digital Key")
