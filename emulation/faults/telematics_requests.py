"""Telematics units that mistake one request for another, or take them at the wrong time (B-09, B-10, B-13, B-14)."""

from __future__ import annotations

from emulation.ecus.base.vehicle import SignalValue
from emulation.ecus.telematics.call_control import CallControl
from emulation.ecus.telematics.call_voice import VoicePath
from emulation.ecus.telematics.conversation import Target, Trigger
from emulation.ecus.telematics.telematics import Telematics
from emulation.faults import seeded
from emulation.world import Process
from harness.units import S


@seeded(breaks="B-09", story="SOS dials only five seconds after it was asked to")
class SosThinksItOver(CallControl):
    """Waits whether somebody calls it off."""

    SECOND_THOUGHTS = 5 * S

    def find_network(self, target: Target) -> Process:
        """Late, for SOS."""
        if self.trigger is Trigger.SOS:
            yield self.SECOND_THOUGHTS
        return (yield from super().find_network(target))


@seeded(breaks="B-09", story="ON CALL takes the place of an SOS call")
class OnCallGoesFirst(CallControl):
    """Serves who came last."""

    def request(self, trigger: Trigger) -> None:
        """End what is on, whatever it is."""
        if trigger is Trigger.ON_CALL:
            self.stop()
        super().request(trigger)


@seeded(breaks="B-09", story="SOS does nothing while a call-back is awaited")
class SosWaitsForCallBack(CallControl):
    """Believes that help is on its way."""

    def request(self, trigger: Trigger) -> None:
        """Not for SOS after a call."""
        if trigger is not Trigger.SOS or self.running or not self.active:
            super().request(trigger)


@seeded(breaks="B-09", story="where both buttons are held, ON CALL goes first")
class OnCallBeforeSos(Telematics):
    """Reads the buttons in the wrong order."""

    def asked_by(self, signals: dict[str, SignalValue]) -> Trigger | None:
        """ON CALL where both ask."""
        return Trigger.ON_CALL if signals["OnCall"] == "REQUESTED" else super().asked_by(signals)


@seeded(breaks="B-10", story="a second press on SOS while the first one's call is dialled dials once more")
class SosDialsAgain(CallControl):
    """Begins anew with each press."""

    def request(self, trigger: Trigger) -> None:
        """Hang up first."""
        if trigger is Trigger.SOS is self.trigger:
            self.stop()
        super().request(trigger)


@seeded(breaks="B-14", story="a second press on ON CALL while the first one's call is dialled dials once more")
class OnCallDialsAgain(CallControl):
    """Begins anew with each press."""

    def request(self, trigger: Trigger) -> None:
        """Hang up first."""
        if trigger is Trigger.ON_CALL is self.trigger:
            self.stop()
        super().request(trigger)


@seeded(breaks="B-13", story="locking the buttons ends the call that one of them made")
class LockEndsCall(Telematics):
    """Takes the lock for a switch of everything."""

    def tell_status(self) -> None:
        """Hang up as soon as it is locked."""
        super().tell_status()
        if self.is_locked() and self.calls.trigger is not Trigger.CRASH:
            self.calls.stop()


@seeded(breaks="B-14", story="the operator's voice stays on the speaker line after the call")
class SpeakerNeverSilent(VoicePath):
    """Opens the amplifier, and does not close it."""

    def play(self, *, speaking: bool) -> None:
        """Never stop."""
        if speaking:
            super().play(speaking=True)
