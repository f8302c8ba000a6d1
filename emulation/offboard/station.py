"""A public charging station: oscillator, contactor, meter, and who is at its plug (C-06, C-08, C-09, C-12).

It closes its contactor for a car in state C whose charging is authorised, by contract over the cable (`secc`) or by
identification at the station, and opens it as soon as one of them is gone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from emulation.bench import EmulatedBench
from emulation.control_pilot import AMPERES_A_PERCENT, DIGITAL, ControlPilot
from emulation.lines import Drive
from emulation.offboard.charge_operator import ChargeOperator
from emulation.offboard.records import Records
from emulation.offboard.secc import Secc
from emulation.world import Process
from harness.units import MS, H

Certificate = Literal["ok", "expired", "foreign_root"]
Means = Literal["contract", "card", "app"]
Supply = Literal["AC", "DC"]

AC_AMPERES = 16.0
AC_KILOWATTS = 11.0
"""Three phases of 230 V with 16 A, what most public posts give (own choice)."""
AC_VOLTS, AC_HERTZ = 230.0, 50.0
DC_VOLTS = 380.0
DC_KILOWATTS = 50.0
"""A small fast charger (own choice)."""


@dataclass
class Session:
    """One car's visit, from plug to plug. Instants in ns, None where it did not happen."""

    id: int
    plugged: int
    unplugged: int | None = None
    communication: Literal["basic", "digital"] = "basic"
    payment: Literal["contract", "external"] | None = None
    means: Means | None = None
    emaid: str | None = None
    authorised: int | None = None
    stopped: int | None = None
    """When the driver asked the station to end it."""
    delivered_from: int | None = None
    delivered_until: int | None = None
    energy_wh: float = 0.0
    messages: list[dict[str, Any]] = field(default_factory=list)
    """`time`, `name`, `code`, `processing`, `repeats`: a request and what was answered, one row while both repeat."""
    pilot: list[dict[str, Any]] = field(default_factory=list)
    """`time`, `state`, `duty` as the station sees them."""


@dataclass
class Settings:
    """How the station is; what the off-board API changes."""

    digital: bool = True
    certificate: Certificate = "ok"
    contract_payment: bool = True
    install_service: bool = True
    supply: Supply = "AC"
    silent_at: str | None = None
    """The request of ISO 15118-2 that it never answers."""


class ChargingStation:
    """One plug of one post."""

    EVSE: ClassVar = "SE*CHL*E0001*1"
    """Its identity (ISO 15118-2, annex H); made up."""
    SETTLE = 200 * MS
    """A plug that bounces is not yet plugged in (own choice)."""

    def __init__(self, bench: EmulatedBench) -> None:
        self.bench = bench
        self.world = bench.world
        self.records: Records = bench.parts["records"]
        self.operator: ChargeOperator = bench.parts["charge_operator"]
        self.settings = Settings()
        self.sessions: list[Session] = []
        self.pilot = ControlPilot.of(bench)
        self._mains = bench.line("charge_mains")
        """Voltage at the car's inlet, behind the contactor."""
        self.session: Session | None = None
        """Of the car that is plugged in now."""
        self.contactor = False
        self.energised = False
        """The car has asked for current over the cable (PowerDelivery), or nobody asks for that in basic charging."""
        self._metered = 0
        self.secc: Secc = bench.variant(Secc)(self)
        bench.world.spawn(self._watch(), "charging station")

    def note(self, kind: str, **data: Any) -> None:
        """File an event of the station."""
        self.records.add("station", kind, **data)

    def as_usual(self) -> None:
        """As it was when it was built: what earlier tests set is forgotten, and so are their visits."""
        self.settings = Settings()
        self.sessions = [] if self.session is None else [self.session]

    # The plug

    def _watch(self) -> Process:
        while True:
            while not self.pilot.plugged():
                yield self.pilot.changed()
            yield self.SETTLE
            if not self.pilot.plugged():
                continue
            self._plugged()
            while self.pilot.plugged():
                self._look()
                yield self.pilot.changed()
            self._look()
            self._unplugged()

    def _plugged(self) -> None:
        settings = self.settings
        session = self.session = Session(self.records.new_identity(), self.world.now)
        session.communication = "digital" if settings.digital else "basic"
        self.sessions.append(session)
        self.note("plugged", session=session.id)
        self.secc.begin(session)
        self.energised = not settings.digital
        self.pilot.modulate(DIGITAL if settings.digital else None)

    def _unplugged(self) -> None:
        session, self.session = self.session, None
        assert session is not None  # it was plugged in
        session.unplugged = self.world.now
        self.secc.end()
        self.pilot.modulate(None)
        self.note("unplugged", session=session.id, energy_wh=round(session.energy_wh, 1))
        if session.authorised is not None:
            self.operator.bill(session)

    def _look(self) -> None:
        """What the pilot says now."""
        session, state, duty = self.session, self.pilot.state, self.pilot.duty
        assert session is not None
        seen = session.pilot[-1] if session.pilot else {}
        if (seen.get("state"), seen.get("duty")) != (state, duty):
            session.pilot.append({"time": self.world.now, "state": state, "duty": duty})
            self.note("pilot", session=session.id, state=state, duty=duty)
        self.deliver()

    # Who pays

    def identify(self, means: Literal["card", "app"]) -> None:
        """The driver identifies himself at the station. Raises `LookupError` where no car is plugged in."""
        session = self.session
        if session is None:
            raise LookupError("no car is plugged in")
        session.means = session.means or means
        self.note("identified", session=session.id, means=means)
        if session.communication == "basic":
            self.authorise("external")

    def authorise(self, payment: Literal["contract", "external"], emaid: str | None = None) -> None:
        """Charging is paid for: current may flow once the car asks for it."""
        session = self.session
        assert session is not None
        session.payment, session.emaid = payment, emaid
        session.means = "contract" if payment == "contract" else session.means
        session.authorised = self.world.now
        self.note("authorised", session=session.id, payment=payment, means=session.means)
        if session.communication == "basic":
            self.pilot.modulate(AC_AMPERES / AMPERES_A_PERCENT / 100)
        self.deliver()

    def stop(self) -> None:
        """The driver ends charging at the station. Raises `LookupError` where nothing charges."""
        if not self.contactor:
            raise LookupError("no car is charging")
        self.note("stop_asked")
        assert self.session is not None  # it charges
        self.session.stopped = self.world.now
        if self.session.communication == "basic":
            self.energised = False
            self.pilot.modulate(None)
            self.deliver()

    # Current

    def may_deliver(self) -> bool:
        """Whether current may flow now."""
        session = self.session
        return session is not None and session.authorised is not None and self.energised and self.pilot.state == "C"

    @property
    def is_dc(self) -> bool:
        """Direct current needs digital communication."""
        return self.settings.supply == "DC" and self.settings.digital

    @property
    def power(self) -> float:
        """What it can give, in kW."""
        return DC_KILOWATTS if self.is_dc else AC_KILOWATTS

    @property
    def kilowatts(self) -> float:
        """What flows now."""
        return self.power if self.contactor else 0.0

    def deliver(self) -> None:
        """Close or open the contactor as things are now, and read the meter."""
        self.read_meter()
        wanted, session = self.may_deliver(), self.session
        if wanted == self.contactor or session is None:
            return
        self.contactor = wanted
        if wanted and session.delivered_from is None:
            session.delivered_from = self.world.now
        session.delivered_until = None if wanted else self.world.now
        self._mains.put("station", self._supply() if wanted else None)
        self.note("contactor", session=session.id, closed=wanted)

    def _supply(self) -> Drive:
        if self.is_dc:
            return Drive(DC_VOLTS)
        return Drive(0.0, AC_VOLTS, AC_HERTZ)

    def read_meter(self) -> float:
        """Energy of this visit in Wh."""
        session, now = self.session, self.world.now
        if session is None:
            return 0.0
        session.energy_wh += self.kilowatts * 1_000 * (now - self._metered) / H
        self._metered = now
        return session.energy_wh
