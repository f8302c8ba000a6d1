"""Assistance that passes on or alerts what it should not, or too late (B-06, B-07)."""

from __future__ import annotations

from emulation.faults import seeded
from emulation.offboard.assistance import AssistanceCentre, Case, Service
from emulation.world import Process
from harness.units import S


@seeded(breaks="B-06", story="whatever the operator decides, the police has the case as well")
class PoliceAlways(AssistanceCentre):
    """Tells one too many."""

    def pass_on(self, case: Case, service: Service) -> None:
        """And the police."""
        super().pass_on(case, service)
        if service != "police":
            super().pass_on(case, "police")


@seeded(breaks="B-06", story="the service has the case, and not the place")
class PlacelessHandOver(AssistanceCentre):
    """Passes on who, and not where."""

    def pass_on(self, case: Case, service: Service) -> None:
        """Without position."""
        position, case.position = case.position, None
        super().pass_on(case, service)
        case.position = position


@seeded(breaks="B-06", story="a case goes to the first service that the operator chose, and to no other")
class OneServiceOnly(AssistanceCentre):
    """Takes one decision a case."""

    def pass_on(self, case: Case, service: Service) -> None:
        """Only the first."""
        if not case.services:
            super().pass_on(case, service)


@seeded(breaks="B-07", story="the emergency services are alerted although somebody spoke in the car")
class DeafAssistance(AssistanceCentre):
    """Alerts whoever is heard."""

    def _await_voice(self, case: Case) -> Process:
        yield 30 * S
        self.alert(case)


@seeded(breaks="B-07", story="the alert goes out two minutes after the answer")
class SlowAssistance(AssistanceCentre):
    """Hopes for a word."""

    def _await_voice(self, case: Case) -> Process:
        yield 90 * S
        yield from super()._await_voice(case)


@seeded(breaks="B-07", story="where the line broke, nobody is alerted")
class LostCallsForgotten(AssistanceCentre):
    """Closes its books with the call."""

    def alert(self, case: Case) -> None:
        """Only while the call lasts."""
        if case.calls and case.calls[-1].connected:
            super().alert(case)
