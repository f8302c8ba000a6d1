"""Body modules that break one clause each (B-12)."""

from __future__ import annotations

from emulation.ecus.body.body import Body
from emulation.faults import seeded


@seeded(breaks="B-12", story="with ignition I the car says that it is off, so that the buttons cannot be locked")
class SleepyBody(Body):
    """Does not read terminal S."""

    def mode(self, before: str, terminal_s: bool, terminal_15: bool) -> str:
        """OFF until ignition II."""
        found = super().mode(before, terminal_s, terminal_15)
        return "OFF" if found == "I" else found


@seeded(breaks="B-12", story="with ignition 0 the car says I, so that the buttons can be locked in a parked car")
class RestlessBody(Body):
    """Never lets the car sleep."""

    def mode(self, before: str, terminal_s: bool, terminal_15: bool) -> str:
        """I at least."""
        found = super().mode(before, terminal_s, terminal_15)
        return "I" if found == "OFF" else found
