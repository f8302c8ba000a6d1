"""Trouble codes of what the telematics unit has missed for long: SIM, network, crash frames (B-03, B-24)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulation.ecus.modem.radio_service import REGISTERED
from emulation.ecus.modem.sim import SimState
from emulation.world import Process
from harness.units import MIN, S

if TYPE_CHECKING:
    from emulation.ecus.telematics.telematics import Telematics


class Health:
    """Part of the telematics unit."""

    FAULT_AFTER = 3 * MIN
    """Time without usable SIM or network that becomes a trouble code: longer than a tunnel, or typing a PIN."""
    CRASH_FRAME_TIMEOUT = 5 * S

    def __init__(self, unit: Telematics) -> None:
        self.unit = unit
        self.crash_frame_at = 0
        """When a valid one came last, ns."""

    def watch(self) -> Process:
        """Once a second while the network is awake; while it sleeps nobody sends, and nothing is missed."""
        unit = self.unit
        since = dict.fromkeys(("SIM_NOT_USABLE", "NOT_REGISTERED"), unit.world.now)
        while True:
            slept = unit.sleep.asleep
            yield unit.due()
            now = unit.world.now
            if slept:
                self.crash_frame_at = now
            if unit.modem.sim_state is SimState.READY:
                since["SIM_NOT_USABLE"] = now
            if unit.modem.registration in REGISTERED:
                since["NOT_REGISTERED"] = now
            for name, start in since.items():
                unit.judge(name, failed=now - start > self.FAULT_AFTER)
            if not unit.on_main_battery():
                self.crash_frame_at = now  # without it the airbag module may be silent
            unit.judge("CRASH_FRAME_MISSING", failed=now - self.crash_frame_at > self.CRASH_FRAME_TIMEOUT)
