"""Driver of the R&S CMW500 with LTE signalling (role NetworkTester): the cell that the modem camps on (B-20, B-24)."""

# Ref: R&S CMW500 LTE UE Signaling User Manual, remote control chapter

from __future__ import annotations

from harness.errors import InstrumentError
from harness.ports import PsState
from harness.units import MS, S
from instruments.commands import Action, Query, Setting
from instruments.scpi import ScpiInstrument

SWITCH_TIMEOUT = 15 * S
"""A cell is on or off within this time, adjustments included."""


class Cmw500(ScpiInstrument):
    """One LTE cell of signalling unit 1."""

    MODELS = ("CMW",)

    NEEDED_OPTIONS = ("KS500",)
    """LTE FDD signalling, without which there is no cell."""

    OPTIONS = Query("*OPT?")
    CELL_ON = Action("SOUR:LTE:SIGN1:CELL:STAT ON")
    CELL_OFF = Action("SOUR:LTE:SIGN1:CELL:STAT OFF")
    CELL_STATE = Query("SOUR:LTE:SIGN1:CELL:STAT:ALL?")
    PS_STATE = Query("FETC:LTE:SIGN1:PSW:STAT?")
    CONNECT = Action("CALL:LTE:SIGN1:PSW:ACT CONN")
    DISCONNECT = Action("CALL:LTE:SIGN1:PSW:ACT DISC")
    DETACH = Action("CALL:LTE:SIGN1:PSW:ACT DET")
    POWER = Setting("CONF:LTE:SIGN1:DL:RSEP:LEV {value}", "dBm", low=-140, high=-20)
    RSRP_RANGE = Query("SENS:LTE:SIGN1:UER:RSRP:RANG?")

    def set_cell(self, on: bool) -> None:
        """Switch the cell, and wait until it is so."""
        self.do(self.CELL_ON if on else self.CELL_OFF)
        wanted = "ON,ADJ" if on else "OFF,ADJ"
        self.wait(f"cell state {wanted}", lambda: self.text(self.CELL_STATE) == wanted, SWITCH_TIMEOUT, every=100 * MS)

    def cell_is_on(self) -> bool:
        """Whether the cell is on and adjusted."""
        return self.text(self.CELL_STATE) == "ON,ADJ"

    def ps_state(self) -> PsState:
        """What the network knows of the modem now."""
        answer = self.text(self.PS_STATE)
        try:
            return PsState(answer)
        except ValueError:
            states = ", ".join(state.value for state in PsState)
            raise InstrumentError(f"{self} answered {answer!r} to {self.PS_STATE.text}, expected {states}") from None

    def connect(self) -> None:
        """Open a data connection to the attached modem."""
        self.do(self.CONNECT)

    def disconnect(self) -> None:
        """Close the data connection; the modem stays attached."""
        self.do(self.DISCONNECT)

    def detach(self) -> None:
        """Make the modem leave the network."""
        self.do(self.DETACH)

    def set_cell_power(self, dbm: float) -> None:
        """Reference signal level of the cell, in dBm per 15 kHz."""
        self.set(self.POWER, dbm)

    def rsrp_dbm(self) -> float:
        """Reference signal received power that the modem reports, in dBm (middle of its reported interval)."""
        answer = self.text(self.RSRP_RANGE)
        try:
            low, high = (float(edge) for edge in answer.split(","))
        except ValueError:
            raise InstrumentError(
                f"{self} answered {answer!r} to {self.RSRP_RANGE.text}, expected two numbers in dBm; the modem reports "
                "only while it is attached"
            ) from None
        return (low + high) / 2

    def make_safe(self) -> None:
        """The cell off, and read back that it is so: a transmitter is an output like any other."""
        self.set_cell(False)
