"""The owner, with the app on a phone (B-15, B-16)."""

from __future__ import annotations

from typing import Any

from harness.actors.actor import Actor
from harness.actors.operator import Case
from harness.errors import ExpectationError

OWNER_ID, GUEST_ID = "owner@example.test", "guest@example.test"
"""Polestar IDs that every bench begins with; the owner's phone is 1, the guest's 2 (docs/interfaces.md)."""
OWNER_PASSWORD, GUEST_PASSWORD = "Vinga-7-nordan", "Marstrand-3-sol"
OWNER_PIN = "4711"
OWNER_NUMBER = "+46701740605"
"""Registered with the delivery centre; from the range that the Swedish regulator keeps for fiction."""


class Owner(Actor):
    """Asks for help in the app."""

    def asks_for(self, kind: str, position: tuple[float, float] | None = None) -> Case:
        """Ask for help (`flat_tyre`, `no_fuel`, `dead_battery`, `illness` ...), at `position` in degrees where given.

        Returns the case that Assistance opened. Raises `ExpectationError` where it opened none, or one of another kind.
        """
        self.note("app_request", wanted=kind)
        where = {} if position is None else {"position": {"latitude": position[0], "longitude": position[1]}}
        request = self.bench.offboard.ask_for_help(kind, **where)
        case: Case | None = request.get("case")
        if case is None:
            raise ExpectationError(f"expected Assistance to open a case for {kind}; the app was told of none")
        if case["kind"] != kind:
            raise ExpectationError(f"expected Assistance to open a case for {kind}; it opened one for {case['kind']}")
        return case

    def requests(self) -> list[dict[str, Any]]:
        """What was asked for in the app, oldest first."""
        return self.bench.offboard.help_requests()
