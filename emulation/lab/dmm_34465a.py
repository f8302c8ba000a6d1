"""The emulated multimeter: Keysight 34465A on the speaker line; its AC voltage proves voice contact (B-05, B-14).

Ref: Keysight Truevolt Series Operating and Service Guide (34465A); accuracy 0.003 % DC, 0.05 % + 0.02 % of range AC.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emulation.bench import EmulatedBench
from emulation.lab.desk import DMM_LINE
from emulation.lab.parameters import INFINITY, Boolean, Choice, Integer, Number
from emulation.lab.scpi import CALIBRATION_DATE, CALIBRATION_NOTE, COMMON, ScpiTwin
from emulation.lab.status import ScpiError
from emulation.lab.syntax import Row, Setting
from emulation.world import Process
from harness.units import MS, US

MAINS_CYCLE = 20 * MS
SAMPLE = 20 * US
RANGES = (0.1, 1.0, 10.0, 100.0, 1000.0)
OVER_RANGE = 1.2
"""A range measures up to 120 % of its name."""
RANGE = Number("V", 0.1, 1000, default=10.0, optional=True)
APERTURE = {3: 1_600 * MS, 20: 400 * MS, 200: 50 * MS}
"""AC filter bandwidth in Hz -> how long a reading looks at the line."""


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
        self._line = bench.line(DMM_LINE)
        self._noise = bench.world.random("dmm")
        self._function = "VOLT"
        self._memory: list[float] = []

    def reset(self) -> None:
        """DC, and nothing in memory."""
        self._function = "VOLT"
        self._memory.clear()

    def configure_dc(self, volts: float | None) -> None:
        """`CONFigure:VOLTage:DC`."""
        self._configure("VOLT", volts)

    def configure_ac(self, volts: float | None) -> None:
        """`CONFigure:VOLTage:AC`."""
        self._configure("VOLT:AC", volts)

    def _configure(self, function: str, volts: float | None) -> None:
        self._function = function
        self.put("auto range", volts is None)
        if volts is not None:
            self.put("range", min(limit for limit in RANGES if limit >= volts))
        self.put("samples", 1)
        self.put("trigger", "IMM")

    def configuration(self) -> str:
        """`CONFigure?`."""
        return f'"{self._function} {self.value("range"):+.8E}"'

    def measure_dc(self, volts: float | None) -> Process:
        """`MEASure:VOLTage:DC?`."""
        self.configure_dc(volts)
        return (yield from self.read())

    def measure_ac(self, volts: float | None) -> Process:
        """`MEASure:VOLTage:AC?`."""
        self.configure_ac(volts)
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
        for _ in range(self.value("samples")):
            aperture = self._aperture()
            start = self.world.now
            yield aperture
            self._memory.append(self._reading(self._line.sample(start, SAMPLE, max(1, aperture // SAMPLE))))

    def fetch(self) -> str:
        """`FETCh?`."""
        if not self._memory:
            raise ScpiError(-230, "no reading was taken yet")
        return ",".join(f"{reading:+.8E}" for reading in self._memory)

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
        limit = RANGES[-1] if self.value("auto range") else self.value("range")
        return reading if abs(reading) <= limit * OVER_RANGE else INFINITY

    TABLE = (
        *COMMON,
        *CALIBRATION_NOTE,
        CALIBRATION_DATE,
        Setting("auto range", "[SENSe:]VOLTage[:DC]:RANGe:AUTO", Boolean(default=True)),
        Setting("range", "[SENSe:]VOLTage[:DC]:RANGe", RANGE),
        Setting("cycles", "[SENSe:]VOLTage[:DC]:NPLC", Number("", 0.02, 100, default=10)),
        Setting("bandwidth", "[SENSe:]VOLTage:AC:BANDwidth", Number("HZ", 3, 200, default=20)),
        Setting("samples", "SAMPle:COUNt", Integer(low=1, high=1_000, default=1)),
        Setting("trigger", "TRIGger:SOURce", Choice("IMMediate", "BUS", "EXTernal")),
        Row("CONFigure:VOLTage[:DC]", RANGE, do=configure_dc),
        Row("CONFigure:VOLTage:AC", RANGE, do=configure_ac),
        Row("CONFigure", ask=configuration),
        Row("MEASure:VOLTage[:DC]", RANGE, ask=measure_dc),
        Row("MEASure:VOLTage:AC", RANGE, ask=measure_ac),
        Row("INITiate[:IMMediate]", do=initiate),
        Row("READ", ask=read),
        Row("FETCh", ask=fetch),
    )
