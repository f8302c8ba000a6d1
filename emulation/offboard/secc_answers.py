"""What a station answers to each request of ISO 15118-2: certificates, payment, current (C-06, C-08, C-12)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from emulation.epoch import EPOCH, date
from emulation.offboard.pki import STATION_LASTS, Credential, common_name, pki
from emulation.offboard.pki_chain import EXPIRED, distrust, verifies
from emulation.offboard.pki_messages import Chain
from emulation.world import Condition, Process
from harness.units import S

if TYPE_CHECKING:
    from emulation.offboard.secc import Secc
    from emulation.offboard.station import Session

Answer = dict[str, Any]
FINISHED, ONGOING, WAITING = "Finished", "Ongoing", "Ongoing_WaitingForCustomerInteraction"
"""EVSEProcessing of an answer."""
DAY = timedelta(days=1)


class SeccAnswers:
    """What is said in one communication after the other."""

    CABLE_CHECK, PRE_CHARGE = 3 * S, 1 * S
    """What isolation check and voltage adjustment take (own choice)."""
    VALIDITY: ClassVar = {"ok": (-20 * DAY, STATION_LASTS - 20 * DAY), "expired": (-STATION_LASTS - DAY, -DAY)}
    """Of the station's certificate, from `EPOCH`."""

    def __init__(self, secc: Secc) -> None:
        self.secc = secc
        self.station = secc.station
        self.world = secc.world
        self.random = secc.world.random("secc answers")
        self._handlers: dict[str, Callable[[Answer], Answer | Process]] = {
            "SupplyEquipmentDiscovery": self.discovery,
            "TLS": self.tls,
            "SupportedAppProtocol": self.app_protocol,
            "SessionSetup": self.session_setup,
            "ServiceDiscovery": self.service_discovery,
            "ServiceDetail": self.service_detail,
            "PaymentServiceSelection": self.payment_selection,
            "CertificateInstallation": self.certificate_installation,
            "PaymentDetails": self.payment_details,
            "Authorization": self.authorization,
            "ChargeParameterDiscovery": self.charge_parameters,
            "CableCheck": self.cable_check,
            "PreCharge": self.pre_charge,
            "PowerDelivery": self.power_delivery,
            "ChargingStatus": self.charging,
            "CurrentDemand": self.charging,
            "SessionStop": self.session_stop,
        }
        self.forget()

    @property
    def session(self) -> Session:
        """Of the car that asks."""
        assert self.secc.session is not None  # a car asks
        return self.secc.session

    def forget(self) -> None:
        """Before the first request of a communication."""
        self.payment = ""
        self.chain: Chain = ()
        self.challenge = b""
        self.cleared: Condition | None = None
        """The operator's answer on the contract; its value says why not, empty where it is good."""
        self.since: dict[str, int] = {}

    def to(self, name: str, said: Answer) -> Answer | Process:
        """The answer to a request, or what comes to it."""
        return self._handlers[name](said)

    # Set-up

    def discovery(self, said: Answer) -> Answer:
        """SDP: the station is there, with TLS if the car wants it."""
        return {"code": "OK", "tls": said["tls"]}

    def tls(self, _said: Answer) -> Answer:
        """The station's certificate; the car decides whether it believes it."""
        return {"code": "OK", "chain": self.credential().chain}

    def credential(self) -> Credential:
        """The certificate as the settings want it."""
        kind = self.station.settings.certificate
        since, until = self.VALIDITY["expired" if kind == "expired" else "ok"]
        keys = pki(self.world.seed)
        return keys.station(self.station.EVSE, EPOCH + since, EPOCH + until, foreign=kind == "foreign_root")

    def app_protocol(self, _said: Answer) -> Answer:
        """Both speak ISO 15118-2."""
        return {"code": "OK_SuccessfulNegotiation"}

    def session_setup(self, _said: Answer) -> Answer:
        """An identity for this communication."""
        identity = self.random.getrandbits(64).to_bytes(8, "big")
        return {"code": "OK_NewSessionEstablished", "session": identity, "evse": self.station.EVSE}

    def service_discovery(self, _said: Answer) -> Answer:
        """What can be paid by, and whether contracts can be installed here."""
        settings = self.station.settings
        payments = ["Contract", "ExternalPayment"] if settings.contract_payment else ["ExternalPayment"]
        return {"code": "OK", "payments": payments, "installation": settings.install_service}

    def service_detail(self, _said: Answer) -> Answer:
        """The certificate service: installation."""
        return {"code": "OK", "parameters": ["Installation"]}

    def payment_selection(self, said: Answer) -> Answer:
        """How the car wants to pay."""
        if said["payment"] == "Contract" and not self.station.settings.contract_payment:
            return {"code": "FAILED_PaymentSelectionInvalid"}
        self.payment = said["payment"]
        return {"code": "OK"}

    # Contract

    def certificate_installation(self, said: Answer) -> Process:
        """The provider's answer, passed through."""
        told = yield from self.station.operator.install(said["request"])
        if isinstance(told, str):
            self.station.note("no_installation", reason=told)
            return {"code": "FAILED_NoCertificateAvailable"}
        return {"code": "OK", "response": told}

    def payment_details(self, said: Answer) -> Answer:
        """The contract's chain, which must be believed; a challenge for its key."""
        self.chain = said["chain"]
        if wrong := distrust(self.chain, pki(self.world.seed).mo[0].certificate, date(self.world.now)):
            return {"code": "FAILED_CertificateExpired" if wrong == EXPIRED else "FAILED_CertChainError"}
        self.challenge = self.random.getrandbits(128).to_bytes(16, "big")
        return {"code": "OK", "challenge": self.challenge}

    def authorization(self, said: Answer) -> Answer:
        """Whether the car may charge; asked again and again until that is known."""
        return self.by_contract(said) if self.payment == "Contract" else self.by_customer()

    def by_contract(self, said: Answer) -> Answer:
        """The key fits the contract, and the operator says that the contract is good."""
        if not self.chain:
            return {"code": "FAILED_SequenceError"}
        if self.cleared is None:
            if not verifies(self.chain[0], said["signature"], self.challenge):
                return {"code": "FAILED_SignatureError"}
            self.cleared = self.world.condition("contract cleared")
            self.world.spawn(self._clear(self.chain, self.cleared), "operator asks the provider")
        if not self.cleared.happened:
            return {"code": "OK", "processing": ONGOING}
        if self.cleared.value:
            return {"code": self.cleared.value}
        return {"code": "OK", "processing": FINISHED}

    def _clear(self, chain: Chain, cleared: Condition) -> Process:
        refused: str = yield from self.station.operator.clear(chain)
        if cleared is self.cleared and not refused:  # the communication goes on
            self.station.authorise("contract", common_name(chain[0]))
        cleared.happen(refused)

    def by_customer(self) -> Answer:
        """The driver identifies himself at the station, and takes what time he wants."""
        session = self.session
        assert session is not None  # a car asks
        if session.means is None:
            return {"code": "OK", "processing": WAITING}
        if session.authorised is None:
            self.station.authorise("external")
        return {"code": "OK", "processing": FINISHED}

    # Charging

    def charge_parameters(self, _said: Answer) -> Answer:
        """What the station can give, to a car that may have it."""
        if self.session.authorised is None:
            return {"code": "FAILED_SequenceError"}
        return {"code": "OK", "processing": FINISHED, "kilowatts": self.station.power, "dc": self.station.is_dc}

    def cable_check(self, _said: Answer) -> Answer:
        """Direct current only: the isolation is tested."""
        return self._takes("CableCheck", self.CABLE_CHECK)

    def pre_charge(self, _said: Answer) -> Answer:
        """Direct current only: the station's voltage becomes the battery's."""
        return self._takes("PreCharge", self.PRE_CHARGE)

    def _takes(self, step: str, duration: int) -> Answer:
        done = self.world.now - self.since.setdefault(step, self.world.now) >= duration
        return {"code": "OK", "processing": FINISHED if done else ONGOING}

    def power_delivery(self, said: Answer) -> Answer:
        """Current from now on, or no longer."""
        self.station.energised = said["progress"] == "Start"
        self.station.deliver()
        if said["progress"] == "Start" and not self.station.contactor:
            return {"code": "FAILED_PowerDeliveryNotApplied"}
        return {"code": "OK"}

    def charging(self, _said: Answer) -> Answer:
        """The meter, and whether the station wants an end."""
        stop = "StopCharging" if self.session.stopped is not None else "None"
        return {"code": "OK", "meter_wh": self.station.read_meter(), "notification": stop}

    def session_stop(self, _said: Answer) -> Answer:
        """The car has done."""
        self.secc.close()
        return {"code": "OK"}
