"""The station's end of ISO 15118-2: takes what the car asks, in the order of the standard, and logs it (C-06, C-08).

Messages are steps with the fields that decide, not EXI. What is answered stands in `secc_answers`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from emulation.offboard.secc_answers import Answer, SeccAnswers
from emulation.world import Condition, Process
from harness.units import MS, S

if TYPE_CHECKING:
    from emulation.offboard.station import ChargingStation, Session

AFTER: dict[str, tuple[str | None, ...]] = {
    "TLS": ("SupplyEquipmentDiscovery",),
    "SupportedAppProtocol": ("SupplyEquipmentDiscovery", "TLS"),
    "SessionSetup": ("SupportedAppProtocol",),
    "ServiceDiscovery": ("SessionSetup",),
    "ServiceDetail": ("ServiceDiscovery",),
    "PaymentServiceSelection": ("ServiceDiscovery", "ServiceDetail"),
    "CertificateInstallation": ("PaymentServiceSelection",),
    "PaymentDetails": ("PaymentServiceSelection", "CertificateInstallation"),
    "Authorization": ("PaymentDetails", "PaymentServiceSelection", "Authorization"),
    "ChargeParameterDiscovery": ("Authorization",),
    "CableCheck": ("ChargeParameterDiscovery", "CableCheck"),
    "PreCharge": ("CableCheck", "PreCharge"),
    "PowerDelivery": ("ChargeParameterDiscovery", "PreCharge", "ChargingStatus", "CurrentDemand"),
    "ChargingStatus": ("PowerDelivery", "ChargingStatus"),
    "CurrentDemand": ("PowerDelivery", "CurrentDemand"),
}
"""What may precede a request (ISO 15118-2, 8.8.4); discovery and SessionStop may come at any time."""
REQUESTS = ("SupplyEquipmentDiscovery", *AFTER, "SessionStop")
"""Every request there is."""


class Secc:
    """Supply equipment communication controller of one plug."""

    LATENCY = (5 * MS, 40 * MS)
    """Least and greatest time to answer what needs nobody else (own choice, far below the 1.5 s of the standard)."""
    SEQUENCE_TIMEOUT = 60 * S
    """Without a request for so long the communication is over (ISO 15118-2, table 109)."""

    def __init__(self, station: ChargingStation) -> None:
        self.station = station
        self.world = station.world
        self.random = station.world.random("secc")
        self.answers: SeccAnswers = station.bench.variant(SeccAnswers)(self)
        self.session: Session | None = None
        self.previous: str | None = None
        """The request before; None where no communication is open."""
        self._heard_at = 0

    def begin(self, session: Session) -> None:
        """A car is plugged in."""
        self.close()
        self.session = session

    def end(self) -> None:
        """The car is gone."""
        self.session = None
        self.close()

    def close(self) -> None:
        """The communication is over, and with it what flows because of it."""
        self.previous = None
        self.answers.forget()
        if self.session is None or self.session.communication == "digital":
            self.station.energised = False
            self.station.deliver()

    def ask(self, name: str, **said: Any) -> Condition:
        """The car asks; happens with the answer (a dict with `code` and, where there is one, `processing`) or never."""
        answered = self.world.condition(f"answer to {name}")
        self.world.spawn(self._serve(name, said, answered), f"station answers {name}")
        return answered

    def _serve(self, name: str, said: Answer, answered: Condition) -> Process:
        yield self.random.randint(*self.LATENCY)
        session, settings = self.session, self.station.settings
        if session is None or session.communication == "basic" or name == settings.silent_at:
            return
        asked_at = self._heard_at = self.world.now
        told = self._judge(name, said)
        answer: Answer = (yield from told) if isinstance(told, Generator) else told
        if session is not self.session:
            return
        self._log(session, asked_at, name, answer)
        if answer["code"].startswith("FAILED"):
            self.close()  # a refusal ends the communication (ISO 15118-2, 8.8.3)
        self.world.call_at(self.world.now + self.SEQUENCE_TIMEOUT, self._overdue, asked_at)
        answered.happen(answer)

    def _judge(self, name: str, said: Answer) -> Answer | Process:
        if name == "SupplyEquipmentDiscovery":
            self.close()  # a new communication
        elif name != "SessionStop" and self.previous not in AFTER[name]:
            return {"code": "FAILED_SequenceError"}
        self.previous = name
        return self.answers.to(name, said)

    def _overdue(self, asked_at: int) -> None:
        if asked_at == self._heard_at and self.previous is not None:
            self.station.note("sequence_timeout", after=self.previous)
            self.close()

    def _log(self, session: Session, asked_at: int, name: str, answer: Answer) -> None:
        row = {"name": name, "code": answer["code"], "processing": answer.get("processing")}
        if session.messages and row.items() <= session.messages[-1].items():
            session.messages[-1]["repeats"] += 1
            return
        session.messages.append({"time": asked_at, **row, "repeats": 0})
        self.station.note("message", session=session.id, **row)
