"""The remote immobiliser at Assistance: theft reported, authorities asked, keys disabled, PIN lifts it (B-25, B-27)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from emulation.bench import EmulatedBench
from emulation.offboard.connect import Delivery
from emulation.offboard.remote_desk import NOT_AUTHORISED, Matter, RemoteDesk
from emulation.world import Process, Task
from harness.units import H

ReportedTo = Literal["assistance", "authorities"]


UNDER_WAY = {"disabling": "disabled", "releasing": "released"}
"""States in which the car's word is awaited, and what that makes of them."""


class NotNowError(ValueError):
    """The matter is not so far; its message says what is missing."""


@dataclass
class Immobilisation(Matter):
    """A theft reported by its owner; `agreed`: what the authorities said, None while nobody has asked them."""

    reported_to: ReportedTo = "assistance"
    agreed: bool | None = None


class Immobilisations(RemoteDesk):
    """The operators who keep stolen cars from being started.

    States: refused, reported; agreed, declined; disabling, disabled; releasing, released; not reached.
    """

    KIND, FIRST = "immobiliser", "reported"
    VALID = 24 * H
    """So long the car may obey either signal: a stolen car may stand in a garage for long (own choice)."""

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self.matters: list[Immobilisation] = []
        self._under_way: Delivery | None = None
        self._following: list[Task] = []
        self._connect.on("immobiliser", self.told)

    def find(self, identity: int) -> Immobilisation | None:
        """The matter of that identity."""
        return next((matter for matter in self.matters if matter.id == identity), None)

    # Disabling

    def report(self, account: str, reported_to: ReportedTo = "assistance") -> Immobilisation:
        """The car was stolen, says its owner: to Assistance, or to the authorities, who tell Assistance."""
        matter = Immobilisation(self._records.new_identity(), account, self._world.now, reported_to=reported_to)
        self.matters.append(matter)
        self.note("reported", matter, to=reported_to)
        if self.may_ask(account):
            self.move(matter, "reported")
        else:
            self.move(matter, "refused", NOT_AUTHORISED)
        return matter

    def consult(self, matter: Immobilisation, agree: bool) -> None:
        """Assistance has consulted the authorities, who agree or do not. Raises `NotNowError`."""
        if matter.state not in {"reported", "declined"}:
            raise NotNowError(f"the authorities are asked about a reported theft; this one is {matter.state}")
        matter.agreed = agree
        self.note("authorities", matter, agree=agree)
        self.move(matter, "agreed" if agree else "declined")

    def may_disable(self, matter: Immobilisation) -> bool:
        """Only once the authorities have agreed (B-25)."""
        return matter.state == "agreed"

    def disable(self, matter: Immobilisation) -> None:
        """Let no key start the car. Raises `NotNowError` where that may not be."""
        if not self.may_disable(matter):
            raise NotNowError(f"keys are disabled once the authorities have agreed; this theft is {matter.state}")
        self.signal(matter, "immobilise", "disabling")

    # Releasing

    def release(self, matter: Immobilisation, account: str, pin: str) -> None:
        """Whoever gives the right PIN gets the car back; who does not is told why. Raises `NotNowError`."""
        if matter.state not in {"disabling", "disabled", "not reached", "releasing"}:
            raise NotNowError(f"nothing to release: this theft is {matter.state}")
        if reason := self.refusal(account, pin):
            matter.reason = reason
            self.note("release_refused", matter, reason=reason)
            return
        if self._under_way is not None:
            self._under_way.cancel()
        self.signal(matter, "release", "releasing")

    # The car

    def signal(self, matter: Immobilisation, kind: str, state: str) -> None:
        """Send the car a signal, and follow it."""
        delivery = self._under_way = self._connect.send(kind, self.VALID)
        self.move(matter, state)
        self._following.append(self._world.spawn(self._follow(matter, delivery, state), f"{kind} {matter.id}"))

    def _follow(self, matter: Immobilisation, delivery: Delivery, state: str) -> Process:
        yield delivery.done
        if delivery.done.value != "delivered" and matter.state == state and delivery is self._under_way:
            self.move(matter, "not reached", delivery.reason)

    def told(self, data: dict[str, Any]) -> None:
        """The car says whether its keys are disabled."""
        state = "disabled" if data["disabled"] else "released"
        for matter in self.matters:
            if UNDER_WAY.get(matter.state) == state:
                self.move(matter, state)

    def as_usual(self) -> None:
        """No theft is known of."""
        for task in self._following:
            task.stop()
        self._following.clear()
        self._under_way = None
        self.matters.clear()
