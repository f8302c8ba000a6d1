"""The modem's state in the words of `TCU_Status` and `TCU_Network`: registration and bars of signal (B-20, B-24)."""

from __future__ import annotations

from emulation.ecus.modem.modem import Modem
from emulation.ecus.modem.radio_service import Registration
from emulation.ecus.modem.sim import SimState

REGISTRATIONS = {
    Registration.NOT: "SEARCHING",
    Registration.HOME: "HOME",
    Registration.SEARCHING: "SEARCHING",
    Registration.DENIED: "DENIED",
    Registration.ROAMING: "ROAMING",
    Registration.EMERGENCY_ONLY: "DENIED",
}
BARS_DBM = (-120, -112, -104, -96, -88)
"""RSRP from which one bar more is shown (own choice)."""


def registration_of(modem: Modem) -> str:
    """`TCU_Status.Registration`."""
    if not modem.awake or modem.functionality != 1:
        return "OFF"
    return REGISTRATIONS[modem.registration] if modem.sim_state is SimState.READY else "SIM_LOCKED"


def bars_of(rsrp_dbm: float | None) -> int:
    """`TCU_Network.SignalBars`; none without a signal."""
    return 0 if rsrp_dbm is None else sum(rsrp_dbm >= bar for bar in BARS_DBM)
