"""High-voltage battery: its contactors close while the engine runs or it is charged, and it tells so (C-06, C-08)."""

from __future__ import annotations

from typing import ClassVar

from emulation.ecus.base.vehicle import SignalValue
from emulation.ecus.chassis import WhileCharging
from harness.units import S

VOLTS = 380
KILOWATT_HOURS = 78.0
"""Capacity; what a car of this size has."""
STATE_OF_CHARGE = 40.0
"""In percent, when it is plugged in (own choice)."""


class HighVoltageBattery(WhileCharging):
    """A battery with its contactors closed while the engine runs, or the charger has current."""

    node = "BMS"

    CHARGING: ClassVar[dict[str, str]] = {
        "UNPLUGGED": "UNPLUGGED",
        "PLUGGED": "PLUGGED",
        "CONNECTING": "PLUGGED",
        "INSTALLING": "PLUGGED",
        "AUTHORISING": "AUTHORISING",
        "AUTHORISED": "AUTHORISING",
        "WAITING_FOR_IDENTIFICATION": "PLUGGED",
        "CHARGING": "CHARGING",
        "FINISHED": "COMPLETE",
        "FAILED": "FAULT",
    }
    """`BMS_Charging.State` by `OBC_Charging.State`."""

    def values(self) -> dict[str, dict[str, SignalValue]]:
        """Voltage, current, contactors; and how it is charged."""
        runs, power = self.running_engine(), self.power()
        left = min(4_095, round(KILOWATT_HOURS * (100 - STATE_OF_CHARGE) / 100 / power * 60)) if power else 0
        current = self.wave(4, 0.5, 5 * S, 1) if runs else 0
        return {
            "BMS_HighVoltage": {
                "Voltage": self.wave(VOLTS, 0.4, 19 * S, 1),
                "Current": round(current - power * 1_000 / VOLTS, 1) if power else current,
                "Contactors": "CLOSED" if runs or power else "OPEN",
            },
            "BMS_Charging": {"State": self.CHARGING[self.charging()], "Power": power, "TimeLeft": left},
        }

    def power(self) -> float:
        """What the charger delivers, in kW."""
        return round(float(self.last("OBC_Charging", "Power") or 0.0), 1)
