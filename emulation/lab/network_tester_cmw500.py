"""The emulated network tester: R&S CMW500 with LTE signalling; shows what the network knows of the modem (B-24).

Ref: R&S CMW-KE100/KS500 LTE UE Signaling user manual; the measurement report's ranges are those of TS 36.133, 9.1.4.
"""

from __future__ import annotations

from math import floor
from typing import Any

from emulation.bench import EmulatedBench
from emulation.lab.desk import SUBSCRIBER
from emulation.lab.parameters import Boolean, Choice, Number
from emulation.lab.scpi import COMMON, ScpiTwin
from emulation.lab.status import ScpiError
from emulation.lab.syntax import Row
from emulation.world import Condition, Process, Task
from harness.units import MS, S

RSRP_LOWEST_DBM = -140
RSRP_INDEX_MAX = 97
CALIBRATIONS = ("FSCorrection", "UCORrection", "CALibration", "OGCal")
"""Factory or service correction, user correction, factory and service verification."""


class NetworkTesterCmw500(ScpiTwin):
    """One LTE cell; switching it takes seconds, during which its state is pending."""

    IDENTITY = "Rohde&Schwarz,CMW,1201.0002k50/123456,3.8.10"
    OPTIONS = "KS500,KM500,KAA20,H500A"
    """LTE FDD signalling basic, LTE FDD measurement, IP data interface, data application unit."""
    LATENCY = 3 * MS
    SIGN = ""

    CELL_ON = 3 * S
    CELL_OFF = 800 * MS

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self._parts = bench.parts
        self._switching: Task | None = None

    @property
    def network(self) -> Any:
        """The radio network (docs/interfaces.md: RadioNetwork)."""
        return self._parts["network"]

    def reset(self) -> None:
        """The cell off; other settings belong to the network around the car and stay."""
        self.set_cell(False)

    def set_cell(self, on: bool) -> Condition:
        """`SOURce:LTE:SIGN1:CELL:STATe`."""
        if self._switching is not None:
            self._switching.stop()
        self._switching = self.world.spawn(self._switch(on), "cell")
        return self._switching

    def _switch(self, on: bool) -> Process:
        if self.network.cell_on != on:
            yield self.CELL_ON if on else self.CELL_OFF
            self.network.set_cell(on)

    def cell(self) -> str:
        """`SOURce:LTE:SIGN1:CELL:STATe?`."""
        return "ON" if self.network.cell_on else "OFF"

    def cell_all(self) -> str:
        """`SOURce:LTE:SIGN1:CELL:STATe:ALL?`: main state and whether it is reached (ADJusted) or PENDing."""
        pending = self._switching is not None and not self._switching.happened
        return f"{self.cell()},{'PEND' if pending else 'ADJ'}"

    def ps_state(self) -> str:
        """`FETCh:LTE:SIGN1:PSWitched:STATe?`."""
        return str(self.network.state(SUBSCRIBER))

    def act(self, action: str) -> None:
        """`CALL:LTE:SIGN1:PSWitched:ACTion`."""
        if self.network.state(SUBSCRIBER) not in {"ATT", "CEST"}:
            raise ScpiError(-221, "no subscriber is attached")
        if action == "DET":
            self.network.detach(SUBSCRIBER)
        else:
            self.network.set_rrc(SUBSCRIBER, action == "CONN")

    def rrc_state(self) -> str:
        """`SENSe:LTE:SIGN1:RRCState?`."""
        return "CONN" if self.network.state(SUBSCRIBER) == "CEST" else "IDLE"

    def set_power(self, dbm: float) -> None:
        """`CONFigure:LTE:SIGN1:DL:RSEPre:LEVel`."""
        self.network.set_cell_power(dbm)

    def power(self) -> float:
        """`CONFigure:LTE:SIGN1:DL:RSEPre:LEVel?`."""
        return float(self.network.cell_power_dbm)

    def rsrp(self) -> str:
        """`SENSe:LTE:SIGN1:UEReport:RSRP?`: index of the interval that the modem reports, NAV without a report."""
        index = self._rsrp_index()
        return "NAV" if index is None else str(index)

    def rsrp_range(self) -> str:
        """`...:RSRP:RANGe?`: that interval in dBm."""
        index = self._rsrp_index()
        return "NAV,NAV" if index is None else f"{RSRP_LOWEST_DBM + index - 1},{RSRP_LOWEST_DBM + index}"

    def _rsrp_index(self) -> int | None:
        dbm: float | None = self.network.rsrp_dbm
        if dbm is None or self.network.state(SUBSCRIBER) not in {"ATT", "CEST"}:
            return None
        return max(0, min(RSRP_INDEX_MAX, floor(dbm) - RSRP_LOWEST_DBM + 1))

    def subscriber(self) -> str:
        """`SENSe:LTE:SIGN1:UESinfo:IMSI?`."""
        return f'"{SUBSCRIBER}"' if self.network.state(SUBSCRIBER) in {"ATT", "CEST"} else "NAV"

    def latest_calibration(self, mode: str) -> str:
        """`CALibration:BASE:LATest:SPECific?`: date and time, each as a string."""
        del mode
        year, month, day = map(int, self.CALIBRATION.split(","))
        return f'"{year:04d}-{month:02d}-{day:02d}","09:00:00"'

    def next_error(self) -> str:
        """`SYSTem:ERRor?`: the maker writes no sign before a number that is not negative."""
        return super().next_error().removeprefix("+")

    def all_errors(self) -> str:
        """`SYSTem:ERRor:ALL?`: the whole queue, which is empty then."""
        return ",".join(self.next_error() for _ in range(max(1, self.status.error_count)))

    LTE = ":LTE:SIGN[1]"
    TABLE = (
        *COMMON,
        Row("SYSTem:ERRor:ALL", ask=all_errors),
        Row("CALibration:BASE:LATest:SPECific", Choice(*CALIBRATIONS), ask=latest_calibration),
        Row(f"SOURce{LTE}:CELL:STATe", Boolean(), do=set_cell),
        Row(f"SOURce{LTE}:CELL:STATe", ask=cell),
        Row(f"SOURce{LTE}:CELL:STATe:ALL", ask=cell_all),
        Row(f"FETCh{LTE}:PSWitched:STATe", ask=ps_state),
        Row(f"CALL{LTE}:PSWitched:ACTion", Choice("CONNect", "DISConnect", "DETach"), do=act),
        Row(f"SENSe{LTE}:RRCState", ask=rrc_state),
        Row(f"SENSe{LTE}:UESinfo:IMSI", ask=subscriber),
        Row(f"CONFigure{LTE}:DL[:PCC]:RSEPre:LEVel", Number("DBM", -140, -20), do=set_power),
        Row(f"CONFigure{LTE}:DL[:PCC]:RSEPre:LEVel", ask=power),
        Row(f"SENSe{LTE}:UEReport[:PCC]:RSRP", ask=rsrp),
        Row(f"SENSe{LTE}:UEReport[:PCC]:RSRP:RANGe", ask=rsrp_range),
    )
