"""How a contract comes to be: the partner's app step by step, or another provider's form (C-03, C-04, C-11)."""

from __future__ import annotations

from dataclasses import dataclass, field

from emulation.bench import EmulatedBench
from emulation.offboard.contract import Company, Contract
from emulation.offboard.links import Links
from emulation.offboard.pki_identity import is_pcid
from emulation.offboard.provider import MobilityProvider
from emulation.offboard.records import Records

STEPS: dict[Company, tuple[str, ...]] = {
    "partner": ("vehicle", "tariff", "payment", "terms"),
    "other": ("pcid", "payment", "terms"),
}
"""What the owner is led through, in this order."""
TARIFFS = ("home", "road")
LAST = "plug_in"
"""What is left to do with the car, once the contract stands."""


class NotNowError(ValueError):
    """A step that cannot be taken; the message says why, and which comes next."""


@dataclass
class SetUp:
    """One way to a contract."""

    id: int
    company: Company
    phone: int | None
    done: list[str] = field(default_factory=list)
    pcid: str | None = None
    contract: Contract | None = None

    @property
    def next(self) -> str:
        """What the owner is asked for next; `plug_in` when there is nothing left to ask."""
        left = [step for step in STEPS[self.company] if step not in self.done]
        return left[0] if left else LAST


class ContractSetUps:
    """Leads owners to contracts."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._links: Links = bench.parts["links"]
        self._records: Records = bench.parts["records"]
        self._provider: MobilityProvider = bench.parts["provider"]
        self.all: list[SetUp] = []

    def as_usual(self) -> None:
        """Nobody is on the way to a contract."""
        self.all.clear()

    def begin(self, company: Company, phone: int | None) -> SetUp:
        """Open the app's guide on `phone`, or the other provider's form. Raises `NotNowError`."""
        if reason := self.hindrance(company, phone):
            raise NotNowError(reason)
        begun = SetUp(self._records.new_identity(), company, phone)
        self.all.append(begun)
        self._records.add("provider", "set_up", set_up=begun.id, company=company, phone=phone, next=begun.next)
        return begun

    def hindrance(self, company: Company, phone: int | None) -> str:
        """Why nobody is led now; empty where it can begin."""
        if reason := self._provider.support():
            return f"Plug & Charge is {reason}" if reason.startswith("not") else reason
        if company == "other":
            return ""
        if phone is None or self._links.of_phone(phone) is None:
            return "this phone is not linked to the car"
        return "" if self._provider.switched_on else "switch Plug & Charge on in the car first"

    def take(self, set_up: SetUp, step: str, value: str) -> SetUp:
        """Take one step. Raises `NotNowError` for another than the next, `ValueError` for what does not fit it."""
        if step != set_up.next or step == LAST:
            raise NotNowError(f"the next step is {set_up.next}, not {step}")
        self.check(set_up, step, value)
        set_up.done.append(step)
        self._records.add("provider", "step", set_up=set_up.id, step=step, next=set_up.next)  # never its value
        if set_up.next == LAST:
            assert set_up.pcid is not None  # the first step of both ways
            set_up.contract = self._provider.open(set_up.company, set_up.pcid)
        return set_up

    def check(self, set_up: SetUp, step: str, value: str) -> None:
        """What a step wants; nothing of a means of payment is kept."""
        known = self._provider.pcid()
        if step == "vehicle":
            set_up.pcid = known
        elif step == "pcid":
            if not is_pcid(value) or value != known:
                raise ValueError(f"no car has this PCID: expected the {len(known or '')} characters that the car shows")
            set_up.pcid = value
        elif step == "tariff" and value not in TARIFFS:
            raise ValueError(f"there is no such tariff: expected one of {', '.join(TARIFFS)}")
        elif step == "payment" and len(value) < 4:
            raise ValueError("the means of payment was not accepted")
        elif step == "terms" and value != "accepted":
            raise ValueError("without the terms there is no contract: expected 'accepted'")
