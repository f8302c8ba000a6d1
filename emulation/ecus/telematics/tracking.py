"""Tracking of a stolen car: positions at the agreed rate, and none but real ones (B-33, B-34)."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from emulation.offboard.connect import RESEND
from emulation.world import Process

if TYPE_CHECKING:
    from emulation.ecus.telematics.telematics import Telematics


class Tracker:
    """Takes a position at once and every interval from then on, and sends each with the time it was taken at.

    What cannot be sent is kept, and sent in its order once it can. Without satellites the last position is told again,
    untrusted, and with the old time: never a new time for an old place.
    """

    KEPT = 600
    """Positions kept while they cannot be sent: ten hours at one a minute (own choice)."""

    def __init__(self, unit: Telematics) -> None:
        self.unit = unit
        self.interval: int | None = None
        """Agreed time between two positions in ns, None while nobody tracks; kept in non-volatile memory."""
        self.unsent: deque[dict[str, Any]] = deque(maxlen=self.KEPT)
        """Kept as well."""
        self._asked = unit.world.condition("tracking begins or ends")
        self._taken = unit.world.condition("a position is taken")

    def start(self, data: dict[str, Any]) -> None:
        """Assistance asks for a position every `interval` ns."""
        self.interval = self.agreed(int(data["interval"]))
        self._begin_or_end()

    def agreed(self, interval: int) -> int:
        """What comes of the interval that Assistance asks for, in ns."""
        return interval

    def stop(self, _data: dict[str, Any] | None = None) -> None:
        """Take and send nothing more."""
        self.interval = None
        self.unsent.clear()
        self._begin_or_end()

    def _begin_or_end(self) -> None:
        self.unit.services.set(tracking=self.interval is not None)
        asked, self._asked = self._asked, self.unit.world.condition("tracking begins or ends")
        asked.happen()

    def take(self) -> Process:
        """One position an interval, the first one at once."""
        while True:
            if self.interval is None:
                yield self._asked
                continue
            position = self.position()
            if position is not None:
                self.unsent.append(position)
                self._taken.happen()
            yield self._asked | self.unit.world.after(self.interval)

    def position(self) -> dict[str, Any] | None:
        """Where the car is now, or was last; None where it never knew."""
        source, now = self.unit.calls.source, self.unit.world.now
        if source.position is None:
            return None
        fresh = source.is_fresh(now)
        return {
            "latitude": source.position[0],
            "longitude": source.position[1],
            "trusted": fresh and source.vouched_for,
            "at": now if fresh else source.seen_at,
        }

    def send(self) -> Process:
        """Oldest first; the next one once Assistance has it."""
        services, connect = self.unit.services, self.unit.services.connect
        while True:
            while not self.unsent:
                self._taken = self.unit.world.condition("a position is taken")
                yield self._taken
            oldest = self.unsent[0]
            if services.reason():
                yield connect.changed()
                continue
            yield connect.latency()
            if not self.is_kept(oldest):
                continue
            if connect.hears("position", oldest):
                self.unsent.popleft()
            else:
                yield RESEND

    def is_kept(self, position: dict[str, Any]) -> bool:
        """Whether it is still to be sent: meanwhile tracking may have ended, or memory run out."""
        return bool(self.unsent) and self.unsent[0] is position
