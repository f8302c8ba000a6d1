"""Driver of the Keysight 33500B function generator (role Generator): button presses of an exact length (B-10, B-14)."""

# Ref: Keysight Trueform Series (33500B) Operating and Service Guide, SCPI programming reference

from __future__ import annotations

from math import sqrt

from harness.errors import InstrumentError
from harness.units import US, seconds
from instruments.commands import Action, Query, Setting
from instruments.scpi import ScpiInstrument

CHANNELS = (1, 2)
TIMEBASE_PPM = 2.0
"""Limit of error of a width: 1 ppm of setting and 1 ppm for a year of ageing."""
GAP = 100 * US
"""After one pulse, before the next trigger is taken; the instrument itself needs 16 ns."""


class Generator33500B(ScpiInstrument):
    """Two channels into open lines (load setting INF): volts as set are the volts on the line."""

    MODELS = ("335", "336")
    """335xx and 336xx share these commands."""

    ON = Action("OUTP{channel} ON", channel=CHANNELS)
    OFF = Action("OUTP{channel} OFF", channel=CHANNELS)
    IS_ON = Query("OUTP{channel}?", channel=CHANNELS)
    OPEN_LOAD = Action("OUTP{channel}:LOAD INF", channel=CHANNELS)
    PULSE = Action("SOUR{channel}:FUNC PULS", channel=CHANNELS)
    SINE = Action("SOUR{channel}:FUNC SIN", channel=CHANNELS)
    SHORTEST = Action("SOUR{channel}:FUNC:PULS:WIDT MIN", channel=CHANNELS)
    WIDTH = Setting("SOUR{channel}:FUNC:PULS:WIDT {value}", "s", low=16e-9, high=999_999, channel=CHANNELS)
    PERIOD = Setting("SOUR{channel}:FUNC:PULS:PER {value}", "s", low=33.3e-9, high=1e6, channel=CHANNELS)
    FREQUENCY = Setting("SOUR{channel}:FREQ {value}", "Hz", low=1e-6, high=30e6, channel=CHANNELS)
    AMPLITUDE = Setting("SOUR{channel}:VOLT {value}", "V", low=1e-3, high=20, channel=CHANNELS)
    OFFSET = Setting("SOUR{channel}:VOLT:OFFS {value}", "V", low=-9.9995, high=9.9995, channel=CHANNELS)
    BURST_ON = Action("SOUR{channel}:BURS:STAT ON", channel=CHANNELS)
    BURST_OFF = Action("SOUR{channel}:BURS:STAT OFF", channel=CHANNELS)
    BURST_TRIGGERED = Action("SOUR{channel}:BURS:MODE TRIG", channel=CHANNELS)
    CYCLES = Setting("SOUR{channel}:BURS:NCYC {value}", low=1, high=1e8, channel=CHANNELS)
    TRIGGER_BY_BUS = Action("TRIG{channel}:SOUR BUS", channel=CHANNELS)
    TRIGGER = Action("TRIG{channel}", channel=CHANNELS)

    def arm_pulse(self, channel: int, width: int, high_volts: float, low_volts: float = 0.0) -> None:
        """Prepare one pulse of `width` ns per trigger, output on and resting at `low_volts`."""
        self._arm(channel, width=width, period=width + GAP, count=1, low=low_volts, high=high_volts)

    def arm_burst(self, channel: int, width: int, period: int, count: int, high_volts: float) -> None:
        """Prepare `count` pulses of `width` ns, `period` ns apart, per trigger (bounce, two presses)."""
        self._arm(channel, width=width, period=period, count=count, low=0.0, high=high_volts)

    def trigger(self, channel: int) -> None:
        """Send what is armed, once; returns at once. Raises `InstrumentError` while it is still being sent."""
        self.do(self.TRIGGER, channel=channel)

    def sine(self, channel: int, hertz: float, volts_rms: float) -> None:
        """A continuous sine from now on, around 0 V."""
        self.off(channel)
        self.do(self.OPEN_LOAD, channel=channel)
        self.do(self.BURST_OFF, channel=channel)
        self.do(self.SINE, channel=channel)
        self.set(self.FREQUENCY, hertz, channel=channel)
        self._levels(channel, -volts_rms * sqrt(2), volts_rms * sqrt(2))
        self.do(self.ON, channel=channel)

    def off(self, channel: int) -> None:
        """Output off."""
        self.do(self.OFF, channel=channel)

    def output_is_on(self, channel: int) -> bool:
        """Whether the output is on, by the instrument's own answer."""
        return self.flag(self.IS_ON, channel=channel)

    def make_safe(self) -> None:
        """Both outputs off, and read back that it is so."""
        for channel in CHANNELS:
            self.off(channel)
            if self.output_is_on(channel):
                raise InstrumentError(f"{self}: output {channel} is still on after OUTP{channel} OFF")

    def _arm(self, channel: int, *, width: int, period: int, count: int, low: float, high: float) -> None:
        if width >= period:
            raise InstrumentError(f"{self}: a pulse of {width} ns does not fit into a period of {period} ns")
        self.off(channel)
        self.do(self.OPEN_LOAD, channel=channel)
        self.do(self.BURST_ON, channel=channel)  # first: a pulse function would begin to run at once
        self.do(self.BURST_TRIGGERED, channel=channel)
        self.do(self.TRIGGER_BY_BUS, channel=channel)
        self.set(self.CYCLES, count, channel=channel)
        self.do(self.PULSE, channel=channel)
        self.do(self.SHORTEST, channel=channel)  # fits into any period, so that the period may be set
        self.set(self.PERIOD, seconds(period), channel=channel)
        self.set(self.WIDTH, seconds(width), channel=channel)
        self._levels(channel, low, high)
        self.do(self.ON, channel=channel)

    def _levels(self, channel: int, low: float, high: float) -> None:
        """Offset to 0 first: then each step is allowed, whatever stood there before."""
        self.set(self.OFFSET, 0, channel=channel)
        self.set(self.AMPLITUDE, high - low, channel=channel)
        self.set(self.OFFSET, (high + low) / 2, channel=channel)
