"""The car's end of ISO 15118-2: one request after the other, each within its time (C-06, C-08, C-09).

Ref: ISO 15118-2, 8.8 (message sequence) and table 109 (timers). What a request and its answer hold stands in
`emulation.offboard.secc_answers`, the station's end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from emulation.epoch import date
from emulation.offboard.pki import pki
from emulation.offboard.pki_chain import EXPIRED, distrust
from emulation.world import Condition, Process
from harness.units import MS, S

if TYPE_CHECKING:
    from emulation.ecus.charger.charger import Charger

Answer = dict[str, Any]


class Unplugged(Exception):
    """The cable was taken out."""


class Refusal(Exception):
    """It cannot go on this way, for a reason that `OBC_Charging.Reason` names."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Evcc:
    """Electric vehicle communication controller."""

    MESSAGE_TIMEOUT = 2 * S
    """From a request to its answer (table 109)."""
    SLOW: ClassVar[dict[str, int]] = {
        "ServiceDetail": 5 * S,
        "CertificateInstallation": 5 * S,
        "PaymentDetails": 5 * S,
        "PowerDelivery": 5 * S,
    }
    """Requests whose answer may take longer (table 109)."""
    SETUP_TIMEOUT = 20 * S
    """From the plug to the answer of SessionSetup (table 109)."""
    DISCOVERY_TRIES, DISCOVERY_TIMEOUT = 50, 250 * MS
    """How often and how long a station is looked for (ISO 15118-2, 7.10.1)."""
    ONGOING: ClassVar[dict[str, int]] = {"Authorization": 60 * S, "CableCheck": 40 * S, "PreCharge": 7 * S}
    """How long a station may say that it is still busy (table 109); for as long as a customer needs, where it waits."""
    REPEAT = 500 * MS
    """Between two requests while the station is busy (own choice)."""

    STEPS: ClassVar[dict[str, str]] = {
        "SupplyEquipmentDiscovery": "DISCOVERY",
        "TLS": "TLS",
        "SupportedAppProtocol": "APP_PROTOCOL",
        "SessionSetup": "SESSION_SETUP",
        "ServiceDiscovery": "SERVICE_DISCOVERY",
        "ServiceDetail": "SERVICE_DETAIL",
        "PaymentServiceSelection": "PAYMENT_SELECTION",
        "CertificateInstallation": "CERTIFICATE_INSTALLATION",
        "PaymentDetails": "PAYMENT_DETAILS",
        "Authorization": "AUTHORIZATION",
        "ChargeParameterDiscovery": "CHARGE_PARAMETERS",
        "CableCheck": "CABLE_CHECK",
        "PreCharge": "PRE_CHARGE",
        "PowerDelivery": "POWER_DELIVERY",
        "ChargingStatus": "CHARGING_LOOP",
        "CurrentDemand": "CHARGING_LOOP",
        "SessionStop": "SESSION_STOP",
    }
    """`OBC_Charging.Step` by request."""
    REASONS: ClassVar[dict[str, str]] = {
        "FAILED_CertificateExpired": "CONTRACT_EXPIRED",
        "FAILED_CertChainError": "CONTRACT_REFUSED",
        "FAILED_CertificateRevoked": "CONTRACT_REFUSED",
        "FAILED_ContractCanceled": "CONTRACT_REFUSED",
        "FAILED_CertificateNotAllowedAtThisEVSE": "CONTRACT_REFUSED",
        "FAILED_SignatureError": "SIGNATURE_WRONG",
        "FAILED_NoCertificateAvailable": "INSTALLATION_REFUSED",
        "FAILED_PaymentSelectionInvalid": "NOT_OFFERED",
    }
    """`OBC_Charging.Reason` by response code; any other failure is one of the sequence."""

    def __init__(self, charger: Charger) -> None:
        self.charger = charger
        self.world = charger.world
        self.session = b""
        """Identity of the communication."""

    # Waiting

    def wait(self, *conditions: Condition) -> Process:
        """Wait for any of `conditions`. Raises `Unplugged` where the cable is taken out first."""
        out = self.charger.cable.released()
        either = out
        for condition in conditions:
            either = condition | either
        yield either
        if out.happened:
            raise Unplugged

    def pause(self, duration: int) -> Process:
        """Let time pass. Raises `Unplugged`."""
        yield from self.wait(self.world.after(duration))

    def ask(self, name: str, timeout: int | None = None, **said: Any) -> Process:
        """Ask, and return the answer. Raises `Refusal` where none comes in time, or it says no; `Unplugged`."""
        self.charger.tell(Step=self.STEPS[name])
        answered = self.charger.station.secc.ask(name, **said)
        limit = self.SLOW.get(name, self.MESSAGE_TIMEOUT) if timeout is None else timeout
        yield from self.wait(answered, self.world.after(limit))
        if not answered.happened:
            raise Refusal("NO_ANSWER")
        answer: Answer = answered.value
        if not answer["code"].startswith("OK"):
            raise Refusal(self.REASONS.get(answer["code"], "SEQUENCE_ERROR"))
        return answer

    def ask_until_finished(self, name: str, **said: Any) -> Process:
        """Ask again and again while the station is busy. Raises `Refusal` where it is so for too long; `Unplugged`."""
        began = self.world.now
        while True:
            answer: Answer = yield from self.ask(name, **said)
            processing = answer["processing"]
            if processing == "Finished":
                return answer
            busy = processing == "Ongoing"
            if busy and self.world.now + self.REPEAT - began > self.ONGOING[name]:
                yield from self.pause(max(1, began + self.ONGOING[name] - self.world.now))
                raise Refusal("AUTHORISATION_TIMEOUT" if name == "Authorization" else "NO_ANSWER")
            yield from self.pause(self.REPEAT)

    # Set-up

    def connect(self, tls: bool) -> Process:
        """From the first packet to an open session. Raises `Refusal`, `Unplugged`."""
        began = self.world.now
        yield from self.discover(tls)
        if tls:
            answer: Answer = yield from self.ask("TLS")
            self.believe(answer["chain"])
        yield from self.ask("SupportedAppProtocol")
        left = began + self.SETUP_TIMEOUT - self.world.now
        opened: Answer = yield from self.ask("SessionSetup", timeout=max(1, min(left, self.MESSAGE_TIMEOUT)))
        self.session = opened["session"]

    def hang_up(self) -> None:
        """Close the connection: what the station may still answer to it counts no more."""
        self.charger.station.secc.close()

    def discover(self, tls: bool) -> Process:
        """SDP: ask until a station answers."""
        for _ in range(self.DISCOVERY_TRIES):
            try:
                return (yield from self.ask("SupplyEquipmentDiscovery", timeout=self.DISCOVERY_TIMEOUT, tls=tls))
            except Refusal:
                continue
        raise Refusal("NO_ANSWER")

    def believe(self, chain: tuple[Any, ...]) -> None:
        """The station is who it says it is. Raises `Refusal`."""
        root = pki(self.world.seed).v2g[0].certificate
        if wrong := distrust(chain, root, date(self.world.now)):
            raise Refusal("STATION_CERTIFICATE_EXPIRED" if wrong == EXPIRED else "STATION_NOT_TRUSTED")
