"""Head units that break one clause each (B-12, B-13)."""

from __future__ import annotations

from emulation.ecus.head_unit.button_pages import ButtonPages
from emulation.faults import seeded


@seeded(breaks="B-12", story="the lock can be touched with ignition 0")
class OpenHeadUnit(ButtonPages):
    """Greys nothing out."""

    LOCK_MODES = (*ButtonPages.LOCK_MODES, "OFF")


@seeded(breaks="B-12", story="the lock is greyed out in ignition I")
class StrictHeadUnit(ButtonPages):
    """Wants ignition II for settings."""

    LOCK_MODES = ("II", "RUNNING")


@seeded(breaks="B-12", story="the lock is greyed out while the engine runs")
class ParkedHeadUnit(ButtonPages):
    """Wants the car to stand still for settings."""

    LOCK_MODES = ("I", "II")


@seeded(breaks="B-12", story="the lock can be touched, and nothing follows")
class NumbHeadUnit(ButtonPages):
    """Takes the touch and keeps it to itself."""

    def toggle_lock(self) -> None:
        """Ask for nothing."""


@seeded(breaks="B-13", story="buttons that are locked cannot be unlocked again")
class OneWayHeadUnit(ButtonPages):
    """Can lock only."""

    def toggle_lock(self) -> None:
        """Ask for the lock, whatever is shown."""
        self.lock_request = "LOCK"
        self.head_unit.set("IHU_Settings", ButtonLockRequest="LOCK")
