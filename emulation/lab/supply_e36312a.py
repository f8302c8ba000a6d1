"""The emulated supply: Keysight E36312A, three outputs; output 2 is the car's battery.

Ref: Keysight E36300 Series Programming Guide; E36312A data sheet (6 V/5 A, 25 V/1 A, 25 V/1 A).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from emulation.bench import EmulatedBench
from emulation.lab.parameters import Boolean, Channels, Integer, Number
from emulation.lab.scpi import CALIBRATION_DATE, CALIBRATION_NOTE, COMMON, ScpiTwin
from emulation.lab.syntax import Row, Setting
from harness.units import MS

OUTPUTS = (1, 2, 3)
LIST = Channels(*OUTPUTS)
OPTIONAL_LIST = Channels(*OUTPUTS, optional=True)

VOLTS = Number("V", 0.0, {1: 6.18, 2: 25.75, 3: 25.75})
AMPERES = Number("A", 0.001, {1: 5.15, 2: 1.03, 3: 1.03}, default=1.0)
PROTECTION_MAX = {1: 6.6, 2: 27.5, 3: 27.5}
PROTECTION = Number("V", 0.0, PROTECTION_MAX, default=PROTECTION_MAX)


class SupplyE36312A(ScpiTwin):
    """Three outputs in constant voltage, in constant current where the load asks for more than the limit."""

    IDENTITY = "Keysight Technologies,E36312A,MY59001234,2.1.0-1.0.4-1.12"
    LATENCY = 3 * MS

    LOAD_OHMS: ClassVar = {2: 36.0}
    """Car's control units at rest on the battery line: 0.33 A at 12 V. Nothing is on the others."""
    NOISE_VOLTS = 0.5e-3
    NOISE_AMPERES = 50e-6
    """Standard deviations of one reading; the data sheet's accuracy is 0.04 % + 2 mV and 0.04 % + 1 mA."""

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self._desk = bench.parts["desk"]
        self._noise = bench.world.random("supply")
        self._tripped: set[int] = set()

    def terminal_volts(self, channel: int) -> float:
        """Voltage at the terminals."""
        if not self.value("output", channel):
            return 0.0
        load = self.LOAD_OHMS.get(channel)
        volts = float(self.value("volts", channel))
        return volts if load is None else min(volts, self.value("amperes", channel) * load)

    def selected(self) -> int:
        """`INSTrument:NSELect`."""
        return int(self.value("selected"))

    def changed(self, setting: str, index: int) -> None:
        """Bring settings to the terminals."""
        if setting != "selected":
            self._settle(index)

    def reset(self) -> None:
        """Every output off."""
        self._tripped.clear()
        for channel in OUTPUTS:
            self._settle(channel)

    def _settle(self, channel: int) -> None:
        volts = self.terminal_volts(channel)
        limited = volts < self.value("volts", channel) and self.value("output", channel)
        if volts > self.value("protection", channel) or (limited and self.value("current protection", channel)):
            self._tripped.add(channel)
        if channel in self._tripped:
            self.put("output", False, channel)
        self.status.questionable.set(1 << channel, channel in self._tripped)
        self._desk.set_supply(channel, self.terminal_volts(channel) if self.value("output", channel) else None)

    def measure_volts(self, channels: Sequence[int] | None) -> str:
        """`MEASure:VOLTage?`."""
        return self._readings(channels, self.terminal_volts, self.NOISE_VOLTS)

    def measure_amperes(self, channels: Sequence[int] | None) -> str:
        """`MEASure:CURRent?`."""
        return self._readings(
            channels,
            lambda channel: self.terminal_volts(channel) / self.LOAD_OHMS.get(channel, 1e9),
            self.NOISE_AMPERES,
        )

    def _readings(self, channels: Sequence[int] | None, truth: Callable[[int], float], noise: float) -> str:
        return ",".join(
            f"{self._noise.gauss(truth(channel), noise):+.8E}" for channel in channels or (self.selected(),)
        )

    def tripped(self, channels: Sequence[int] | None) -> str:
        """`VOLTage:PROTection:TRIPped?`."""
        return ",".join(str(int(channel in self._tripped)) for channel in channels or (self.selected(),))

    def clear_protection(self, channels: Sequence[int] | None) -> None:
        """`OUTPut:PROTection:CLEar`: the output stays off."""
        for channel in channels or (self.selected(),):
            self._tripped.discard(channel)
            self._settle(channel)

    TABLE = (
        *COMMON,
        *CALIBRATION_NOTE,
        CALIBRATION_DATE,
        Setting("selected", "INSTrument:NSELect", Integer(low=1, high=3, default=1)),
        Setting("volts", "[SOURce:]VOLTage[:LEVel][:IMMediate][:AMPLitude]", VOLTS, LIST),
        Setting("amperes", "[SOURce:]CURRent[:LEVel][:IMMediate][:AMPLitude]", AMPERES, LIST),
        Setting("protection", "[SOURce:]VOLTage:PROTection[:LEVel]", PROTECTION, LIST),
        Setting("current protection", "[SOURce:]CURRent:PROTection:STATe", Boolean(), LIST),
        Setting("output", "OUTPut[:STATe]", Boolean(), LIST),
        Row("[SOURce:]VOLTage:PROTection:TRIPped", OPTIONAL_LIST, ask=tripped),
        Row("[SOURce:]CURRent:PROTection:TRIPped", OPTIONAL_LIST, ask=tripped),
        Row("[SOURce:]VOLTage:PROTection:CLEar", OPTIONAL_LIST, do=clear_protection),
        Row("[SOURce:]CURRent:PROTection:CLEar", OPTIONAL_LIST, do=clear_protection),
        Row("OUTPut:PROTection:CLEar", OPTIONAL_LIST, do=clear_protection),
        Row("MEASure[:SCALar]:VOLTage[:DC]", OPTIONAL_LIST, ask=measure_volts),
        Row("MEASure[:SCALar]:CURRent[:DC]", OPTIONAL_LIST, ask=measure_amperes),
    )
