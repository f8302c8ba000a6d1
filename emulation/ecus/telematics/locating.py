"""Where the car is, for whoever asks in the app: one answer a question, and none but a real one (A-01, A-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.units import MIN

if TYPE_CHECKING:
    from emulation.ecus.telematics.telematics import Telematics


class Locator:
    """Part of the telematics unit."""

    KEEP = 1 * MIN
    """An answer that nobody has heard by then is of no use (own choice)."""

    def __init__(self, unit: Telematics) -> None:
        self.unit = unit
        unit.services.on("locate", self.answer)

    def answer(self, asked: dict[str, Any]) -> None:
        """Tell where the car is, or was last, and whether the receiver vouches for it now; null where it never knew."""
        source = self.unit.calls.source
        known = source.position is not None
        latitude, longitude = source.position if source.position is not None else (None, None)
        trusted = known and source.is_fresh(self.unit.world.now) and source.vouched_for
        self.unit.services.tell(
            "located",
            valid_for=self.KEEP,
            request=asked["request"],
            latitude=latitude,
            longitude=longitude,
            trusted=trusted,
        )
