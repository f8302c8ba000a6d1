"""The lamp at the charge socket: one colour for each thing that a driver waits for (C-07).

A colour sensor of the bench looks at it; the volts are the sensor's (docs/interfaces.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from emulation.ecus.charger.charger import Charger

VOLTS = {"OFF": 0.0, "WHITE": 1.0, "YELLOW": 2.0, "GREEN": 3.0, "BLUE": 4.0, "RED": 5.0}
"""What the sensor says of each colour."""


class SocketLamp:
    """Shows how far charging has come."""

    COLOURS: ClassVar[dict[str, str]] = {
        "UNPLUGGED": "OFF",
        "PLUGGED": "WHITE",
        "CONNECTING": "WHITE",
        "INSTALLING": "BLUE",
        "AUTHORISING": "YELLOW",
        "AUTHORISED": "YELLOW",
        "WAITING_FOR_IDENTIFICATION": "YELLOW",
        "CHARGING": "GREEN",
        "FINISHED": "GREEN",
        "FAILED": "RED",
    }
    """Colour by `OBC_Charging.State`."""

    def __init__(self, charger: Charger) -> None:
        self._line = charger.bench.line("socket_lamp")

    def show(self, state: str) -> None:
        """Light up as `state` wants it."""
        volts = VOLTS[self.COLOURS.get(state, "OFF")]
        self._line.drive("lamp", volts or None)
