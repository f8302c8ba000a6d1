"""A station operator's back office: asks the providers of contracts, bills what was charged (C-06, C-08, C-12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulation.bench import EmulatedBench
from emulation.offboard.pki import common_name
from emulation.offboard.pki_messages import Chain, InstallationRequest, InstallationResponse
from emulation.offboard.pki_status import status
from emulation.offboard.provider import MobilityProvider
from emulation.offboard.records import Records
from emulation.world import Process

if TYPE_CHECKING:
    from emulation.offboard.station import Session


class ChargeOperator:
    """Between the stations of one operator and the providers of those who charge there."""

    def __init__(self, bench: EmulatedBench) -> None:
        self.world = bench.world
        self.records: Records = bench.parts["records"]
        self.provider: MobilityProvider = bench.parts["provider"]

    def install(self, request: InstallationRequest) -> Process:
        """Pass a car's request on; returns the `InstallationResponse`, or why there is none, once it is there."""
        yield max(1, self.provider.behaviour.delay)
        answer: InstallationResponse | str = self.provider.certificate_installation(request)
        return answer

    def clear(self, chain: Chain) -> Process:
        """Ask whether a contract is good; returns the response code that says why not, empty where it is."""
        yield max(1, self.provider.behaviour.delay)
        reason = self.provider.authorise(common_name(chain[0]), chain)
        self.records.add("operator", "authorisation", emaid=common_name(chain[0]), accepted=not reason, reason=reason)
        if not reason:
            return ""
        revoked = status(self.provider.status(chain), chain[0], chain[1], self.provider.now) == "revoked"
        return "FAILED_CertificateRevoked" if revoked else "FAILED_ContractCanceled"

    def bill(self, session: Session) -> None:
        """A visit that was authorised is over: whoever paid for it is told what it was."""
        self.records.add(
            "operator",
            "bill",
            session=session.id,
            payment=session.payment,
            means=session.means,
            emaid=session.emaid,
            energy_wh=round(session.energy_wh, 1),
        )
