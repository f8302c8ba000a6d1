"""Driver of Keysight InfiniiVision oscilloscopes (role Scope): how long a button was held (B-10, B-14)."""

# Ref: Keysight InfiniiVision 3000 X-Series Oscilloscopes, Programmer's Guide

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, hypot, sqrt

import numpy as np
from pyvisa.resources import MessageBasedResource

from harness.clock import Clock
from harness.errors import InstrumentError
from harness.ports import Waveform
from harness.units import MS, US, S, nanoseconds, seconds
from instruments.commands import Action, Query, Setting
from instruments.scpi import ScpiInstrument

CHANNELS = (1, 2, 3, 4)
MEMORY = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
INTERVAL_MAX = 10 * US
"""Samples are at most this far apart where the memory allows it."""
DIVISIONS_DOWN = 8
CODES = 256
RUNNING = 8
"""Bit of the operation status condition register."""

# Data sheet
TIMEBASE_PPM = 25.0
NOISE_DIVISIONS = 0.02
"""RMS noise of the front end at 1 V/div."""
GAIN_FRACTION = 0.02
"""Limit of error of the vertical gain, of the full screen."""
OFFSET_DIVISIONS = 0.1
"""Limit of error of the offset."""
THRESHOLD_FRACTION = 0.03
"""DC gain 2 % and offset 0.1 division at most, of the amplitude of a signal that fills half the screen or more."""

DEFAULT_RANGE = (-1.5, 6.5)
"""Volts that are on the screen unless `set_range` says otherwise: fits a 5 V logic line."""


class InfiniiVision(ScpiInstrument):
    """Single acquisitions of four channels with 8 bits."""

    MODELS = ("DSO-X 3", "MSO-X 3", "DSO-X 4", "MSO-X 4")

    OPTIONS = Query("*OPT?")
    SHOW = Action(":CHAN{channel}:DISP ON", channel=CHANNELS)
    HIDE = Action(":CHAN{channel}:DISP OFF", channel=CHANNELS)
    SCALE = Setting(":CHAN{channel}:SCAL {value}", "V/div", low=1e-3, high=5, channel=CHANNELS)
    OFFSET = Setting(":CHAN{channel}:OFFS {value}", "V", low=-50, high=50, channel=CHANNELS)
    RANGE = Setting(":TIM:RANG {value}", "s", low=20e-9, high=500)
    REFERENCE = Action(":TIM:REF CENT")
    POSITION = Setting(":TIM:POS {value}", "s", low=-500, high=500)
    EDGE = Action(":TRIG:MODE EDGE")
    NORMAL = Action(":TRIG:SWE NORM")
    AUTO = Action(":TRIG:SWE AUTO")
    RISING = Action(":TRIG:EDGE:SLOP POS")
    TRIGGER_SOURCE = Setting(":TRIG:EDGE:SOUR CHAN{value}", low=1, high=4)
    LEVEL = Setting(":TRIG:EDGE:LEV {value}", "V", low=-50, high=50)
    SINGLE = Action(":SING")
    STOP = Action(":STOP")
    ARMED = Query(":AER?")
    CONDITION = Query(":OPER:COND?")
    SOURCE = Setting(":WAV:SOUR CHAN{value}", low=1, high=4)
    BYTES = Action(":WAV:FORM BYTE")
    UNSIGNED = Action(":WAV:UNS 1")
    RAW = Action(":WAV:POIN:MODE RAW")
    POINTS = Setting(":WAV:POIN {value}", low=100, high=MEMORY[-1])
    PREAMBLE = Query(":WAV:PRE?")
    DATA = Query(":WAV:DATA?")
    PULSE_WIDTH = Query(":MEAS:PWID? CHAN{channel}", channel=CHANNELS)

    def __init__(self, resource: MessageBasedResource, clock: Clock) -> None:
        super().__init__(resource, clock)
        self._vertical: dict[int, tuple[float, float]] = {}
        self._points = MEMORY[0]

    def set_range(self, channel: int, low_volts: float, high_volts: float) -> None:
        """Put `low_volts` to `high_volts` on the screen, from the next `arm` on."""
        if high_volts <= low_volts:
            raise InstrumentError(f"{self}: a range must rise, got {low_volts:g} V to {high_volts:g} V")
        self.SCALE.check({"channel": channel})
        self._vertical[channel] = (low_volts, high_volts)

    def arm(
        self,
        channels: Sequence[int],
        trigger_channel: int,
        level_volts: float,
        before: int,
        after: int,
        *,
        anyway: bool = False,
    ) -> None:
        """Acquire once `trigger_channel` rises through `level_volts`: `before` ns up to `after` ns around it.

        `anyway`: after a while also without it. Returns once the trigger is armed, which takes the time `before`.
        """
        for channel in CHANNELS:
            self.do(self.SHOW if channel in channels or channel == trigger_channel else self.HIDE, channel=channel)
        for channel in channels:
            low, high = self._vertical.get(channel, DEFAULT_RANGE)
            self.set(self.SCALE, (high - low) / DIVISIONS_DOWN, channel=channel)
            self.set(self.OFFSET, (high + low) / 2, channel=channel)
        self._points, interval = sampling(before + after)
        self.set(self.RANGE, seconds(interval * self._points))
        self.do(self.REFERENCE)
        self.set(self.POSITION, seconds(after - before) / 2)
        self.do(self.EDGE)
        self.do(self.AUTO if anyway else self.NORMAL)
        self.do(self.RISING)
        self.set(self.TRIGGER_SOURCE, trigger_channel)
        self.set(self.LEVEL, level_volts)
        self.number(self.ARMED)  # reading clears it
        self.do(self.SINGLE)
        self.wait("arming the trigger", lambda: self.flag(self.ARMED), timeout=2 * before + 1 * S, every=5 * MS)

    def is_done(self) -> bool:
        """Whether the acquisition is complete."""
        return not int(self.number(self.CONDITION)) & RUNNING

    def fetch(self, channel: int) -> Waveform:
        """The samples of the last acquisition."""
        self.set(self.SOURCE, channel)
        self.do(self.BYTES)
        self.do(self.UNSIGNED)
        self.do(self.RAW)
        self.set(self.POINTS, self._points)
        preamble = self.text(self.PREAMBLE)
        try:
            _, _, points, _, x_step, x_origin, _, y_step, y_origin, y_reference = map(float, preamble.split(","))
        except ValueError:
            raise InstrumentError(
                f"{self} answered {preamble!r} to {self.PREAMBLE.text}, expected ten numbers; was anything acquired?"
            ) from None
        codes = self.block(self.DATA.text)
        if len(codes) != points:
            raise InstrumentError(f"{self} sent {len(codes)} samples, its preamble says {points:.0f}")
        volts = (np.arange(CODES, dtype=np.float64) - y_reference) * y_step + y_origin
        return Waveform(
            start=nanoseconds(x_origin),
            interval=nanoseconds(x_step),
            volts=volts[codes],
            noise_volts=hypot(NOISE_DIVISIONS * y_step * CODES / DIVISIONS_DOWN, y_step / sqrt(12)),
            timebase_ppm=TIMEBASE_PPM,
            threshold_fraction=THRESHOLD_FRACTION,
            gain_error_volts=GAIN_FRACTION * y_step * CODES,
            offset_error_volts=OFFSET_DIVISIONS * y_step * CODES / DIVISIONS_DOWN,
        )

    def pulse_width(self, channel: int) -> float:
        """The scope's own measurement of the first positive pulse, in s; for comparison with the judge's."""
        return self.number(self.PULSE_WIDTH, channel=channel)

    def stop(self) -> None:
        """Give up an acquisition that never triggered."""
        self.do(self.STOP)

    def make_safe(self) -> None:
        """An oscilloscope drives nothing; stops it, and reads back that it is so."""
        self.stop()
        if not self.is_done():
            raise InstrumentError(f"{self} is still acquiring after :STOP")


def sampling(window: int) -> tuple[int, int]:
    """Number of points and their interval in whole ns for a `window` in ns: the fewest that are close enough."""
    points = next((points for points in MEMORY if window <= points * INTERVAL_MAX), MEMORY[-1])
    return points, max(1, ceil(window / points))
