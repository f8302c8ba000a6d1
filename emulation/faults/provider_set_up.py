"""Ways to a contract that go wrong (C-03, C-04)."""

from __future__ import annotations

from emulation.faults import seeded
from emulation.offboard.contract import Company
from emulation.offboard.pki_identity import is_pcid
from emulation.offboard.provider_set_up import ContractSetUps, SetUp


@seeded(breaks="C-03", story="the app leads to a contract while Plug & Charge is off in the car")
class HastyGuide(ContractSetUps):
    """Does not ask the car."""

    def hindrance(self, company: Company, phone: int | None) -> str:
        """Whatever is wrong but the switch."""
        reason = super().hindrance(company, phone)
        return "" if reason.startswith("switch") else reason


@seeded(breaks="C-03", story="the app accepts any step at any time")
class LooseGuide(ContractSetUps):
    """Knows no order."""

    def take(self, set_up: SetUp, step: str, value: str) -> SetUp:
        """The next step, whatever is asked for."""
        return super().take(set_up, set_up.next if step != "plug_in" else step, value)


@seeded(breaks="C-03", story="the app says that all is done, and there is no contract")
class EmptyPromise(ContractSetUps):
    """Forgets to open it."""

    def take(self, set_up: SetUp, step: str, value: str) -> SetUp:
        """Every step, and nothing of it."""
        taken = super().take(set_up, step, value)
        taken.contract = None
        return taken


@seeded(breaks="C-03", story="a phone that is not linked is led as well")
class OpenGuide(ContractSetUps):
    """Leads everybody."""

    def hindrance(self, company: Company, phone: int | None) -> str:
        """Whatever is wrong but the phone."""
        reason = super().hindrance(company, phone)
        return "" if reason.startswith("this phone") else reason


@seeded(breaks="C-04", story="another provider takes whatever looks like a PCID")
class GullibleProvider(ContractSetUps):
    """Does not ask the maker's register."""

    def check(self, set_up: SetUp, step: str, value: str) -> None:
        """Its form only."""
        if step == "pcid" and is_pcid(value):
            set_up.pcid = value
        else:
            super().check(set_up, step, value)


@seeded(breaks="C-04", story="another provider refuses the car's own PCID")
class ClosedProvider(ContractSetUps):
    """Serves no cars of this make."""

    def check(self, set_up: SetUp, step: str, value: str) -> None:
        """No PCID is right."""
        super().check(set_up, step, value)
        if step == "pcid":
            raise ValueError("no car has this PCID")
