"""Telematics units that take the wrong things for a request, or their lock wrong (B-01 to B-03, B-12, B-13, B-16)."""

from __future__ import annotations

from emulation.can_bus import Frame
from emulation.ecus.base.vehicle import SignalValue, message, protections
from emulation.ecus.telematics.conversation import Trigger
from emulation.ecus.telematics.telematics import Telematics
from emulation.faults import seeded


@seeded(breaks="B-01", story="a crash that fires the belt tensioners calls nobody")
class BeltLevelIgnored(Telematics):
    """Waits for an airbag."""

    CRASH_LEVELS = ("AIRBAG",)


@seeded(breaks="B-02", story="an airbag fired from the rear calls nobody")
class RearCrashIgnored(Telematics):
    """Takes a crash from the rear for none."""

    def is_crash(self, signals: dict[str, SignalValue]) -> bool:
        """Not from the rear."""
        return super().is_crash(signals) and signals["CrashDirection"] != "REAR"


@seeded(breaks="B-02", story="an airbag fired in a rollover calls nobody")
class RolloverIgnored(Telematics):
    """Takes a rollover for no crash."""

    def is_crash(self, signals: dict[str, SignalValue]) -> bool:
        """Not in a rollover."""
        return super().is_crash(signals) and signals["CrashDirection"] != "ROLLOVER"


@seeded(breaks="B-03", story="crash frames with a wrong CRC call")
class WrongCrcAccepted(Telematics):
    """Looks at every crash frame, whatever its CRC and counter."""

    def listen_for_crash(self) -> None:
        """Hear each that `is_acceptable`; what E2E lets pass is not asked."""
        self.bus.detach(self._take)
        self.bus.attach(self._take, message("ACM_Crash").frame_id)

    def _take(self, frame: Frame) -> None:
        if self.running and self.is_acceptable(frame.data):
            self.crash_heard(self.decode(frame))

    def is_acceptable(self, _data: bytes) -> bool:
        """Whether a frame is looked at."""
        return True


@seeded(breaks="B-03", story="crash frames whose counter stands still call")
class RepeatedCounterAccepted(WrongCrcAccepted):
    """Checks the CRC, but not the counter."""

    def is_acceptable(self, data: bytes) -> bool:
        """With the right CRC."""
        return protections()["ACM_Crash"].is_intact(data)


@seeded(breaks="B-03", story="a single crash frame calls")
class SingleFrameCalls(Telematics):
    """Waits for no second frame."""

    QUALIFYING_FRAMES = 1


@seeded(breaks="B-03", story="an impact that triggers nothing calls")
class ImpactCalls(Telematics):
    """Calls at every level."""

    CRASH_LEVELS = ("IMPACT", "BELT_TENSIONER", "AIRBAG")


@seeded(breaks="B-12", story="the button lock cannot be set in ignition I")
class LockRefusedInIgnitionI(Telematics):
    """Wants ignition II."""

    LOCK_MODES = ("II", "RUNNING")


@seeded(breaks="B-12", story="the button lock cannot be set while the engine runs")
class LockRefusedWhileRunning(Telematics):
    """Wants a parked car."""

    LOCK_MODES = ("I", "II")


@seeded(breaks="B-12", story="the telematics unit takes a change of the button lock in ignition 0")
class LockTakenInIgnitionOff(Telematics):
    """Relies on the head unit, which does not offer it."""

    LOCK_MODES = ("OFF", "I", "II", "RUNNING")


@seeded(breaks="B-13", story="the button lock stops crash calls, too")
class LockStopsCrashCall(Telematics):
    """Takes the lock for a switch of everything."""

    def is_crash(self, signals: dict[str, SignalValue]) -> bool:
        """Only unlocked."""
        return super().is_crash(signals) and not self.is_locked()


@seeded(breaks="B-13", story="the button lock never opens again")
class LockNeverOpens(Telematics):
    """Takes LOCK, and no UNLOCK."""

    def lock_may_change(self) -> bool:
        """Only to locked."""
        return super().lock_may_change() and not self.is_locked()


@seeded(breaks="B-16", story="ON CALL calls as SOS")
class OnCallTakenForSos(Telematics):
    """Knows one button only."""

    def asked_by(self, signals: dict[str, SignalValue]) -> Trigger | None:
        """SOS, whichever it was."""
        return None if super().asked_by(signals) is None else Trigger.SOS
