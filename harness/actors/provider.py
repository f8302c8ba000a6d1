"""Mobility providers as an owner meets them: the app, another provider's form, the contract (C-03 ... C-17)."""

from __future__ import annotations

import re
from typing import Any, Literal, TypeAlias

from harness.actors.actor import Actor
from harness.catalogue import limit
from harness.errors import BenchError, ExpectationError
from harness.units import MS, H, pretty

Contract: TypeAlias = dict[str, Any]
"""`emaid`, `company`, `pcid`, `state`, instants, by the names of docs/interfaces.md."""
SetUp: TypeAlias = dict[str, Any]
Company = Literal["partner", "other"]

STEPS: dict[Company, tuple[str, ...]] = {
    "partner": ("vehicle", "tariff", "payment", "terms"),
    "other": ("pcid", "payment", "terms"),
}
"""What the owner is asked for, in this order (bench default: the manual leaves it to app and provider)."""
LAST = "plug_in"
GIVEN = {"vehicle": "", "tariff": "home", "payment": "test means of payment", "terms": "accepted"}
"""What the owner types or chooses; nothing of it is true."""
USUAL: dict[str, Any] = {"offered": True, "delay": 600 * MS, "spoil": None, "valid_for": 365 * 24 * H}
"""Providers as a bench has them that was just made (docs/interfaces.md)."""
REFUSED = re.compile(r" answered (?:404|409|422): (.*)", re.DOTALL)


class Provider(Actor):
    """Leads to contracts, and says what is known of them."""

    # How providers are from now on

    def behaves(self, **behaviour: Any) -> None:
        """Change `offered`, `delay` (ns), `valid_for` (ns), or `spoil` what is answered (`signature`, `chain` ...)."""
        self.note("provider", **behaviour)
        self.bench.offboard.request("PUT", "/provider", behaviour)

    def state(self) -> dict[str, Any]:
        """How providers answer, and what they were told."""
        return dict(self.bench.offboard.request("GET", "/provider"))

    def expects_switched(self, on: bool) -> None:
        """Wait until the provider knows that Plug & Charge was switched. Raises `ExpectationError`."""
        within = limit("provider_told")
        if not self.until(lambda: self.state()["switched_on"] is on, within):
            raise ExpectationError(
                f"expected the provider to hear within {pretty(within)} that Plug & Charge is {'on' if on else 'off'}; "
                "it did not. Can the car be reached (GET /connect)?"
            )

    # To a contract

    def begins(self, company: Company = "partner", phone: int | None = 1) -> SetUp:
        """Open the app's guide, or the other provider's form. Raises `ExpectationError` where it does not begin."""
        self.note("set_up", company=company)
        wanted = {"company": company, "phone": phone if company == "partner" else None}
        return self._granted("POST", "/provider/set-ups", wanted)

    def takes(self, set_up: SetUp, step: str, value: str | None = None) -> SetUp:
        """Take a step. Raises `ExpectationError` where that is refused."""
        self.note("set_up_step", step=step)
        taken = {"step": step, "value": GIVEN.get(step, "") if value is None else value}
        return self._granted("POST", f"/provider/set-ups/{set_up['id']}/steps", taken)

    def does_not_take(self, set_up: SetUp, step: str, value: str | None = None) -> str:
        """Try a step that must be refused; returns the reason given. Raises `ExpectationError` where it is taken."""
        tried = {"step": step, "value": GIVEN.get(step, "") if value is None else value}
        return self.refuses("POST", f"/provider/set-ups/{set_up['id']}/steps", tried)

    def leads(self, company: Company = "partner", pcid: str = "") -> Contract:
        """Go the whole way, each step as it is asked for; returns the contract. Raises `ExpectationError`."""
        shown = self.begins(company)
        for step in STEPS[company]:
            if shown["next"] != step:
                raise ExpectationError(f"expected to be asked for {step} next; asked for is {shown['next']}")
            if shown["contract"] is not None:
                raise ExpectationError(f"expected no contract before {step}; there is {shown['contract']['emaid']}")
            shown = self.takes(shown, step, pcid if step == "pcid" else None)
        contract = shown["contract"]
        if shown["next"] != LAST or contract is None:
            raise ExpectationError(f"expected a contract, and to be told to plug in; asked for is {shown['next']}")
        if contract["company"] != company or contract["state"] != "in order":
            raise ExpectationError(f"expected a contract of the {company} that is in order; it is {contract}")
        return dict(contract)

    # What is known of contracts

    def contracts(self, since: int | None = None) -> list[Contract]:
        """Every contract that was opened from `since` on (default: since this bench was)."""
        begin = self.bench.opened if since is None else since
        return [each for each in self.bench.offboard.request("GET", "/provider/contracts") if each["opened"] >= begin]

    def contract(self, emaid: str) -> Contract:
        """What the provider says when it is asked about a contract. Raises `ExpectationError` where it knows none."""
        return self._granted("GET", f"/provider/contracts/{emaid}")

    def expects_state(self, emaid: str, state: str) -> None:
        """Ask the provider about a contract: `in order`, `blocked` or `ended`. Raises `ExpectationError`."""
        self.note("asks_provider", emaid=emaid)
        if (told := self.contract(emaid)["state"]) != state:
            raise ExpectationError(f"expected the provider to say that contract {emaid} is {state}; it says {told}")

    def ends(self, emaid: str) -> Contract:
        """End a contract with its provider."""
        self.note("ends_contract", emaid=emaid)
        return self._granted("POST", f"/provider/contracts/{emaid}/end")

    def ends_no_more(self, emaid: str) -> str:
        """A contract that has ended cannot be ended; returns what the provider says. Raises `ExpectationError`."""
        return self.refuses("POST", f"/provider/contracts/{emaid}/end")

    def blocks(self, emaid: str) -> Contract:
        """A bill was not paid: nobody may charge by the contract for now."""
        self.note("blocks_contract", emaid=emaid)
        return self._granted("POST", f"/provider/contracts/{emaid}/block")

    def unblocks(self, emaid: str) -> Contract:
        """It may be charged by again."""
        self.note("unblocks_contract", emaid=emaid)
        return self._granted("DELETE", f"/provider/contracts/{emaid}/block")

    def refuses(self, method: str, path: str, body: object = None) -> str:
        """Ask for what must be refused; returns the reason given. Raises `ExpectationError` where it is granted."""
        try:
            granted = self._granted(method, path, body)
        except ExpectationError as refusal:
            return str(refusal)
        raise ExpectationError(f"expected {method} {path} to be refused; it was granted: {granted}")

    def _granted(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        try:
            return dict(self.bench.offboard.request(method, path, body))
        except BenchError as error:
            if refused := REFUSED.search(str(error)):
                raise ExpectationError(f"the provider refused {method} {path}: {refused[1]}") from error
            raise
