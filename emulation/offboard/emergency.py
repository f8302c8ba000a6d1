"""The public emergency centre (PSAP) of whatever country the car is in (B-07, B-08, B-11)."""

from __future__ import annotations

from typing import Any, ClassVar

from emulation.offboard.centre import CallCentre, Target
from emulation.offboard.countries import Country


class EmergencyCentre(CallCentre):
    """Takes emergency calls, and alerts that Assistance passes on where nobody in the car answers."""

    name: ClassVar[Target] = "emergency"

    def number_in(self, land: Country) -> str:
        """The country's emergency number."""
        return land.emergency_number

    def alerted(self, **case: Any) -> None:
        """Assistance reports a car in which nobody can be heard."""
        self.note("alert", **case)
