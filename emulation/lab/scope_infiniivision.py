"""The emulated oscilloscope: Keysight InfiniiVision DSO-X 3024A; measures how long a button was held (B-10, B-14).

Ref: Keysight InfiniiVision 3000 X-Series Oscilloscopes Programmer's Guide; 3000 X-Series data sheet (8 bit, 25 ppm,
DC gain 2 % of full scale).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emulation.bench import EmulatedBench
from emulation.lab import scope_trigger as trigger
from emulation.lab.desk import SCOPE_LINES
from emulation.lab.exchange import block
from emulation.lab.parameters import INFINITY, Boolean, Choice, Integer, Number
from emulation.lab.scpi import COMMON, ScpiTwin
from emulation.lab.status import ScpiError
from emulation.lab.syntax import Row, Setting
from emulation.world import Condition, Process, Task
from harness.units import MS, S

DIVISIONS_DOWN = 8
DIVISIONS_ACROSS = 10
RUNNING = 8
"""Bit of the operation status condition register while an acquisition waits or fills."""
SOURCES = Choice(*(f"CHANnel{channel}" for channel in SCOPE_LINES))
OPTIONAL_SOURCE = Choice(*(f"CHANnel{channel}" for channel in SCOPE_LINES), optional=True)
MEMORY = (100, 250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
"""Numbers of points that a record can be read with."""


@dataclass(frozen=True)
class Record:
    """One acquisition: when it was triggered, and with which settings."""

    trigger: float
    start_seconds: float
    range_seconds: float
    scale: dict[int, float]
    offset: dict[int, float]


class ScopeInfiniiVision(ScpiTwin):
    """Single acquisitions of four lines, with noise, 8 bits, and a timebase that is slightly off."""

    IDENTITY = "KEYSIGHT TECHNOLOGIES,DSO-X 3024A,MY54001234,02.50.2019022736"
    OPTIONS = "0,0,0,0,0,0,0,0,0,0,0,0,MEMUP,0,0,0,0"
    LATENCY = 2 * MS

    TIMEBASE_PPM = 25.0
    GAIN_ERROR = 0.02
    """Limits of error; those of this run are somewhere within, and stay there."""
    NOISE_DIVISIONS = 0.02
    """Standard deviation of the front end's noise."""
    AUTO_TRIGGER = 100 * MS

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        random = bench.world.random("scope")
        self._stretch = 1 + random.uniform(-1, 1) * self.TIMEBASE_PPM * 1e-6
        self._gain = {channel: 1 + random.uniform(-1, 1) * self.GAIN_ERROR for channel in SCOPE_LINES}
        self._noise = np.random.default_rng(random.getrandbits(64))
        self._lines = {channel: bench.line(name) for channel, name in SCOPE_LINES.items()}
        self._acquisition: Task | None = None
        self._armed = False
        self._record: Record | None = None
        self._codes: dict[tuple[int, int], NDArray[np.uint8]] = {}

    def changed(self, setting: str, index: int) -> None:
        """The record is read with the next smaller number of points that the memory offers."""
        del index
        if setting == "points":
            self.put("points", max(points for points in MEMORY if points <= self.value("points")))

    # Acquisition

    def single(self) -> None:
        """`:SINGle`: one acquisition, while commands go on."""
        self.stop()
        self.status.operation.set(RUNNING, True)
        self._acquisition = self.world.spawn(self._acquire(), "acquisition")

    def digitize(self, *_sources: str) -> Condition:
        """`:DIGitize`: one acquisition that `*OPC?` waits for."""
        self.single()
        assert self._acquisition is not None  # just begun
        return self._acquisition

    def stop(self) -> None:
        """`:STOP`."""
        self._armed = False
        self.status.operation.set(RUNNING, False)
        if self._acquisition is not None:
            self._acquisition.stop()
            self._acquisition = None

    def reset(self) -> None:
        """Stopped, memory empty."""
        self.stop()
        self._record = None

    def armed(self) -> int:
        """`:AER?`: whether the trigger has been armed since it was last asked."""
        armed, self._armed = self._armed, False
        return int(armed)

    def _acquire(self) -> Process:
        span = float(self.value("range"))
        start = float(self.value("position")) - span * {"LEFT": 0.1, "CENT": 0.5, "RIGH": 0.9}[self.value("reference")]
        yield max(1, self._ns(-start))  # the trigger counts once the part before it is in memory
        self._armed = True
        triggered = self.world.spawn(
            self._edge_trigger() if self.value("trigger mode") == "EDGE" else self._glitch_trigger(), "scope trigger"
        )
        try:
            if self.value("sweep") == "AUTO":
                yield triggered | self.world.after(self.AUTO_TRIGGER)
            else:
                yield triggered
        finally:
            triggered.stop()
        moment = self.world.now if triggered.value is None else triggered.value
        yield max(1, round(moment) + self._ns(start + span) - self.world.now)
        self._record = Record(
            moment,
            start,
            span,
            {channel: float(self.value("scale", channel)) for channel in SCOPE_LINES},
            {channel: float(self.value("offset", channel)) for channel in SCOPE_LINES},
        )
        self._codes.clear()
        self.status.operation.set(RUNNING, False)

    def _ns(self, seconds: float) -> int:
        return round(seconds * S * self._stretch)

    # Trigger

    def _edge_trigger(self) -> Process:
        line = self._lines[int(self.value("edge source")[-1])]
        return trigger.edge(self.world, line, float(self.value("edge level")), self.value("edge slope"))

    def _glitch_trigger(self) -> Process:
        line = self._lines[int(self.value("glitch source")[-1])]
        positive = self.value("glitch polarity") == "POS"
        return trigger.pulse(self.world, line, float(self.value("glitch level")), positive, self._qualifies)

    def _qualifies(self, width: float) -> bool:
        seconds = width / S / self._stretch
        longer = seconds > float(self.value("glitch greater"))
        shorter = seconds < float(self.value("glitch less"))
        return {"GRE": longer, "LESS": shorter, "RANG": longer and shorter}[self.value("glitch qualifier")]

    def set_glitch_range(self, less: float, greater: float) -> None:
        """`:TRIGger:GLITch:RANGe`: shorter than the first, longer than the second."""
        if less <= greater:
            raise ScpiError(-221, f"no pulse is shorter than {less:g} s and longer than {greater:g} s")
        self.put("glitch less", less)
        self.put("glitch greater", greater)

    # Memory

    def preamble(self) -> str:
        """`:WAVeform:PREamble?`: format, type, points, count, x and y increment, origin, reference."""
        record, points = self._recorded()
        wide = self.value("format") == "WORD"
        levels = 65_536 if wide else 256
        channel = self._source(None)
        return ",".join(
            (
                "+1" if wide else "+0",
                "+0",
                f"{points:+d}",
                "+1",
                f"{record.range_seconds / points:+.8E}",
                f"{record.start_seconds:+.14E}",
                "+0",
                f"{record.scale[channel] * DIVISIONS_DOWN / levels:+.8E}",
                f"{record.offset[channel]:+.8E}",
                f"{levels // 2:+d}",
            )
        )

    def data(self) -> bytes:
        """`:WAVeform:DATA?`: unsigned codes as a block."""
        codes = self._digits(self._source(None))
        if self.value("format") == "BYTE":
            return block(codes.tobytes())
        order = "<u2" if self.value("byte order") == "LSBF" else ">u2"
        return block((codes.astype(np.uint16) << 8).astype(order).tobytes())

    def _recorded(self) -> tuple[Record, int]:
        if self._record is None:
            raise ScpiError(-230, "nothing was acquired yet")
        return self._record, int(self.value("points"))

    def _source(self, source: str | None) -> int:
        return int((source or self.value("source"))[-1])

    def _digits(self, channel: int) -> NDArray[np.uint8]:
        record, points = self._recorded()
        if (channel, points) not in self._codes:
            interval = record.range_seconds / points * S * self._stretch
            start = round(record.trigger + record.start_seconds * S * self._stretch)
            volts = self._lines[channel].sample(start, interval, points)
            volts = volts.astype(np.float32)
            step = record.scale[channel] * DIVISIONS_DOWN / 256
            volts *= np.float32(self._gain[channel] / step)
            noise = self._noise.standard_normal(points, dtype=np.float32)
            noise *= np.float32(self.NOISE_DIVISIONS * 256 / DIVISIONS_DOWN)
            volts += noise
            volts += np.float32(128.5 - record.offset[channel] / step)
            self._codes[channel, points] = np.clip(volts, 0, 255, out=volts).astype(np.uint8)
        return self._codes[channel, points]

    def _volts(self, source: str | None) -> NDArray[np.float64]:
        channel = self._source(source)
        record, _ = self._recorded()
        codes = self._digits(channel).astype(np.float64)
        return (codes - 128) * record.scale[channel] * DIVISIONS_DOWN / 256 + record.offset[channel]

    # Measurements

    def positive_width(self, source: str | None) -> float:
        """`:MEASure:PWIDth?`: first positive pulse between its 50 % crossings in s, 9.9E+37 where there is none."""
        volts = self._volts(source)
        record, points = self._recorded()
        low, high = volts.min(), volts.max()
        if high - low < DIVISIONS_DOWN * 0.1 * record.scale[self._source(source)]:
            return INFINITY
        above = volts > (low + high) / 2
        rises = np.flatnonzero(~above[:-1] & above[1:])
        falls = np.flatnonzero(above[:-1] & ~above[1:])
        if not len(rises) or not len(falls[falls > rises[0]]):
            return INFINITY
        ends = falls[falls > rises[0]][0]
        return float(ends - rises[0]) * record.range_seconds / points

    def maximum(self, source: str | None) -> float:
        """`:MEASure:VMAX?` in V."""
        return float(self._volts(source).max())

    def minimum(self, source: str | None) -> float:
        """`:MEASure:VMIN?` in V."""
        return float(self._volts(source).min())

    def operation_register(self) -> int:
        """`:OPERegister:CONDition?`."""
        return self.operation_condition()

    TABLE = (
        *COMMON,
        Row("CALibrate:DATE", ask=ScpiTwin.calibration_date),
        Row("SINGle", do=single),
        Row("DIGitize", *(OPTIONAL_SOURCE for _ in SCOPE_LINES), do=digitize),
        Row("STOP", do=stop),
        Row("AER", ask=armed),
        Row("OPERegister:CONDition", ask=operation_register),
        Setting("display", "CHANnel<1:4>:DISPlay", Boolean()),
        Setting("scale", "CHANnel<1:4>:SCALe", Number("V", 1e-3, 5, default=1.0)),
        Setting("offset", "CHANnel<1:4>:OFFSet", Number("V", -50, 50)),
        Setting("coupling", "CHANnel<1:4>:COUPling", Choice("DC")),
        Setting("range", "TIMebase:RANGe", Number("S", 20e-9, 500, default=1e-3)),
        Setting("position", "TIMebase:POSition", Number("S", -500, 500)),
        Setting("reference", "TIMebase:REFerence", Choice("CENTer", "LEFT", "RIGHt")),
        Setting("trigger mode", "TRIGger:MODE", Choice("EDGE", "GLITch")),
        Setting("sweep", "TRIGger:SWEep", Choice("AUTO", "NORMal")),
        Setting("edge source", "TRIGger[:EDGE]:SOURce", SOURCES),
        Setting("edge level", "TRIGger[:EDGE]:LEVel", Number("V", -50, 50)),
        Setting("edge slope", "TRIGger[:EDGE]:SLOPe", Choice("POSitive", "NEGative", "EITHer")),
        Setting("glitch source", "TRIGger:GLITch:SOURce", SOURCES),
        Setting("glitch level", "TRIGger:GLITch:LEVel", Number("V", -50, 50)),
        Setting("glitch polarity", "TRIGger:GLITch:POLarity", Choice("POSitive", "NEGative")),
        Setting("glitch qualifier", "TRIGger:GLITch:QUALifier", Choice("LESSthan", "GREaterthan", "RANGe")),
        Setting("glitch greater", "TRIGger:GLITch:GREaterthan", Number("S", 2e-9, 10, default=2e-9)),
        Setting("glitch less", "TRIGger:GLITch:LESSthan", Number("S", 2e-9, 10, default=30e-9)),
        Row("TRIGger:GLITch:RANGe", Number("S", 2e-9, 10), Number("S", 2e-9, 10), do=set_glitch_range),
        Setting("source", "WAVeform:SOURce", SOURCES),
        Setting("format", "WAVeform:FORMat", Choice("BYTE", "WORD")),
        Setting("unsigned", "WAVeform:UNSigned", Choice("1", "ON")),
        Setting("byte order", "WAVeform:BYTeorder", Choice("MSBFirst", "LSBFirst")),
        Setting("points mode", "WAVeform:POINts:MODE", Choice("NORMal", "RAW", "MAXimum")),
        Setting("points", "WAVeform:POINts", Integer(low=MEMORY[0], high=MEMORY[-1], default=1_000)),
        Row("WAVeform:PREamble", ask=preamble),
        Row("WAVeform:DATA", ask=data),
        Row("MEASure:PWIDth", OPTIONAL_SOURCE, ask=positive_width),
        Row("MEASure:VMAX", OPTIONAL_SOURCE, ask=maximum),
        Row("MEASure:VMIN", OPTIONAL_SOURCE, ask=minimum),
    )
