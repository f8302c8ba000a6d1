"""The owner's app, as far as it asks Assistance for help (B-15, B-16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from emulation.bench import EmulatedBench
from emulation.offboard.assistance import AssistanceCentre, Case, Place
from emulation.offboard.records import Records

HelpKind = Literal[
    "flat_tyre", "no_fuel", "dead_battery", "breakdown", "lost_key", "accident", "illness", "threat", "theft", "other"
]


@dataclass(frozen=True)
class Request:
    """Help asked for in the app at `asked` (ns), and the case that came of it."""

    kind: HelpKind
    asked: int
    case: Case | None


class App:
    """The app on the owner's phone, which is with the car and knows where that is."""

    PHONE = 1
    """The owner's (emulation.offboard.phones)."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._bench = bench
        self._records: Records = bench.parts["records"]
        self._assistance: AssistanceCentre = bench.parts["assistance"]
        self.requests: list[Request] = []

    def request(self, kind: HelpKind, position: Place | None = None) -> Request:
        """Ask for help at `position`, or else where the phone finds itself."""
        self._records.add("app", "request", kind=kind)
        request = Request(kind, self._bench.world.now, self.open_case(kind, position or self.position()))
        self.requests.append(request)
        return request

    def position(self) -> Place | None:
        """Where the phone finds itself, None without satellites."""
        sky = self._bench.parts.get("sky")
        return Place(sky.latitude, sky.longitude, trusted=True) if sky is not None and sky.fix else None

    def open_case(self, kind: HelpKind, position: Place | None) -> Case | None:
        """Hand the request to Assistance; returns its case."""
        return self._assistance.ask_for_help(kind, position, self.vin())

    def vin(self) -> str | None:
        """The car that the app is linked to; None where there is none."""
        car, links = self._bench.parts.get("telematics"), self._bench.parts["links"]
        return None if car is None or links.of_phone(self.PHONE) is None else str(car.vin)
