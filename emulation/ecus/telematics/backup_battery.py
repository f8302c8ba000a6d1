"""The telematics unit's own battery: a crash may cut the main one off, and the call must go on (B-01, B-02)."""

from __future__ import annotations

from emulation.world import Condition, World
from harness.units import H, S


class BackupBattery:
    """Counts its charge down while the main battery is gone."""

    FULL_MAH = 80.0
    """With the two currents: 60 min of waiting for a call-back and 10 min of talking, the order of what emergency call
    units must last (GOST R 54620, from a secondary source)."""
    TALKING_MA = 300.0
    WAITING_MA = 30.0
    LOW = 0.2
    """Part of the charge below which it is low (own choice)."""
    LINGER = 10 * S
    """Time that the unit stays up when nobody needs help: a crash may cut the cable first (own choice)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.over: Condition = world.condition("backup battery gives up")
        """Happens when it is spent, or has lingered in vain."""
        self.charge()

    def charge(self) -> None:
        """The main battery is back; charging takes no time here."""
        self.left_mah = self.FULL_MAH
        self._idle = 0
        if self.over.happened:
            self.over = self._world.condition("backup battery gives up")

    @property
    def is_low(self) -> bool:
        """Whether little is left."""
        return self.left_mah < self.LOW * self.FULL_MAH

    def spend(self, duration: int, *, talking: bool, needed: bool) -> None:
        """`duration` ns on this battery, in a call or not; `needed`: for a call or the call-back to it."""
        self.left_mah -= (self.TALKING_MA if talking else self.WAITING_MA) * duration / H
        self._idle = 0 if needed else self._idle + duration
        if self.left_mah <= 0 or self._idle >= self.LINGER:
            self.over.happen()
