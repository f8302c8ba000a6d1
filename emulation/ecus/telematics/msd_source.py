"""What the telematics unit knows of car and place when it has to tell, kept up from CAN (B-04, B-09)."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

from emulation.ecus.telematics.msd import RECENT_POSITIONS, Msd, Position
from emulation.world import Process
from harness.units import S

if TYPE_CHECKING:
    from emulation.ecus.base.ecu import Ecu


HEADING_UNKNOWN = 360
"""`GNSS_Motion.Heading` without a fix, in degrees."""


class MsdSource:
    """Follows position, time, heading and belts, and writes them into an `Msd` when asked."""

    FRESH = 3 * S
    """A position older than this is not trusted: at 180 km/h the car has left the 150 m that trust means."""
    TRAIL_STEP = 0.0005
    """Degrees between the recent positions, 55 m north-south (own choice: EN 15722 leaves it to the car)."""

    def __init__(self, unit: Ecu) -> None:
        self.unit = unit
        self.position: Position | None = None
        """The last known one, kept in non-volatile memory."""
        self.seen_at = 0
        self.vouched_for = False
        """Whether the receiver trusted it."""
        self._epoch: int | None = None
        """When this bench's time began, in ns since 1970."""
        self.trail: deque[Position] = deque(maxlen=1 + RECENT_POSITIONS)
        """Where the car came along, newest last."""

    def follow(self) -> Process:
        """Take every position that the receiver has a fix for."""
        while True:
            heard = self.unit.heard("GNSS_Position")
            yield heard
            told = self.unit.decode(heard.value)
            if told["Fix"] != "NONE":
                self.position = (float(told["Latitude"]), float(told["Longitude"]))
                self.seen_at = heard.value.time
                self.vouched_for = told["Trusted"] == 1
                self._remember(self.position)

    def follow_time(self) -> Process:
        """Set the unit's clock by the satellites; it runs on without them."""
        while True:
            heard = self.unit.heard("GNSS_Time")
            yield heard
            told = self.unit.decode(heard.value)
            if told["Valid"] == "YES":
                self._epoch = int(told["UnixTime"]) * S - heard.value.time

    def _remember(self, position: Position) -> None:
        if not self.trail or math.dist(position, self.trail[-1]) >= self.TRAIL_STEP:
            self.trail.append(position)

    def is_fresh(self, at: int) -> bool:
        """Whether the position is of the moment `at` (ns), or later."""
        return self.position is not None and at - self.seen_at <= self.FRESH

    def compose(self, message_id: int, *, automatic: bool, since: int) -> Msd:
        """The message to send now about the incident at `since` (ns of this bench).

        After a crash the car stands: a position that was fresh then still holds when the crash has silenced the
        receiver. Otherwise it may have moved on, and the position must be fresh now.
        """
        fresh = self.is_fresh(since if automatic else self.unit.world.now)
        course = self.unit.last("GNSS_Motion", "Heading")
        passengers = self.unit.last("ACM_Occupants", "Passengers")
        earlier = [position for position in reversed(self.trail) if position != self.position]
        return Msd(
            message_id=message_id,
            automatic=automatic,
            vin=self.unit.vin,
            timestamp=self.unix_time(since),
            position=self.position,
            position_trusted=fresh and self.vouched_for,
            heading=float(course) if fresh and course not in (None, HEADING_UNKNOWN) else None,
            recent=earlier[:RECENT_POSITIONS],
            passengers=None if passengers is None else int(passengers),
        )

    def unix_time(self, instant: int) -> int:
        """`instant` in seconds since 1970, by the receiver's last word on the time; 0 where it never had any."""
        return 0 if self._epoch is None else (self._epoch + instant) // S
