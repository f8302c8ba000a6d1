"""The roles a bench must fill. A driver in `instruments/` (or a lab's own) fills one; procedures know only these.

Voltages in volts (RMS for AC), currents in amperes, durations and instants in integer ns, channels as the instrument
numbers them. A driver is made as `Driver(resource, clock)`, with an open PyVISA resource and the bench's clock; every
setting that the instrument refuses raises `InstrumentError`, every late or garbled answer too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Identity:
    """What `*IDN?` answered."""

    maker: str
    model: str
    serial: str
    firmware: str

    def __str__(self) -> str:
        return f"{self.maker} {self.model} ({self.serial}, {self.firmware})"


@dataclass(frozen=True)
class Waveform:
    """Samples of one channel: `volts[i]` was taken at `start + i * interval` ns, relative to the trigger."""

    start: int
    interval: int
    volts: NDArray[np.float64]
    noise_volts: float
    """Standard deviation of the scope's noise on this range, in volts."""
    timebase_ppm: float
    """Limit of error of the timebase, from the data sheet."""
    threshold_fraction: float = 0.03
    """Limit of error of the 50 % threshold as a fraction of the amplitude (vertical accuracy)."""
    gain_error_volts: float = 0.0
    offset_error_volts: float = 0.0
    """Limits of error of a level by the vertical gain and by the offset, in volts, from the data sheet."""


class PsState(Enum):
    """Packet-switched state of the device under test as the network sees it (R&S CMW500: OFF, ON, ATT, CEST)."""

    OFF = "OFF"
    ON = "ON"
    ATTACHED = "ATT"
    CONNECTION_ESTABLISHED = "CEST"


@runtime_checkable
class Instrument(Protocol):
    """What every instrument can do, whatever its role."""

    def identify(self) -> Identity:
        """Ask `*IDN?`."""

    def make_safe(self) -> None:
        """Outputs off, relays open, generator idle; and read it back: raises `InstrumentError` where it is not so."""


class Supply(Instrument, Protocol):
    """A DC power supply (battery of the car)."""

    def set_voltage(self, channel: int, volts: float) -> None:
        """Set the output voltage."""

    def set_current_limit(self, channel: int, amperes: float) -> None:
        """Set the current limit."""

    def set_output(self, channel: int, on: bool) -> None:
        """Switch the output."""

    def output_is_on(self, channel: int) -> bool:
        """Whether the output is on, by the instrument's own answer."""

    def measure_voltage(self, channel: int) -> float:
        """Voltage at the terminals."""

    def measure_current(self, channel: int) -> float:
        """Current drawn."""


class Switch(Instrument, Protocol):
    """Relays between lines and what drives or sees them."""

    def close(self, *channels: int) -> None:
        """Close these channels together."""

    def open(self, *channels: int) -> None:
        """Open these channels together."""

    def is_closed(self, channel: int) -> bool:
        """Whether the channel is closed, by the instrument's own answer."""


class Generator(Instrument, Protocol):
    """A function generator: one pulse of an exact width on command, or a sine."""

    def arm_pulse(self, channel: int, width: int, high_volts: float, low_volts: float = 0.0) -> None:
        """Prepare one pulse of `width` ns per trigger, output on and resting at `low_volts`."""

    def trigger(self, channel: int) -> None:
        """Send what is armed, once; returns at once."""

    def arm_burst(self, channel: int, width: int, period: int, count: int, high_volts: float) -> None:
        """Prepare `count` pulses of `width`, `period` apart, per trigger (bounce, two presses)."""

    def sine(self, channel: int, hertz: float, volts_rms: float) -> None:
        """A continuous sine from now on."""

    def off(self, channel: int) -> None:
        """Output off."""

    def output_is_on(self, channel: int) -> bool:
        """Whether the output is on, by the instrument's own answer."""


class Scope(Instrument, Protocol):
    """An oscilloscope in single acquisition."""

    def set_range(self, channel: int, low_volts: float, high_volts: float) -> None:
        """Measure from `low_volts` to `high_volts` from the next `arm` on; without it, what suits a 5 V logic line."""

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

        `anyway`: after a while also without it, as a line that stands still needs.
        """

    def is_done(self) -> bool:
        """Whether the acquisition is complete."""

    def fetch(self, channel: int) -> Waveform:
        """The samples of the last acquisition."""

    def stop(self) -> None:
        """Give up an acquisition that never triggered."""


class Dmm(Instrument, Protocol):
    """A multimeter."""

    def measure_dc_volts(self) -> float:
        """One reading of DC voltage."""

    def measure_ac_volts(self) -> float:
        """One reading of AC voltage, RMS."""


class NetworkTester(Instrument, Protocol):
    """A cellular network tester: the cell the modem camps on, and what the network knows of the modem."""

    def set_cell(self, on: bool) -> None:
        """Switch the cell, and wait until it is so."""

    def cell_is_on(self) -> bool:
        """Whether the cell is on and adjusted."""

    def ps_state(self) -> PsState:
        """What the network knows of the modem now."""

    def set_cell_power(self, dbm: float) -> None:
        """Reference signal level of the cell, in dBm per 15 kHz."""

    def rsrp_dbm(self) -> float:
        """Reference signal received power that the modem reports, in dBm (middle of its reported interval)."""


class Box(NamedTuple):
    """A rectangle of a display, in pixels from its top left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        """Where a finger touches it."""
        return self.x + self.width // 2, self.y + self.height // 2


Which = Literal["centre", "driver"]
"""A display of the car."""


class HeadUnit(Protocol):
    """The centre display over its service port: read what it shows, touch what it shows, take its picture."""

    def page(self) -> str:
        """Name of the page that is shown."""

    def texts(self) -> dict[str, str]:
        """Every element on the page by name, with the text or state it shows."""

    def is_enabled(self, element: str) -> bool:
        """Whether an element of the page can be touched. Raises `ExpectationError` where it is not on the page."""

    def why_not(self, element: str) -> str:
        """Why an element of the page is greyed out, in the driver's language; empty where it is not."""

    def label(self, element: str) -> str:
        """The words before an element's state, in the driver's language."""

    def find(self, element: str) -> Box:
        """Where an element of the page is. Raises `ExpectationError` where it is not on the page."""

    def screenshot(self, which: Which = "centre") -> bytes:
        """The picture of a display as PNG."""

    def qr(self) -> str:
        """What the QR code on the centre display says, read from its picture. Raises `ExpectationError`."""

    def tap(self, element: str) -> None:
        """Touch an element by name. Raises `ExpectationError` where it is not on the page or greyed out."""

    def touch(self, x: int, y: int) -> None:
        """Touch the centre display at a point. Raises `ExpectationError` where nothing there can be touched."""

    def enter(self, element: str, text: str, *, secret: bool = False) -> None:
        """Type text into an element of the page; a `secret` one is in no record. Raises `ExpectationError`."""

    def open(self, *path: str) -> None:
        """From anywhere, open the page at `path` of the settings tree (for example `"Settings", "SOS/ON CALL"`)."""
