"""Driver of the Keysight 34465A multimeter (role Dmm): AC on the speaker line proves voice contact (B-05, B-14)."""

# Ref: Keysight Truevolt Series Digital Multimeters, Operating and Service Guide

from __future__ import annotations

from harness.errors import InstrumentError
from instruments.commands import Action, Query
from instruments.scpi import ScpiInstrument


class Dmm34465A(ScpiInstrument):
    """DC over one power line cycle, AC as true RMS above 200 Hz: fast readings of voice and supply lines."""

    MODELS = ("34465A", "34470A")

    DC = Action("CONF:VOLT:DC 100")
    ONE_CYCLE = Action("VOLT:DC:NPLC 1")
    AC = Action("CONF:VOLT:AC 10")
    FAST = Action("VOLT:AC:BAND 200")
    READ = Query("READ?")
    CONFIGURATION = Query("CONF?")

    def measure_dc_volts(self) -> float:
        """One reading of DC voltage, averaged over 20 ms."""
        self.do(self.DC)
        self.do(self.ONE_CYCLE)
        return self.number(self.READ)

    def measure_ac_volts(self) -> float:
        """One reading of AC voltage, RMS, 200 Hz and up."""
        self.do(self.AC)
        self.do(self.FAST)
        return self.number(self.READ)

    def make_safe(self) -> None:
        """A multimeter drives nothing; puts it on its 100 V range, which bears whatever the bench has."""
        self.do(self.DC)
        if not self.text(self.CONFIGURATION).startswith('"VOLT'):
            raise InstrumentError(f"{self} is not in voltage measurement after CONF:VOLT:DC")
