"""Providers that treat contracts against the manual (C-03, C-10, C-11, C-16, C-17)."""

from __future__ import annotations

from emulation.faults import seeded
from emulation.offboard.contract import Company, Contract
from emulation.offboard.pki_messages import InstallationRequest, InstallationResponse
from emulation.offboard.provider import MobilityProvider
from emulation.offboard.provider_set_up import ContractSetUps, SetUp


@seeded(breaks="C-10", story="the provider says in order of a contract that it has blocked")
class PoliteProvider(MobilityProvider):
    """Keeps bad news to itself."""

    def block(self, contract: Contract, blocked: bool) -> None:
        """Nothing."""


@seeded(breaks="C-10", story="asked about an unknown contract, the provider answers for another one")
class AnyContract(MobilityProvider):
    """Finds something."""

    def find(self, name: str) -> Contract | None:
        """The right one, or the first."""
        return super().find(name) or next(iter(self.contracts), None)


@seeded(breaks="C-11", story="a car that was once told that it has no contract is told so for ever")
class Grudge(MobilityProvider):
    """Remembers who asked in vain."""

    refused: frozenset[str] = frozenset()

    def answer(self, request: InstallationRequest) -> InstallationResponse | str:
        """No, once no."""
        answer = super().answer(request)
        if isinstance(answer, str) or request.pcid in self.refused:
            self.refused |= {request.pcid}
            return "no contract for this car"
        return answer


@seeded(breaks="C-11", story="a guide that was left half way goes on there, and not from the beginning")
class HalfWay(ContractSetUps):
    """Knows no second beginning."""

    def begin(self, company: Company, phone: int | None) -> SetUp:
        """The one that is open."""
        left = [each for each in self.all if each.contract is None]
        return left[-1] if left else super().begin(company, phone)


@seeded(breaks="C-16", story="of several contracts the car is sent the oldest")
class OldestFirst(MobilityProvider):
    """Begins at the wrong end."""

    def newest(self, pcid: str) -> Contract | None:
        """The oldest."""
        mine = [contract for contract in self.contracts if contract.pcid == pcid and contract.ended is None]
        return mine[0] if mine else None


@seeded(breaks="C-16", story="the partner's contract wins, whatever is newer")
class PartnerFirst(MobilityProvider):
    """Serves its own."""

    def newest(self, pcid: str) -> Contract | None:
        """The partner's, where there is one."""
        mine = [contract for contract in self.contracts if contract.pcid == pcid and contract.ended is None]
        chosen = [contract for contract in mine if contract.company == "partner"] or mine
        return chosen[-1] if chosen else None


@seeded(breaks="C-17", story="a contract that was deleted in the car is given out no second time")
class OnceOnly(MobilityProvider):
    """Takes a second request for the end of the first."""

    def answer(self, request: InstallationRequest) -> InstallationResponse | str:
        """Once for each contract."""
        contract = self.newest(request.pcid)
        given = [record.data["emaid"] for record in self._records.after() if record.kind == "installation"]
        if contract is not None and contract.emaid in given:
            self.end(contract)
        return super().answer(request)


@seeded(breaks="C-17", story="switching Plug & Charge off in the car ends the contract")
class TidyProvider(MobilityProvider):
    """Takes the switch for a notice."""

    def heard(self, data: dict[str, object]) -> None:
        """Off ends everything."""
        super().heard(data)
        if not self.switched_on:
            for contract in self.contracts:
                self.end(contract)


@seeded(breaks="C-17", story="a contract that was ended with the provider still pays")
class NeverEnds(MobilityProvider):
    """Files the notice."""

    def end(self, contract: Contract) -> None:
        """Nothing."""
