"""Telematics units that are wrong about when a crash calls (B-01, B-02, B-03)."""

from __future__ import annotations

from emulation.ecus.base.vehicle import SignalValue, protections
from emulation.ecus.telematics.backup_battery import BackupBattery
from emulation.ecus.telematics.call_control import CallControl
from emulation.ecus.telematics.conversation import Trigger
from emulation.ecus.telematics.telematics import Telematics
from emulation.faults import seeded
from emulation.faults.telematics import WrongCrcAccepted
from harness.units import S


@seeded(breaks="B-01", story="with the ignition off a crash calls nobody")
class ParkedCrashIgnored(Telematics):
    """Takes a car without a driver for one without passengers."""

    def is_crash(self, signals: dict[str, SignalValue]) -> bool:
        """Not in ignition 0."""
        return super().is_crash(signals) and self.last("CEM_Ignition", "Mode") != "OFF"


@seeded(breaks="B-01", story="a crash during an ON CALL call calls nobody")
class OnCallKeepsTheLine(CallControl):
    """Lets nobody interrupt."""

    def request(self, trigger: Trigger) -> None:
        """Not while a call runs."""
        if not self.running:
            super().request(trigger)


@seeded(breaks="B-01", story="a second crash calls nobody")
class CallsOncePerDrive(Telematics):
    """Has seen a crash."""

    called = False

    def is_new(self, event: SignalValue) -> bool:
        """Only the first one."""
        new, self.called = super().is_new(event) and not self.called, True
        return new


@seeded(breaks="B-02", story="a crash that cuts off the main battery calls nobody")
class BackupBatteryDead(BackupBattery):
    """Was never charged."""

    FULL_MAH = 0.0


@seeded(breaks="B-02", story="a crash is forgotten where there is no network at that moment")
class NoPatience(CallControl):
    """Tries now or never."""

    NETWORK_PATIENCE = dict.fromkeys(Trigger, 1 * S)


@seeded(breaks="B-02", story="one corrupt frame among those of a crash makes it none")
class UnforgivingTelematics(WrongCrcAccepted):
    """Wants ten good frames without a gap, by their counter."""

    QUALIFYING_FRAMES = 10
    last_counter = -1

    def is_acceptable(self, data: bytes) -> bool:
        """Whether it is the one that follows the last; every gap begins anew."""
        counter = data[1] & 0x0F
        follows = counter == (self.last_counter + 1) % 15 and is_intact(data)
        self.last_counter = counter if is_intact(data) else -2
        return follows


@seeded(breaks="B-03", story="crash frames whose counter jumps call")
class JumpingCounterAccepted(WrongCrcAccepted):
    """Checks the CRC, and that the counter moves."""

    last_counter = -1

    def is_acceptable(self, data: bytes) -> bool:
        """With the right CRC, and another counter than the last."""
        last, self.last_counter = self.last_counter, data[1] & 0x0F
        return is_intact(data) and self.last_counter != last


@seeded(breaks="B-03", story="crash frames that contradict themselves call")
class ContradictionAccepted(Telematics):
    """Does not look at the inverted copy."""

    def is_crash(self, signals: dict[str, SignalValue]) -> bool:
        """By the level alone."""
        return signals["CrashLevel"] in self.CRASH_LEVELS


@seeded(breaks="B-03", story="a crash that was called for calls again when its frames are repeated")
class EventForgotten(Telematics):
    """Counts bursts of frames, and not events."""

    def is_new(self, _event: SignalValue) -> bool:
        """Always."""
        return True


@seeded(breaks="B-03", story="a second crash cuts off the call of the first and makes another")
class SecondCrashCutsOff(CallControl):
    """Begins anew with each crash."""

    def request(self, trigger: Trigger) -> None:
        """Stop what runs."""
        self.stop()
        super().request(trigger)


def is_intact(data: bytes) -> bool:
    """Whether the CRC of a crash frame is right."""
    return protections()["ACM_Crash"].is_intact(data)
