"""The emulated oscilloscope: Keysight InfiniiVision DSO-X 3024A; measures how long a button was held (B-10, B-14).

Ref: Keysight InfiniiVision 3000 X-Series Oscilloscopes Programmer's Guide; 3000 X-Series data sheet (8 bit, 25 ppm,
DC gain 2 % of full scale).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emulation.bench import EmulatedBench
from emulation.lab import scope_trigger as trigger
from emulation.lab.desk import SCOPE_LINES
from emulation.lab.exchange import block
from emulation.lab.parameters import INFINITY, Choice
from emulation.lab.scope_memory import DIVISIONS_DOWN, LEVELS, Record, positive_width, written
from emulation.lab.scope_setup import SETTINGS, ScopeSetup
from emulation.lab.scpi import COMMON, ScpiTwin
from emulation.lab.status import ScpiError
from emulation.lab.syntax import Row
from emulation.world import Condition, Process, Task
from harness.units import MS, S

RUNNING = 8
"""Bit of the operation status condition register while an acquisition waits or fills."""
OPTIONAL_SOURCE = Choice(*(f"CHANnel{channel}" for channel in SCOPE_LINES), optional=True)


class ScopeInfiniiVision(ScopeSetup):
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
    SCREEN = 20 * MS
    """While it runs, a waveform is shown so long before the next is taken."""

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

    # Acquisition

    def single(self) -> None:
        """`:SINGle`: one acquisition, while commands go on."""
        self._begin(self._acquire())

    def run(self) -> None:
        """`:RUN`: one acquisition after the other, until `:STOP`."""
        self._begin(self._repeat())

    def _begin(self, acquisition: Process) -> None:
        self.stop()
        self.status.operation.set(RUNNING, True)
        self._acquisition = self.world.spawn(acquisition, "acquisition")

    def _repeat(self) -> Process:
        while True:
            yield from self._acquire()
            self.status.operation.set(RUNNING, True)
            yield self.SCREEN

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
            self._stretch,
            {channel: self._total_gain(channel) for channel in SCOPE_LINES},
            {channel: float(self.value("scale", channel)) for channel in SCOPE_LINES},
            {channel: float(self.value("offset", channel)) for channel in SCOPE_LINES},
        )
        self._codes.clear()
        self.status.operation.set(RUNNING, False)

    def _total_gain(self, channel: int) -> float:
        sign = -1 if self.value("invert", channel) else 1
        return sign * self._gain[channel] * float(self.value("probe", channel))

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

    # Memory

    def preamble(self) -> str:
        """`:WAVeform:PREamble?`: format, type, points, count, x and y increment, origin, reference."""
        record, points = self._recorded()
        layout = self.value("format")
        levels = LEVELS * LEVELS if layout == "WORD" else LEVELS
        channel = self._source(None)
        return ",".join(
            (
                {"BYTE": "+0", "WORD": "+1", "ASC": "+4"}[layout],
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

    def data(self) -> Process:
        """`:WAVeform:DATA?`: unsigned codes, or volts in words, as a block."""
        channel = self._source(None)
        record, _ = self._recorded()
        codes = yield from self._digits(channel)
        if self.value("format") == "BYTE":
            return block(codes.tobytes())
        if self.value("format") == "ASC":
            return block((yield from written(record.volts(channel, codes))))
        order = "<u2" if self.value("byte order") == "LSBF" else ">u2"
        return block((codes.astype(np.uint16) << 8).astype(order).tobytes())

    def _recorded(self) -> tuple[Record, int]:
        if self._record is None:
            raise ScpiError(-230, "nothing was acquired yet")
        return self._record, int(self.value("points"))

    def _source(self, source: str | None) -> int:
        return int((source or self.value("source"))[-1])

    def _digits(self, channel: int) -> Process:
        record, points = self._recorded()
        codes = self._codes.get((channel, points))
        if codes is None:
            codes = yield from record.digitize(self._lines[channel], channel, points, self._front_end_noise)
            if record is self._record:
                self._codes[channel, points] = codes
        return codes

    def _front_end_noise(self, count: int) -> NDArray[np.float32]:
        codes = np.float32(self.NOISE_DIVISIONS * LEVELS / DIVISIONS_DOWN)
        return self._noise.standard_normal(count, dtype=np.float32) * codes

    def _volts(self, source: str | None) -> Process:
        channel = self._source(source)
        record, _ = self._recorded()
        return record.volts(channel, (yield from self._digits(channel)))

    # Measurements

    def positive_width(self, source: str | None) -> Process:
        """`:MEASure:PWIDth?`: first positive pulse between its 50 % crossings in s, 9.9E+37 where there is none."""
        record, points = self._recorded()
        volts = yield from self._volts(source)
        width = positive_width(volts, DIVISIONS_DOWN * 0.1 * record.scale[self._source(source)])
        return width if width == INFINITY else width * record.range_seconds / points

    def maximum(self, source: str | None) -> Process:
        """`:MEASure:VMAX?` in V."""
        return float((yield from self._volts(source)).max())

    def minimum(self, source: str | None) -> Process:
        """`:MEASure:VMIN?` in V."""
        return float((yield from self._volts(source)).min())

    def operation_register(self) -> int:
        """`:OPERegister:CONDition?`."""
        return self.operation_condition()

    TABLE = (
        *COMMON,
        Row("CALibrate:DATE", ask=ScpiTwin.calibration_date),
        Row("SINGle", do=single),
        Row("RUN", do=run),
        Row("DIGitize", *(OPTIONAL_SOURCE for _ in SCOPE_LINES), do=digitize),
        Row("STOP", do=stop),
        Row("AER", ask=armed),
        Row("OPERegister:CONDition", ask=operation_register),
        *SETTINGS,
        Row("WAVeform:PREamble", ask=preamble),
        Row("WAVeform:DATA", ask=data),
        Row("MEASure:PWIDth", OPTIONAL_SOURCE, ask=positive_width),
        Row("MEASure:VMAX", OPTIONAL_SOURCE, ask=maximum),
        Row("MEASure:VMIN", OPTIONAL_SOURCE, ask=minimum),
    )
