"""A crash unlocks the doors, so that help gets in (B-01, B-02 beside the call)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulation.can_bus import Frame
from emulation.ecus.base.vehicle import decode, message, protections

if TYPE_CHECKING:
    from emulation.ecus.body.body import Body

FIRING = 2
"""Least raw CrashLevel at which belts or airbags fire: BELT_TENSIONER."""
SURE = 2
"""So many good frames in a row are believed; one may be a bus's accident."""


class CrashUnlock:
    """Looks at the raw level of each ACM_Crash frame, and checks only the few that tell of a crash."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self._good = 0
        self._counter = -1
        self._protection = protections()["ACM_Crash"]
        self._length = message("ACM_Crash").length
        body.bus.attach(self._take, message("ACM_Crash").frame_id)

    def _take(self, frame: Frame) -> None:
        if not self.body.running or frame.flags or len(frame.data) != self._length:
            return
        if frame.data[1] >> 4 & 3 < FIRING:
            self._good = 0
        elif self._tells_of_crash(frame):
            self._good += 1
            if self._good == SURE:
                self.body.lock.unlock("CRASH")

    def _tells_of_crash(self, frame: Frame) -> bool:
        """Whether CRC, counter and the inverted level are right."""
        if not self._protection.is_intact(frame.data):
            return False
        counter, before = self._protection.counter(frame.data), self._counter
        self._counter = counter
        signals = decode(frame.identifier, frame.data)
        level = frame.data[1] >> 4 & 3
        return counter != before and signals["CrashLevelInverted"] == 3 - level
