"""What the charger keeps for Plug & Charge: its own certificate, and the contract it charges by (C-06, C-14, C-16).

All of it outlives a loss of supply. What it tells the car and takes from it stands in `contract_link`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from emulation.epoch import date
from emulation.offboard.pki import Credential, common_name, pki
from emulation.offboard.pki_chain import EXPIRED, NOT_YET, distrust, verifies
from emulation.offboard.pki_identity import is_emaid, pcid_of
from emulation.offboard.pki_messages import Chain, InstallationRequest, InstallationResponse
from emulation.offboard.pki_wrap import belongs, unwrap

if TYPE_CHECKING:
    from emulation.ecus.charger.charger import Charger

STATES = {"": "VALID", EXPIRED: "EXPIRED", NOT_YET: "NOT_YET"}
"""What the state of a contract is called on CAN, by what is wrong with its chain; anything else is INVALID."""


@dataclass(frozen=True)
class Contract:
    """A contract certificate with its sub-CAs, and its private key (never shown)."""

    chain: Chain
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def certificate(self) -> x509.Certificate:
        """The leaf."""
        return self.chain[0]

    @property
    def emaid(self) -> str:
        """Which contract it is."""
        return common_name(self.certificate)

    @property
    def since(self) -> datetime:
        """The newer of two contracts is the one that begins later."""
        return self.certificate.not_valid_before_utc


class ContractStore:
    """One contract at a time."""

    RENEW_WITHIN = timedelta(days=1)
    """Less than this before its end a contract is asked for anew (own choice; ISO 15118-2 leaves it to the car)."""

    def __init__(self, charger: Charger) -> None:
        self.charger = charger
        self.pcid = pcid_of(charger.world.seed, charger.vin)
        self.provisioning: Credential | None = self.from_factory()
        self.contract: Contract | None = None
        self.allowed = False
        """Plug & Charge is switched on in settings, as they were heard last."""
        self.asked_for = False
        """The driver wants the newest contract, whatever there is."""
        self.installed = 0
        self.changed = charger.world.condition("contract changed")
        """Happens when any of this has changed; then there is a new one."""

    @property
    def now(self) -> datetime:
        """The date as the car knows it."""
        return date(self.charger.world.now)

    def from_factory(self) -> Credential:
        """The certificate that the car was made with."""
        return pki(self.charger.world.seed).provisioning(self.pcid)

    def tell(self) -> None:
        """Something has changed."""
        changed, self.changed = self.changed, self.charger.world.condition("contract changed")
        changed.happen()

    # What there is

    def state(self) -> str:
        """`OBC_Contract.State`."""
        if self.contract is None:
            return "NONE"
        if not belongs(self.contract.key, self.contract.certificate):
            return "INVALID"
        return STATES.get(distrust(self.contract.chain, self.trusted_operators(), self.now), "INVALID")

    def usable(self) -> bool:
        """Whether the car may authorise itself by its contract now: switched on in settings, contract valid."""
        return self.allowed and self.state() == "VALID"

    def ends(self) -> datetime | None:
        """When the contract certificate ends."""
        return None if self.contract is None else self.contract.certificate.not_valid_after_utc

    def sign(self, data: bytes) -> bytes:
        """Sign `data` with the contract's key. Raises `LookupError` where there is no contract."""
        if self.contract is None:
            raise LookupError("no contract to sign with: ask usable() first")
        return self.contract.key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))

    # Getting one

    def wants_install(self) -> bool:
        """Whether to ask a station that offers it: none there, not valid, about to end, or asked for by the driver."""
        if not self.allowed or self.provisioning is None:
            return False
        ends = self.ends()
        soon = ends is not None and ends - self.now <= self.RENEW_WITHIN
        return self.asked_for or soon or self.state() != "VALID"

    def request(self, session: bytes) -> InstallationRequest:
        """Ask for the contract; `session` is that of the communication with the station. Raises `LookupError`."""
        if self.provisioning is None:
            raise LookupError("no provisioning certificate to ask with: ask wants_install() first")
        asked = InstallationRequest(self.provisioning.chain, session)
        return InstallationRequest(asked.provisioning, session, self.provisioning.sign(asked.body()))

    def install(self, response: InstallationResponse, session: bytes) -> str:
        """Put a contract in the place of the old one; returns why not, empty where it is done."""
        wrong = self.refusal(response, session)
        if wrong:
            return wrong
        assert self.provisioning is not None  # else it was refused
        key = unwrap(response.wrapped, self.provisioning.key)
        assert key is not None
        self.keep(Contract(response.contract, key))
        return ""

    def refusal(self, response: InstallationResponse, session: bytes) -> str:
        """What is wrong with a response; empty where nothing is."""
        if self.provisioning is None:
            return "no provisioning certificate"
        if response.session != session:
            return "answer to another request"
        if wrong := distrust(response.service, pki(self.charger.world.seed).v2g[0].certificate, self.now):
            return f"provisioning service: {wrong}"
        if not verifies(response.service[0], response.signature, response.body()):
            return "signature wrong"
        if wrong := distrust(response.contract, self.trusted_operators(), self.now):
            return f"contract: {wrong}"
        if not is_emaid(response.emaid):
            return "eMAID wrong"
        if not belongs(unwrap(response.wrapped, self.provisioning.key), response.contract[0]):
            return "key is for another car"
        return "" if self.is_newer(response) else "older than the contract that is there"

    def is_newer(self, response: InstallationResponse) -> bool:
        """Whether a contract may take the place of the one that is there; one that is not valid gives way to any."""
        if self.contract is None or self.state() != "VALID":
            return True
        return response.contract[0].not_valid_before_utc >= self.contract.since

    def keep(self, contract: Contract) -> None:
        """Charge by this one from now on."""
        self.contract = contract
        self.asked_for = False
        self.installed = (self.installed + 1) % 16
        self.charger.clear_fault("CONTRACT_CERTIFICATE_INVALID")
        self.tell()

    def trusted_operators(self) -> x509.Certificate:
        """The root under which contracts are believed."""
        return pki(self.charger.world.seed).mo[0].certificate

    # What the driver and a workshop do to it

    def allow(self, on: bool) -> None:
        """Plug & Charge is switched on or off in settings; switching it on begins the activation anew."""
        if on != self.allowed:
            self.allowed = on
            self.asked_for = on and self.contract is not None
            self.tell()

    def add(self) -> None:
        """The driver wants the newest contract at the next station; without effect while it is switched off."""
        if self.allowed:
            self.asked_for = True
            self.tell()

    def delete(self) -> None:
        """Forget the contract, its key first of all."""
        self.contract = None
        self.tell()

    def delete_provisioning(self) -> None:
        """Forget the certificate that the car was made with."""
        self.provisioning = None
        self.tell()

    def restore_provisioning(self) -> None:
        """A workshop puts it back."""
        self.provisioning = self.from_factory()
        self.tell()
