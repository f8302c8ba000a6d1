"""The emulated multimeter: Keysight 34465A on speaker or socket lamp: voices, and the lamp's colour (B-05, B-14, C-07).

Ref: Keysight Truevolt Series Operating and Service Guide (34465A); accuracy 0.003 % DC, 0.05 % + 0.02 % of range AC.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from emulation.bench import EmulatedBench
from emulation.lab.desk import Desk
from emulation.lab.parameters import INFINITY, Boolean, Choice, Integer, Number, Text, is_word
from emulation.lab.scpi import CALIBRATION_DATE, CALIBRATION_NOTE, COMMON, ScpiTwin
from emulation.lab.status import ScpiError
from emulation.lab.syntax import Row, Setting
from emulation.world import Process
from harness.units import MS, US, S

MAINS_CYCLE = 20 * MS
SAMPLE = 20 * US
RANGES = (0.1, 1.0, 10.0, 100.0, 1000.0)
OVER_RANGE = 1.2
"""A range measures up to 120 % of its name."""
RANGE = Number("V", 0.1, 1000, default=10.0)
RESOLUTION = Number("V", 1e-8, 1000, default=1e-5, optional=True)
DELAY = Number("S", 0, 3_600)
APERTURE = {3: 1_600 * MS, 20: 400 * MS, 200: 50 * MS}
"""AC filter bandwidth in Hz -> how long a reading looks at the line."""


class Expected(Number):
    """The value that a measurement expects: a range, or none (AUTO, DEFault, left out), which is to range by itself."""

    def parse(self, text: str, index: int) -> Any:
        if is_word(text, "AUTO") or is_word(text, "DEFault"):
            return None
        return super().parse(text, index)


EXPECTED = Expected("V", 0.1, 1000, default=10.0, optional=True)


class Dmm34465A(ScpiTwin):
    """DC averaged over power line cycles, AC as true RMS without the DC part; both take their time."""

    IDENTITY = "Keysight Technologies,34465A,MY60001234,A.03.02-03.15-03.02-00.52-03-02"
    LATENCY = 1 * MS

    DC_NOISE_VOLTS = 20e-6
    AC_NOISE_FRACTION = 0.0003
    AC_FLOOR_VOLTS = 0.2e-3
    """Standard deviations of one reading, and the noise that an idle AC input shows."""

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self._bench = bench
        self._desk: Desk = bench.parts["desk"]
        self._noise = bench.world.random("dmm")
        self._function = "VOLT"
        self._memory: list[float] = []

    def reset(self) -> None:
        """DC, and nothing in memory."""
        self._function = "VOLT"
        self._memory.clear()

    def configure_dc(self, volts: float | None, resolution: float | None = None) -> None:
        """`CONFigure:VOLTage:DC`; what resolution it wants is reached anyway."""
        del resolution
        self._configure("VOLT", volts)

    def configure_ac(self, volts: float | None, resolution: float | None = None) -> None:
        """`CONFigure:VOLTage:AC`."""
        del resolution
        self._configure("VOLT:AC", volts)

    def set_function(self, name: str) -> None:
        """`FUNCtion`: the name is a string."""
        if is_word(name, "VOLTage") or is_word(name.upper().removesuffix(":DC"), "VOLTage"):
            self._function = "VOLT"
        elif is_word(name.upper().removesuffix(":AC"), "VOLTage"):
            self._function = "VOLT:AC"
        else:
            raise ScpiError(-224, f"expected VOLT or VOLT:AC, got {name}")

    def function(self) -> str:
        """`FUNCtion?`."""
        return f'"{self._function}"'

    def _configure(self, function: str, volts: float | None) -> None:
        self._function = function
        prefix = "ac " if function.endswith("AC") else ""
        self.put(f"{prefix}auto range", volts is None)
        if volts is not None:
            self.put(f"{prefix}range", min(limit for limit in RANGES if limit >= volts))
        for setting, value in (("samples", 1), ("triggers", 1), ("delay", 0.0), ("auto delay", True)):
            self.put(setting, value)
        self.put("trigger", "IMM")

    def configuration(self) -> str:
        """`CONFigure?`."""
        return f'"{self._function} {self._range():+.8E}"'

    def measure_dc(self, volts: float | None, resolution: float | None = None) -> Process:
        """`MEASure:VOLTage:DC?`."""
        self.configure_dc(volts, resolution)
        return (yield from self.read())

    def measure_ac(self, volts: float | None, resolution: float | None = None) -> Process:
        """`MEASure:VOLTage:AC?`."""
        self.configure_ac(volts, resolution)
        return (yield from self.read())

    def read(self) -> Process:
        """`READ?`: INITiate, then FETCh?."""
        yield from self.initiate()
        return self.fetch()

    def initiate(self) -> Process:
        """`INITiate`: take the readings, one after the other."""
        if self.value("trigger") != "IMM":
            raise ScpiError(-221, "only the immediate trigger source takes readings without a trigger")
        self._memory = []
        delay = 0 if self.value("auto delay") else round(self.value("delay") * S)
        for _ in range(self.value("samples") * self.value("triggers")):
            if delay:
                yield delay
            aperture = self._aperture()
            start = self.world.now
            yield aperture
            line = self._bench.line(self._desk.dmm_line())
            self._memory.append(self._reading(line.sample(start, SAMPLE, max(1, aperture // SAMPLE))))

    def fetch(self) -> str:
        """`FETCh?`."""
        if not self._memory:
            raise ScpiError(-230, "no reading was taken yet")
        return ",".join(f"{reading:+.8E}" for reading in self._memory)

    def reading_count(self) -> int:
        """`DATA:POINts?`."""
        return len(self._memory)

    def terminals(self) -> str:
        """`ROUTe:TERMinals?`: the bench is wired to the front."""
        return "FRON"

    def beep(self) -> None:
        """`SYSTem:BEEPer`: nobody is in the laboratory to hear it."""

    def changed(self, setting: str, index: int) -> None:
        """A range that is chosen ends ranging by itself, a delay that is chosen the one by itself."""
        del index
        if setting in {"range", "ac range"}:
            self.put(setting, min(limit for limit in RANGES if limit >= self.value(setting)))
            self.put(setting.replace("range", "auto range"), False)
        elif setting == "delay":
            self.put("auto delay", False)

    def _range(self) -> float:
        return float(self.value("ac range" if self._function == "VOLT:AC" else "range"))

    def _aperture(self) -> int:
        if self._function == "VOLT":
            return max(SAMPLE, round(float(self.value("cycles")) * MAINS_CYCLE))
        bandwidth = max(hertz for hertz in APERTURE if hertz <= self.value("bandwidth"))
        return APERTURE[bandwidth]

    def _reading(self, volts: NDArray[np.float64]) -> float:
        if self._function == "VOLT":
            reading = float(volts.mean()) + self._noise.gauss(0, self.DC_NOISE_VOLTS)
        else:
            rms = float(np.hypot(volts.std(), self.AC_FLOOR_VOLTS))
            reading = rms * (1 + self._noise.gauss(0, self.AC_NOISE_FRACTION))
        prefix = "ac " if self._function == "VOLT:AC" else ""
        limit = RANGES[-1] if self.value(f"{prefix}auto range") else self._range()
        return reading if abs(reading) <= limit * OVER_RANGE else INFINITY

    TABLE = (
        *COMMON,
        *CALIBRATION_NOTE,
        CALIBRATION_DATE,
        Setting("auto range", "[SENSe:]VOLTage[:DC]:RANGe:AUTO", Boolean(default=True)),
        Setting("range", "[SENSe:]VOLTage[:DC]:RANGe", RANGE),
        Setting("cycles", "[SENSe:]VOLTage[:DC]:NPLC", Number("", 0.02, 100, default=10)),
        Setting("resolution", "[SENSe:]VOLTage[:DC]:RESolution", RESOLUTION),
        Setting("auto zero", "[SENSe:]VOLTage[:DC]:ZERO:AUTO", Boolean(default=True)),
        Setting("auto impedance", "[SENSe:]VOLTage[:DC]:IMPedance:AUTO", Boolean()),
        Setting("ac auto range", "[SENSe:]VOLTage:AC:RANGe:AUTO", Boolean(default=True)),
        Setting("ac range", "[SENSe:]VOLTage:AC:RANGe", RANGE),
        Setting("bandwidth", "[SENSe:]VOLTage:AC:BANDwidth", Number("HZ", 3, 200, default=20)),
        Row("[SENSe:]FUNCtion[:ON]", Text(20), do=set_function),
        Row("[SENSe:]FUNCtion[:ON]", ask=function),
        Setting("samples", "SAMPle:COUNt", Integer(low=1, high=1_000, default=1)),
        Setting("triggers", "TRIGger:COUNt", Integer(low=1, high=1_000, default=1)),
        Setting("delay", "TRIGger:DELay", DELAY),
        Setting("auto delay", "TRIGger:DELay:AUTO", Boolean(default=True)),
        Setting("trigger", "TRIGger:SOURce", Choice("IMMediate", "BUS", "EXTernal")),
        Row("CONFigure:VOLTage[:DC]", EXPECTED, RESOLUTION, do=configure_dc),
        Row("CONFigure:VOLTage:AC", EXPECTED, RESOLUTION, do=configure_ac),
        Row("CONFigure", ask=configuration),
        Row("MEASure:VOLTage[:DC]", EXPECTED, RESOLUTION, ask=measure_dc),
        Row("MEASure:VOLTage:AC", EXPECTED, RESOLUTION, ask=measure_ac),
        Row("INITiate[:IMMediate]", do=initiate),
        Row("READ", ask=read),
        Row("FETCh", ask=fetch),
        Row("DATA:POINts", ask=reading_count),
        Row("ROUTe:TERMinals", ask=terminals),
        Setting("display", "DISPlay[:STATe]", Boolean(default=True)),
        Setting("shown text", "DISPlay:TEXT[:DATA]", Text(40)),
        Row("SYSTem:BEEPer[:IMMediate]", do=beep),
        Setting("beeper", "SYSTem:BEEPer:STATe", Boolean(default=True)),
    )
