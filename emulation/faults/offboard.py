"""Assistance centres and apps that break one clause each (B-05 to B-07, B-11, B-14 to B-16)."""

from __future__ import annotations

from emulation.faults import seeded
from emulation.offboard.app import App, HelpKind
from emulation.offboard.assistance import AssistanceCentre, Case, Place, Service
from emulation.offboard.calls import Call


@seeded(breaks="B-05", story="Assistance takes the call and never says a word")
class SilentAssistance(AssistanceCentre):
    """Connects, and leaves it at that."""

    def speak(self, call: Call) -> None:
        """Say nothing."""


@seeded(breaks="B-06", story="the operator's decision is noted and reaches no service")
class ForgetfulAssistance(AssistanceCentre):
    """Keeps every case to itself."""

    def pass_on(self, case: Case, service: Service) -> None:
        """Tell nobody."""


@seeded(breaks="B-06", story="whatever the operator decides, a tow truck is sent")
class TowingAssistance(AssistanceCentre):
    """Knows one service only."""

    def pass_on(self, case: Case, service: Service) -> None:
        """Send the tow truck."""
        super().pass_on(case, "tow")


@seeded(breaks="B-07", story="nobody answers in the car, and Assistance lets it rest")
class CarelessAssistance(AssistanceCentre):
    """Takes silence for good news."""

    def alert(self, case: Case) -> None:
        """Alert nobody."""


@seeded(breaks="B-07", story="the alert reaches the emergency centre without a position")
class VagueAssistance(AssistanceCentre):
    """Alerts, and cannot say where."""

    def alert(self, case: Case) -> None:
        """Forget the position first."""
        case.position = None
        super().alert(case)


@seeded(breaks="B-11", story="a case that began with the SOS button is never handed over")
class CrashOnlyAssistance(AssistanceCentre):
    """Passes on what a crash reported, and nothing that a person did."""

    def pass_on(self, case: Case, service: Service) -> None:
        """Drop manual cases."""
        if case.origin != "sos":
            super().pass_on(case, service)


@seeded(breaks="B-11", story="after an SOS call in silence nobody is alerted, as after a crash")
class SosIsNoCrash(AssistanceCentre):
    """Alerts for a crash only."""

    def alert(self, case: Case) -> None:
        """Alert for what is no SOS."""
        if case.origin != "sos":
            super().alert(case)


@seeded(breaks="B-14", story="ON CALL connects, and the operator falls silent on reading what it is")
class OnCallUnvoiced(AssistanceCentre):
    """Talks to emergencies only."""

    def informed(self, call: Call) -> None:
        """Fall silent on ON CALL."""
        super().informed(call)
        if call.trigger == "on_call":
            call.speak(False)


@seeded(breaks="B-15", story="help asked for in the app arrives without the car's position")
class UnlocatedApp(App):
    """Asks for help and does not say where."""

    def open_case(self, kind: HelpKind, position: Place | None) -> Case | None:
        """Lose the position."""
        return super().open_case(kind, None)


@seeded(breaks="B-15", story="help asked for in the app opens no case at Assistance")
class UnheardApp(App):
    """Takes the request and keeps it."""

    def open_case(self, kind: HelpKind, position: Place | None) -> Case | None:
        """Tell nobody."""
        return None


@seeded(breaks="B-15", story="every request in the app tells the place of the first one")
class StaleApp(App):
    """Looks once where it is."""

    first: Place | None = None

    def open_case(self, kind: HelpKind, position: Place | None) -> Case | None:
        """Where it was the first time."""
        self.first = self.first or position
        return super().open_case(kind, self.first)


@seeded(breaks="B-15", story="without satellites the app tells a place off the coast of Africa")
class GuessingApp(App):
    """Takes no position for 0 degrees north, 0 degrees east."""

    def position(self) -> Place | None:
        """Somewhere, always."""
        return super().position() or Place(0.0, 0.0, trusted=True)


@seeded(breaks="B-15", story="every request in the app arrives as a flat tyre")
class TyreApp(App):
    """Knows one kind of help."""

    def open_case(self, kind: HelpKind, position: Place | None) -> Case | None:
        """Whatever was asked for."""
        return super().open_case("flat_tyre", position)


@seeded(breaks="B-15", story="a second request in the app is lost in the case of the first")
class OneCaseApp(App):
    """Asks once."""

    def open_case(self, kind: HelpKind, position: Place | None) -> Case | None:
        """Show the first case again."""
        return self.requests[0].case if self.requests else super().open_case(kind, position)


@seeded(breaks="B-15", story="Assistance is not told which car the help is for")
class AnonymousApp(App):
    """Forgets what it is linked to."""

    def vin(self) -> str | None:
        """None."""
        return None


@seeded(breaks="B-15", story="a request in the app is taken for an SOS call, and silence alerts the emergency services")
class AlarmedAssistance(AssistanceCentre):
    """Sees emergencies everywhere."""

    def ask_for_help(self, kind: str, position: Place | None, vin: str | None) -> Case:
        """File it as SOS."""
        case = super().ask_for_help(kind, position, vin)
        case.origin = "sos"
        return case


@seeded(breaks="B-16", story="an SOS call that was no emergency is closed without a word on misuse")
class LenientAssistance(AssistanceCentre):
    """Keeps no account of misuse."""

    def record_misuse(self, case: Case) -> None:
        """Let it pass."""


@seeded(breaks="B-16", story="an ON CALL case that was no emergency is charged as misuse too")
class StrictAssistance(AssistanceCentre):
    """Takes every call that was no emergency for misuse."""

    def close(self, case: Case, emergency: bool) -> None:
        """Charge ON CALL as well."""
        super().close(case, emergency)
        if case.origin == "on_call" and not emergency:
            self.record_misuse(case)


@seeded(breaks="B-16", story="Assistance hangs up on ON CALL, because it is no emergency")
class SosOnlyAssistance(AssistanceCentre):
    """Helps in emergencies only."""

    def informed(self, call: Call) -> None:
        """Refuse ON CALL."""
        super().informed(call)
        if call.trigger == "on_call":
            call.hang_up(by="remote")


@seeded(breaks="B-16", story="every SOS call is charged as misuse, a real emergency too")
class SuspiciousAssistance(AssistanceCentre):
    """Believes nobody."""

    def close(self, case: Case, emergency: bool) -> None:
        """Charge emergencies as well."""
        super().close(case, emergency)
        if case.origin == "sos" and emergency:
            self.record_misuse(case)


@seeded(breaks="B-16", story="a crash call that needed no help is charged as misuse")
class HeartlessAssistance(AssistanceCentre):
    """Takes every automatic call for somebody's doing."""

    def close(self, case: Case, emergency: bool) -> None:
        """Charge crashes as well."""
        super().close(case, emergency)
        if case.origin == "crash" and not emergency:
            self.record_misuse(case)


@seeded(breaks="B-16", story="help asked for in the app is charged as misuse of SOS")
class GreedyAssistance(AssistanceCentre):
    """Charges the app."""

    def close(self, case: Case, emergency: bool) -> None:
        """Charge what came by the app."""
        super().close(case, emergency)
        if case.origin == "app" and not emergency:
            self.record_misuse(case)


@seeded(breaks="B-16", story="roadside help is sent after an SOS call or a crash only")
class RoadlessAssistance(AssistanceCentre):
    """Sends no tow truck for what is no emergency."""

    def pass_on(self, case: Case, service: Service) -> None:
        """Keep ON CALL and the app waiting."""
        if case.origin not in {"on_call", "app"}:
            super().pass_on(case, service)
