"""Driver display: telltales, and words for what a driver waits for while the car is charged (C-07)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from emulation.ecus.base.vehicle import SignalValue
from emulation.ecus.chassis import WhileCharging
from emulation.world import Process


class DriverDisplay(WhileCharging):
    """Shows what the others say; awake while a charge cable is plugged in."""

    node = "DIM"

    TEXTS: ClassVar[dict[str, str]] = {
        "UNPLUGGED": "NONE",
        "PLUGGED": "CHARGE_CABLE_CONNECTED",
        "CONNECTING": "PLUG_AND_CHARGE_CONNECTING",
        "INSTALLING": "INSTALLING_CONTRACT_CERTIFICATE",
        "AUTHORISING": "AUTHORISING",
        "AUTHORISED": "AUTHORISING",
        "WAITING_FOR_IDENTIFICATION": "IDENTIFY_AT_THE_STATION",
        "CHARGING": "CHARGING",
        "FINISHED": "CHARGING_FINISHED",
        "FAILED": "PLUG_AND_CHARGE_FAILED",
    }
    """`DIM_Message.Text` by `OBC_Charging.State`."""

    def processes(self) -> Iterable[Process]:
        """And misses the body module when it is silent."""
        return [*super().processes(), self.supervise("CEM_Ignition", "BODY_MISSING")]

    def values(self) -> dict[str, dict[str, SignalValue]]:
        """Telltales and words."""
        airbag = self.last("ACM_Status", "Lamp")
        ready = self.last("TCU_Status", "Ready")
        belts = self.last("ACM_Occupants", "Passengers")
        return {
            "DIM_Telltales": {
                "Airbag": airbag or "ON",
                "Telematics": "OFF" if ready else "ON",
                "Belt": "OFF" if belts else "ON",
                "Brake": "ON",
            },
            "DIM_Message": {"Text": self.TEXTS[self.charging()]},
        }
