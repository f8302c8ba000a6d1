"""Overhead consoles that work under some conditions and fail under others (B-09, B-10, B-13, B-14)."""

from __future__ import annotations

from emulation.ecus.base.vehicle import SignalValue
from emulation.ecus.overhead_console import OverheadConsole
from emulation.faults import seeded
from emulation.lines import Line
from emulation.world import Process
from harness.units import H, S


@seeded(breaks="B-09", story="SOS does nothing while the ignition is off")
class SosNeedsIgnition(OverheadConsole):
    """Takes its supply for SOS from terminal S."""

    def request(self, name: str) -> None:
        """Ask for ON CALL always, for SOS with ignition."""
        if name != "Sos" or self.last("CEM_Ignition", "Mode") != "OFF":
            super().request(name)


@seeded(breaks="B-14", story="ON CALL does nothing while the engine runs")
class OnCallNeedsParkedCar(OverheadConsole):
    """Takes ON CALL for a convenience of parked cars."""

    def request(self, name: str) -> None:
        """Ask for SOS always, for ON CALL at rest."""
        if name != "OnCall" or self.last("CEM_Ignition", "Mode") != "RUNNING":
            super().request(name)


@seeded(breaks="B-10", story="turning the ignition in the middle of a hold makes SOS forget it")
class IgnitionBreaksHold(OverheadConsole):
    """Begins anew with every ignition mode, and has then missed the press."""

    mode: SignalValue | None = None

    def tell(self, name: str, state: str) -> None:
        """Note in which mode the press began."""
        if state == "PRESSED":
            self.mode = self.last("CEM_Ignition", "Mode")
        super().tell(name, state)

    def request(self, name: str) -> None:
        """Ask where the mode is still the same."""
        if name != "Sos" or self.last("CEM_Ignition", "Mode") == self.mode:
            super().request(name)


@seeded(breaks="B-10", story="at a low battery SOS needs three seconds")
class SlowAtLowBattery(OverheadConsole):
    """Has a clock that slows down with its supply."""

    LOW_VOLTS = 10.0

    def hold(self, name: str) -> int:
        """Half as much again."""
        return 3 * S if name == "Sos" and self.battery.volts < self.LOW_VOLTS else super().hold(name)


@seeded(breaks="B-10", story="the console restarts when the battery dips to 10 V, and a hold with it")
class FaintConsole(OverheadConsole):
    """Has too small a capacitor."""

    NEEDS_VOLTS = 10.0

    def powered(self) -> bool:
        """Only above that."""
        return super().powered() and self.battery.volts > self.NEEDS_VOLTS


@seeded(breaks="B-10", story="short presses on SOS add up to a long one")
class AddingConsole(OverheadConsole):
    """Counts for how long the contact was closed, and never begins anew."""

    counted = 0
    pressed_at = 0

    def tell(self, name: str, state: str) -> None:
        """Count the time of each press on SOS."""
        if name == "Sos" and state == "PRESSED":
            self.pressed_at = self.world.now
        elif name == "Sos" and state == "IDLE":
            self.counted += self.world.now - self.pressed_at
        super().tell(name, state)

    def hold(self, name: str) -> int:
        """What is left of the hold."""
        return max(1, super().hold(name) - self.counted) if name == "Sos" else super().hold(name)


@seeded(breaks="B-10", story="a stuck button is told nowhere")
class UnwatchedConsole(OverheadConsole):
    """Would wait for an hour."""

    STUCK = 1 * H


@seeded(breaks="B-14", story="any chatter of the ON CALL contact begins the two seconds anew")
class TouchyOnCall(OverheadConsole):
    """Takes chatter for a release."""

    def held(self, button: Line, until: int) -> Process:
        """Whether the contact never opened, not even for a moment."""
        if button is not self.on_call_button:
            return (yield from super().held(button, until))
        released = button.released()
        yield released | self.world.after(until - self.world.now)
        return not released.happened


@seeded(breaks="B-13", story="a lock that is set while a button is held comes too late for this press")
class LockLooksBack(OverheadConsole):
    """Looks at the lock when a press begins."""

    was_locked = False

    def tell(self, name: str, state: str) -> None:
        """Note the lock at the first edge."""
        if state == "PRESSED":
            self.was_locked = super().locked()
        super().tell(name, state)

    def locked(self) -> bool:
        """As it was then."""
        return self.was_locked
