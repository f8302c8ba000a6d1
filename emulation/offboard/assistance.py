"""Assistance: a call is a case that an operator passes on, alerts for, closes (B-05 ... B-07, B-11, B-15 ... B-19)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from emulation.bench import EmulatedBench
from emulation.offboard.calls import Call
from emulation.offboard.centre import CallCentre, Target
from emulation.offboard.countries import Country
from emulation.offboard.emergency import EmergencyCentre
from emulation.offboard.roadside import Bill, Quote, RoadsideTerms
from emulation.world import Process
from harness.units import S

Service = Literal["police", "ambulance", "tow"]

VOICE_CONTACT_TIMEOUT = 30 * S
"""So long after the answer Assistance hears nobody and alerts the emergency services itself (own choice)."""


@dataclass(frozen=True)
class Place:
    """Where help is needed: degrees, and whether the source vouches for it."""

    latitude: float
    longitude: float
    trusted: bool


@dataclass
class Case:
    """One person's need for help, over all its calls. Instants in ns, None where it did not happen."""

    id: int
    opened: int
    origin: str | None = None
    """`sos`, `on_call`, `crash` or `app`; None until an MSD says so."""
    kind: str | None = None
    """What the app asked for."""
    calls: list[Call] = field(default_factory=list)
    position: Place | None = None
    vin: str | None = None
    alerted: int | None = None
    services: list[str] = field(default_factory=list)
    closed: int | None = None
    emergency: bool | None = None
    """What the operator found in the end."""
    misuse: bool = False
    quote: Quote | None = None
    """What the owner was asked to pay before help is sent, last."""
    bill: Bill | None = None
    """What help has cost the owner; None while none was sent."""

    @property
    def voice_contact(self) -> bool:
        """Whether anybody was heard in one of its calls."""
        return any(call.voice_contact for call in self.calls)

    def summary(self) -> dict[str, Any]:
        """What whoever takes over the case is told."""
        place = self.position
        return {
            "case": self.id,
            "calls": [call.id for call in self.calls],
            "origin": self.origin,
            "kind": self.kind,
            "vin": self.vin,
            "latitude": place and place.latitude,
            "longitude": place and place.longitude,
            "position_trusted": place is not None and place.trusted,
        }


class AssistanceCentre(CallCentre):
    """The call centre behind SOS, ON CALL, the crash call and the app."""

    name: ClassVar[Target] = "assistance"

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self._emergency: EmergencyCentre = bench.parts["emergency"]
        self.terms: RoadsideTerms = bench.parts["roadside"]
        self.cases: list[Case] = []

    def number_in(self, land: Country) -> str:
        """Assistance's number in that country."""
        return land.assistance_number

    def case(self, identity: int) -> Case | None:
        """The case of that identity, or the one that the call of that identity belongs to."""
        for case in self.cases:
            if identity == case.id or any(identity == call.id for call in case.calls):
                return case
        return None

    # How a case begins

    def opened(self, call: Call) -> None:
        """A call belongs to the case of the one that it follows, or that broke before it; else it opens one."""
        case = self._continued_by(call) or self._open(call.id)
        case.calls.append(call)

    def still_needed(self, call: Call) -> bool:
        """Until its case is closed."""
        case = self.case(call.id)
        return case is not None and case.closed is None

    def informed(self, call: Call) -> None:
        """The MSD says what pressed for help, in which car, and where."""
        case = self.case(call.id)
        assert case is not None  # opened at the answer
        case.origin = call.trigger
        if call.msd_fields is not None:
            case.vin = call.msd_fields["vin"]
            if call.msd_fields["latitude"] is not None:
                fields = call.msd_fields
                case.position = Place(fields["latitude"], fields["longitude"], fields["position_trusted"])

    def ask_for_help(self, kind: str, position: Place | None, vin: str | None) -> Case:
        """The app opens the same kind of case as ON CALL does (B-15)."""
        case = self._open(self._records.new_identity())
        case.origin, case.kind, case.position, case.vin = "app", kind, position, vin
        return case

    def _open(self, identity: int) -> Case:
        case = Case(identity, self._world.now)
        self.cases.append(case)
        self.note("case_opened", case=case.id)
        self._world.spawn(self._await_voice(case), f"voice contact in case {case.id}")
        return case

    def _continued_by(self, call: Call) -> Case | None:
        if call.follows is not None:
            return self.case(call.follows.id)
        for case in reversed(self.cases):
            last = case.calls[-1] if case.calls else None
            if case.closed is None and last and last.imsi == call.imsi and last.ended.value == "lost":
                return case
        return None

    # What becomes of it

    def _await_voice(self, case: Case) -> Process:
        yield self._world.after(VOICE_CONTACT_TIMEOUT)
        if not case.voice_contact and case.closed is None and case.origin not in {"on_call", "app"}:
            self.alert(case)

    def alert(self, case: Case) -> None:
        """Nobody was heard: the emergency services are told all the same (B-07)."""
        case.alerted = self._world.now
        self.note("alert", **case.summary())
        self._emergency.alerted(**case.summary())

    def hand_over(self, case: Case, service: Service) -> None:
        """The operator has decided which service fits (B-06); where help must be paid for, the owner is asked first."""
        self.note("hand_over", case=case.id, service=service)
        if self.terms.must_ask(case, service):
            self.terms.ask(case, service)
        else:
            self.pass_on(case, service)
            self.terms.charge_help(case)

    def answered_quote(self, case: Case, *, accepted: bool) -> None:
        """The owner has answered to the price: only who agrees is sent help (B-19)."""
        self.terms.answer(case, accepted=accepted)
        if accepted:
            self.pass_on(case, "tow")
            self.terms.charge_help(case)

    def pass_on(self, case: Case, service: Service) -> None:
        """The service takes the case over."""
        case.services.append(service)
        self._records.add(service, "case", **case.summary())

    def close(self, case: Case, emergency: bool) -> None:
        """The operator is done with the case, and says whether it was an emergency."""
        case.closed, case.emergency = self._world.now, emergency
        self.note("case_closed", case=case.id, emergency=emergency)
        if case.origin == "sos" and not emergency:
            self.record_misuse(case)

    def record_misuse(self, case: Case) -> None:
        """SOS was pressed without need; that may be charged (B-16)."""
        case.misuse = True
        self.note("misuse", case=case.id, may_cost=True)
