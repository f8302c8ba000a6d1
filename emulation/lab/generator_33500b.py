"""The emulated generator: Keysight 33522B, two channels; presses a button for an exact time, and speaks for the driver.

Ref: Keysight Trueform Series Operating and Service Guide (33500B); timebase 1 ppm a year and 1 ppm of setting.
"""

from __future__ import annotations

from functools import reduce
from math import sqrt
from operator import and_

from emulation.bench import EmulatedBench
from emulation.lab.parameters import INFINITY, Boolean, Choice, Integer, Number, Text
from emulation.lab.scpi import CALIBRATION_NOTE, COMMON, ScpiTwin
from emulation.lab.status import ScpiError
from emulation.lab.syntax import Row, Setting
from emulation.lines import Drive
from emulation.world import Condition, Process, Task
from harness.units import MS, S

CHANNELS = (1, 2)
OPEN_CIRCUIT_VOLTS = 10.0
SOURCE_OHMS = 50.0
AMPLITUDE_MIN = 1e-3
DUTY = Number("", 0.01, 99.99, default=50.0)
"""Percent of the period."""
EDGE = Number("S", 8.4e-9, 1e-6, default=10e-9)
"""Kept, and without effect: the bench's wiring makes every edge slower than the slowest that can be set."""
OFFSET_MAX = OPEN_CIRCUIT_VOLTS - AMPLITUDE_MIN / 2
PERCENT = 100.0


class Generator33500B(ScpiTwin):
    """Pulse, square, sine and DC; continuous, or so many cycles for each trigger."""

    IDENTITY = "Agilent Technologies,33522B,MY57001234,4.00-1.19-2.00-52-00"
    LATENCY = 1 * MS

    TIMEBASE_PPM = 2.0
    """Limit of error; the timebase of this run is somewhere within, and stays there."""

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self._desk = bench.parts["desk"]
        self._stretch = 1 + bench.world.random("generator").uniform(-1, 1) * self.TIMEBASE_PPM * 1e-6
        self._playing: dict[int, Task] = {}
        self._burst_until = dict.fromkeys(CHANNELS, 0)

    def changed(self, setting: str, index: int) -> None:
        """Refuse what contradicts another setting, then begin anew with what was set."""
        del setting
        for channel in CHANNELS if index == 0 else (index,):
            self._check(channel)
            self._begin(channel)

    def reset(self) -> None:
        """Both outputs off."""
        for channel in CHANNELS:
            self._begin(channel)

    def trigger(self, channel: int) -> Condition:
        """`TRIGger`: one burst, under way until its last cycle; refused while none is armed or one is running."""
        if not self.value("burst", channel) or self.world.now < self._burst_until[channel]:
            raise ScpiError(-211)
        count = int(self.value("cycles", channel))
        self._stop(channel)
        self._burst_until[channel] = self.world.now + self._ns(count * self.value("period", channel))
        burst = self.world.spawn(self._cycles(channel, count), f"burst of generator {channel}")
        self._playing[channel] = burst
        return burst

    def trigger_all(self) -> Condition:
        """`*TRG`: every channel that waits for the bus."""
        waiting = [channel for channel in CHANNELS if self.value("trigger", channel) == "BUS"]
        if not waiting:
            raise ScpiError(-211)
        return reduce(and_, [self.trigger(channel) for channel in waiting])

    def set_frequency(self, channel: int, hertz: float) -> None:
        """`FREQuency`: the period's other face."""
        duty = self.duty_cycle(channel)
        self.put("period", 1 / hertz, channel)
        if self.value("hold", channel) == "DCYC":
            self.put("width", duty / PERCENT / hertz, channel)
        self.changed("period", channel)

    def set_duty_cycle(self, channel: int, percent: float) -> None:
        """`FUNCtion:PULSe:DCYCle`: the width's other face."""
        self.put("width", float(self.value("period", channel)) * percent / PERCENT, channel)
        self.changed("width", channel)

    def duty_cycle(self, channel: int) -> float:
        """`FUNCtion:PULSe:DCYCle?` in percent."""
        return float(self.value("width", channel)) / float(self.value("period", channel)) * PERCENT

    def beep(self) -> None:
        """`SYSTem:BEEPer`: nobody is in the laboratory to hear it."""

    def frequency(self, channel: int) -> float:
        """`FREQuency?`."""
        return 1 / float(self.value("period", channel))

    def set_high(self, channel: int, volts: float) -> None:
        """`VOLTage:HIGH`: amplitude and offset by their ends."""
        self._set_ends(channel, self._ends(channel)[0], volts)

    def set_low(self, channel: int, volts: float) -> None:
        """`VOLTage:LOW`."""
        self._set_ends(channel, volts, self._ends(channel)[1])

    def high(self, channel: int) -> float:
        """`VOLTage:HIGH?`."""
        return self._ends(channel)[1]

    def low(self, channel: int) -> float:
        """`VOLTage:LOW?`."""
        return self._ends(channel)[0]

    def _ends(self, channel: int) -> tuple[float, float]:
        half = float(self.value("amplitude", channel)) / 2
        offset = float(self.value("offset", channel))
        return offset - half, offset + half

    def _set_ends(self, channel: int, low: float, high: float) -> None:
        if high - low < AMPLITUDE_MIN:
            raise ScpiError(-221, f"high level {high:g} V must be above low level {low:g} V")
        self.put("amplitude", high - low, channel)
        self.put("offset", (high + low) / 2, channel)
        self.changed("amplitude", channel)

    def _check(self, channel: int) -> None:
        low, high = self._ends(channel)
        limit = OPEN_CIRCUIT_VOLTS / self._load_factor(channel)
        if max(high, -low) > limit * (1 + 1e-9):
            raise ScpiError(-221, f"{low:g} V to {high:g} V is beyond the {limit:g} V that the load setting allows")
        if self.value("shape", channel) == "PULS" and self.value("width", channel) >= self.value("period", channel):
            raise ScpiError(-221, "pulse width must be shorter than the period")

    def _load_factor(self, channel: int) -> float:
        """What an open line sees for each volt that is set: 2 where the setting believes in a 50 ohm load."""
        load = self.value("load", channel)
        return 1.0 if load == INFINITY else 1 + SOURCE_OHMS / float(load)

    def _ns(self, seconds: float) -> int:
        return round(seconds * S * self._stretch)

    # What is on the output

    def _begin(self, channel: int) -> None:
        self._stop(channel)
        self._burst_until[channel] = self.world.now
        waveform = self.value("shape", channel) in {"PULS", "SQU"} and not self.value("burst", channel)
        if waveform and self.value("output", channel):
            self._playing[channel] = self.world.spawn(self._cycles(channel, None), f"generator {channel}")
        else:
            self._rest(channel)

    def _stop(self, channel: int) -> None:
        if channel in self._playing:
            self._playing.pop(channel).stop()

    def _put_out(self, channel: int, volts: float, ac_volts: float = 0.0, ac_hertz: float = 0.0) -> None:
        factor = self._load_factor(channel)
        on = self.value("output", channel)
        self._desk.set_generator(channel, Drive(volts * factor, ac_volts * factor, ac_hertz) if on else None)

    def _rest(self, channel: int) -> None:
        """Between bursts: a pulse rests at its low level, a sine at its offset."""
        low, high = self._ends(channel)
        shape = self.value("shape", channel)
        if shape == "SIN" and not self.value("burst", channel):
            self._sine(channel)
        else:
            self._put_out(channel, low if shape in {"PULS", "SQU"} else (low + high) / 2)

    def _sine(self, channel: int) -> None:
        low, high = self._ends(channel)
        self._put_out(channel, (low + high) / 2, (high - low) / (2 * sqrt(2)), self.frequency(channel) / self._stretch)

    def _cycles(self, channel: int, count: int | None) -> Process:
        """`count` cycles, or without end; every edge on the grid of the timebase, so that errors do not add up."""
        start, period = self.world.now, float(self.value("period", channel))
        low, high = self._ends(channel)
        shape = self.value("shape", channel)
        square = period * float(self.value("square duty", channel)) / PERCENT
        width = float(self.value("width", channel)) if shape == "PULS" else square
        done = 0
        while count is None or done < count:
            if shape == "SIN":
                self._sine(channel)
            else:
                self._put_out(channel, high)
                yield start + self._ns(done * period + width) - self.world.now
                self._put_out(channel, low)
            done += 1
            yield start + self._ns(done * period) - self.world.now
        self._rest(channel)

    SOURCE = "[SOURce<1:2>:]"
    TABLE = (
        *COMMON,
        *CALIBRATION_NOTE,
        Setting("output", "OUTPut<1:2>[:STATe]", Boolean()),
        Setting("load", "OUTPut<1:2>:LOAD", Number("OHM", 1, 10_000, default=50, infinite=True)),
        Setting("shape", SOURCE + "FUNCtion", Choice("SINusoid", "SQUare", "PULSe", "DC")),
        Setting("width", SOURCE + "FUNCtion:PULSe:WIDTh", Number("S", 16e-9, 1e6, default=100e-6)),
        Row(SOURCE + "FUNCtion:PULSe:DCYCle", DUTY, do=set_duty_cycle),
        Row(SOURCE + "FUNCtion:PULSe:DCYCle", ask=duty_cycle),
        Setting("hold", SOURCE + "FUNCtion:PULSe:HOLD", Choice("WIDTh", "DCYCle")),
        Setting("edge", SOURCE + "FUNCtion:PULSe:TRANsition[:BOTH]", EDGE),
        Setting("square duty", SOURCE + "FUNCtion:SQUare:DCYCle", DUTY),
        Setting("period", SOURCE + "FUNCtion:PULSe:PERiod", Number("S", 33.3e-9, 1e6, default=1e-3)),
        Row(SOURCE + "FREQuency", Number("HZ", 1e-6, 30e6), do=set_frequency),
        Row(SOURCE + "FREQuency", ask=frequency),
        Setting("unit", SOURCE + "VOLTage:UNIT", Choice("VPP")),
        Setting("amplitude", SOURCE + "VOLTage", Number("V", AMPLITUDE_MIN, 20, default=0.1)),
        Setting("offset", SOURCE + "VOLTage:OFFSet", Number("V", -OFFSET_MAX, OFFSET_MAX)),
        Row(SOURCE + "VOLTage:HIGH", Number("V", -10, 10), do=set_high),
        Row(SOURCE + "VOLTage:HIGH", ask=high),
        Row(SOURCE + "VOLTage:LOW", Number("V", -10, 10), do=set_low),
        Row(SOURCE + "VOLTage:LOW", ask=low),
        Setting("burst", SOURCE + "BURSt:STATe", Boolean()),
        Setting("burst mode", SOURCE + "BURSt:MODE", Choice("TRIGgered")),
        Setting("burst period", SOURCE + "BURSt:INTernal:PERiod", Number("S", 1e-6, 8_000, default=10e-3)),
        Setting("cycles", SOURCE + "BURSt:NCYCles", Integer(low=1, high=100_000_000, default=1)),
        Setting("trigger", "TRIGger<1:2>:SOURce", Choice("IMMediate", "EXTernal", "BUS")),
        Row("TRIGger<1:2>[:IMMediate]", do=trigger),
        Row("*TRG", do=trigger_all),
        Setting("trigger output", "OUTPut:TRIGger[:STATe]", Boolean()),
        Setting("shown text", "DISPlay:TEXT", Text(40)),
        Row("SYSTem:BEEPer[:IMMediate]", do=beep),
    )
