"""Mobility providers: contracts, their certificates, whether each is in order (C-02 ... C-04, C-10, C-16, C-17).

Two companies share this part: the partner of the car's maker, and another one. Which contract a car gets is decided
where all of them meet, as in the certificate pool behind real stations: the newest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Literal, get_args

from emulation.bench import EmulatedBench
from emulation.epoch import date
from emulation.offboard.connect import Connect
from emulation.offboard.contract import COMPANIES, Company, Contract
from emulation.offboard.countries import COUNTRIES
from emulation.offboard.network import RadioNetwork
from emulation.offboard.pki import CONTRACT_LASTS, DAY, Credential, Pki, pki
from emulation.offboard.pki_chain import distrust, verifies
from emulation.offboard.pki_identity import SYMBOLS, emaid, pcid_of
from emulation.offboard.pki_messages import Chain, InstallationRequest, InstallationResponse
from emulation.offboard.pki_status import Responder
from emulation.offboard.pki_wrap import WrappedKey, wrap
from emulation.offboard.records import Records
from emulation.world import Condition, Process
from harness.units import MS, US, H

Spoil = Literal["signature", "other_car", "expired", "foreign_root", "chain"]
SPOILS: tuple[Spoil, ...] = get_args(Spoil)
"""What can be wrong with an answer: signed wrong, wrapped for another car, a contract that is over or of an unknown
root, a sub-CA missing."""


@dataclass
class Behaviour:
    """How the providers answer."""

    offered: bool = True
    """Whether they have Plug & Charge on offer."""
    delay: int = 600 * MS
    """From a question to its answer, in ns; a fast backend (own choice). Stations wait for 60 s at most."""
    spoil: Spoil | None = None
    valid_for: int = CONTRACT_LASTS // timedelta(microseconds=1) * US
    """How long the certificates live of contracts that are opened from now on, in ns."""


class MobilityProvider:
    """Opens and ends contracts, makes their certificates, and vouches for them."""

    TOLD_WITHIN = 24 * H
    """So long a car is sought to be told whether Plug & Charge is on offer (own choice)."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._bench = bench
        self._world = bench.world
        self._records: Records = bench.parts["records"]
        self._network: RadioNetwork = bench.parts["network"]
        self._connect: Connect = bench.parts["connect"]
        self._random = bench.world.random("provider")
        self._numbers = count(1)
        self.behaviour = Behaviour()
        self.contracts: list[Contract] = []
        self.switched_on = False
        """Whether the car told that Plug & Charge is on in its settings."""
        self._responder: Responder | None = None
        self._connect.on("plug_and_charge", self.heard)
        self._change: Condition | None = None
        bench.world.spawn(self.tell_support(), "provider tells what is on offer")

    @property
    def pki(self) -> Pki:
        """The authorities of this world."""
        return pki(self._world.seed)

    @property
    def now(self) -> datetime:
        """The date."""
        return date(self._world.now)

    def as_usual(self) -> None:
        """No contracts, on offer, quick; what the car has chosen stays known."""
        self.contracts.clear()
        self.behaviour = Behaviour()
        self._responder = None
        self.changed()

    # What is on offer where

    def heard(self, data: dict[str, object]) -> None:
        """The car's setting was changed."""
        self.switched_on = bool(data["on"])

    def support(self) -> str:
        """Why there is no Plug & Charge where the car is; empty where there is."""
        land = COUNTRIES[self._network.country]
        if not land.plug_and_charge:
            return f"not available in {land.name}"
        return "" if self.behaviour.offered else "your provider does not offer it"

    def changed(self) -> None:
        """What is on offer may have changed."""
        if self._change is not None:
            change, self._change = self._change, None
            change.happen()

    def tell_support(self) -> Process:
        """Tell the car whenever it changes."""
        told = ""
        while True:
            if self.support() != told:
                told = self.support()
                self._connect.send("charging_support", self.TOLD_WITHIN, reason=told)
            self._change = self._change or self._world.condition("Plug & Charge is offered otherwise")
            yield self._change | self._network.changed()

    # Contracts

    def pcid(self) -> str | None:
        """The PCID that the maker's register has for the car; None where there is no car."""
        car = self._bench.parts.get("telematics")
        return None if car is None else pcid_of(self._world.seed, car.vin)

    def open(self, company: Company, pcid: str) -> Contract:
        """A new contract for the car of that PCID."""
        country, provider = COMPANIES[company]
        name = emaid(country, provider, "C" + "".join(self._random.choice(SYMBOLS) for _ in range(8)))
        lasts = timedelta(microseconds=self.behaviour.valid_for // US)
        contract = Contract(next(self._numbers), company, name, pcid, self._world.now, lasts)
        self.contracts.append(contract)
        self._note("contract_opened", contract)
        return contract

    def end(self, contract: Contract) -> None:
        """The contract is ended, here and nowhere else (C-17); its certificate is taken back."""
        if contract.ended is None:
            contract.ended = self._world.now
            self.responder.revoke(self.credential(contract).certificate, self.now)
            self._note("contract_ended", contract)

    def block(self, contract: Contract, blocked: bool) -> None:
        """Let nobody charge by it for now (a bill not paid), or again."""
        contract.blocked = blocked
        self._note("contract_blocked" if blocked else "contract_unblocked", contract)

    def find(self, name: str) -> Contract | None:
        """The contract of that eMAID."""
        return next((contract for contract in self.contracts if contract.emaid == name), None)

    def newest(self, pcid: str) -> Contract | None:
        """The contract that a car is to charge by."""
        mine = [contract for contract in self.contracts if contract.pcid == pcid and contract.ended is None]
        return mine[-1] if mine else None

    def credential(self, contract: Contract) -> Credential:
        """The contract's certificate, from the second in which it was opened."""
        since = date(contract.opened).replace(microsecond=0)
        return self.pki.contract(contract.emaid, contract.id, since, since + contract.lasts)

    @property
    def responder(self) -> Responder:
        """Who answers whether a contract certificate was taken back."""
        if self._responder is None:
            self._responder = Responder(self.pki.mo[2])
        return self._responder

    # What stations ask

    def certificate_installation(self, request: InstallationRequest) -> InstallationResponse | str:
        """The newest contract for the car that asks, or why there is none."""
        answer = self.answer(request)
        outcome = answer if isinstance(answer, str) else ""
        name = "" if isinstance(answer, str) else answer.emaid
        self._records.add("provider", "installation", pcid=request.pcid, emaid=name, refused=outcome)
        return answer

    def answer(self, request: InstallationRequest) -> InstallationResponse | str:
        """What is answered to it."""
        if wrong := distrust(request.provisioning, self.pki.oem[0].certificate, self.now):
            return f"provisioning certificate: {wrong}"
        if not verifies(request.provisioning[0], request.signature, request.body()):
            return "request signed wrong"
        contract = self.newest(request.pcid)
        if contract is None:
            return "no contract for this car"
        return self.response(request, contract)

    def response(self, request: InstallationRequest, contract: Contract) -> InstallationResponse:
        """Certificate and key, signed; spoilt where that is asked for."""
        spoil, service = self.behaviour.spoil, self.pki.provisioning_service
        credential = self.credential(contract)
        if spoil == "expired":
            credential = self.pki.contract(contract.emaid, contract.id, self.now - 400 * DAY, self.now - DAY)
        elif spoil == "foreign_root":
            since = self.now.replace(microsecond=0)
            credential = self.pki.contract(contract.emaid, contract.id, since, since + contract.lasts, foreign=True)
        chain: Chain = credential.chain[:1] + credential.chain[2:] if spoil == "chain" else credential.chain
        unsigned = InstallationResponse(chain, self.wrapped(request, credential), service.chain, request.session)
        signature = service.sign(b"another message" if spoil == "signature" else unsigned.body())
        return InstallationResponse(chain, unsigned.wrapped, service.chain, request.session, signature)

    def wrapped(self, request: InstallationRequest, credential: Credential) -> WrappedKey:
        """The contract's private key for the car that asks, or by mistake for another."""
        receiver = request.provisioning[0]
        if self.behaviour.spoil == "other_car":
            receiver = self.pki.provisioning("LPSANOTHERCAR0001").certificate
        ephemeral = self.pki.private_key(f"ephemeral {self._random.getrandbits(128)}")
        return wrap(credential.key, receiver, ephemeral, self._random.randbytes(16))

    def authorise(self, name: str, chain: Chain) -> str:
        """Why nobody may charge by contract `name` and its certificate chain; empty where it is in order."""
        reason = self.objection(name, chain)
        self._records.add("provider", "authorisation", emaid=name, accepted=not reason, reason=reason)
        return reason

    def objection(self, name: str, chain: Chain) -> str:
        """What speaks against it."""
        if wrong := distrust(chain, self.pki.mo[0].certificate, self.now):
            return wrong
        contract = self.find(name)
        if contract is None:
            return "contract unknown"
        return "" if contract.state == "in order" else f"contract {contract.state}"

    def status(self, chain: Chain) -> bytes:
        """A signed answer whether the contract certificate was taken back (OCSP)."""
        return self.responder.answer(chain[0], self.now)

    def _note(self, kind: str, contract: Contract) -> None:
        self._records.add(
            "provider", kind, contract=contract.id, company=contract.company, emaid=contract.emaid, pcid=contract.pcid
        )
