"""Driver of the Keysight E36312A power supply (role Supply): the car's battery, 9 V to 16 V."""

# Ref: Keysight E36300 Series Programming Guide

from __future__ import annotations

from harness.errors import InstrumentError
from instruments.commands import Action, Query, Setting
from instruments.scpi import ScpiInstrument

OUTPUTS = (1, 2, 3)
VOLTS_MAX = {1: 6.18, 2: 25.75, 3: 25.75}
AMPERES_MAX = {1: 5.15, 2: 1.03, 3: 1.03}
PROTECTION_MAX = {1: 6.6, 2: 27.5, 3: 27.5}
SAFE_VOLTS = 0.1
SAFE_WAIT_READINGS = 20
"""An output that is off may hold charge for a moment; it is read this often before it counts as not safe."""


class E36312A(ScpiInstrument):
    """Three outputs: 6 V/5 A, 25 V/1 A, 25 V/1 A."""

    MODELS = ("E36312A",)

    VOLTAGE = Setting("VOLT {value},(@{output})", "V", low=0, high=VOLTS_MAX, output=OUTPUTS)
    CURRENT = Setting("CURR {value},(@{output})", "A", low=0.001, high=AMPERES_MAX, output=OUTPUTS)
    PROTECTION = Setting("VOLT:PROT {value},(@{output})", "V", low=0, high=PROTECTION_MAX, output=OUTPUTS)
    ON = Action("OUTP ON,(@{output})", output=OUTPUTS)
    OFF = Action("OUTP OFF,(@{output})", output=OUTPUTS)
    IS_ON = Query("OUTP? (@{output})", output=OUTPUTS)
    TRIPPED = Query("VOLT:PROT:TRIP? (@{output})", output=OUTPUTS)
    CLEAR_PROTECTION = Action("VOLT:PROT:CLE (@{output})", output=OUTPUTS)
    MEASURED_VOLTAGE = Query("MEAS:VOLT? (@{output})", output=OUTPUTS)
    MEASURED_CURRENT = Query("MEAS:CURR? (@{output})", output=OUTPUTS)

    def set_voltage(self, channel: int, volts: float) -> None:
        """Set the output voltage."""
        self.set(self.VOLTAGE, volts, output=channel)

    def set_current_limit(self, channel: int, amperes: float) -> None:
        """Set the current limit."""
        self.set(self.CURRENT, amperes, output=channel)

    def set_overvoltage_protection(self, channel: int, volts: float) -> None:
        """Above this voltage the output switches itself off."""
        self.set(self.PROTECTION, volts, output=channel)

    def set_output(self, channel: int, on: bool) -> None:
        """Switch the output; raises `InstrumentError` where its protection switched it off again."""
        self.do(self.ON if on else self.OFF, output=channel)
        if on and not self.output_is_on(channel):
            tripped = self.protection_tripped(channel)
            raise InstrumentError(
                f"{self}: output {channel} did not stay on"
                + ("; its protection has tripped: check the load, then clear_protection()" if tripped else "")
            )

    def output_is_on(self, channel: int) -> bool:
        """Whether the output is on, by the instrument's own answer."""
        return self.flag(self.IS_ON, output=channel)

    def protection_tripped(self, channel: int) -> bool:
        """Whether a protection has switched the output off."""
        return self.flag(self.TRIPPED, output=channel)

    def clear_protection(self, channel: int) -> None:
        """Allow the output again after its protection has tripped; it stays off."""
        self.do(self.CLEAR_PROTECTION, output=channel)

    def measure_voltage(self, channel: int) -> float:
        """Voltage at the terminals."""
        return self.number(self.MEASURED_VOLTAGE, output=channel)

    def measure_current(self, channel: int) -> float:
        """Current drawn."""
        return self.number(self.MEASURED_CURRENT, output=channel)

    def make_safe(self) -> None:
        """Every output off; reads back the switch and the voltage at the terminals."""
        for channel in OUTPUTS:
            self.do(self.OFF, output=channel)
        for channel in OUTPUTS:
            readings = (self.measure_voltage(channel) for _ in range(SAFE_WAIT_READINGS))
            if self.output_is_on(channel) or not any(abs(volts) < SAFE_VOLTS for volts in readings):
                raise InstrumentError(f"{self}: output {channel} is not off after OUTP OFF")
