"""What a driver operates: the buttons of the console, the start knob, and what a press came to (B-09, B-12)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from math import sqrt
from typing import Literal

from harness.catalogue import limit
from harness.judge import Contribution, Quantity
from harness.units import MS, seconds

HOST_ERROR = 20 * MS
"""Limit of error of a press that the host alone timed: a relay's operate and release times, a command's way."""

By = Literal["relay", "generator"]
Chatter = Literal["start", "release"]


class Button(Enum):
    """A button of the overhead console, by the line that it pulls up."""

    SOS = "sos_button"
    ON_CALL = "on_call_button"

    @property
    def signal(self) -> str:
        """Where the console tells of it on CAN."""
        return "OHC_Status.Sos" if self is Button.SOS else "OHC_Status.OnCall"

    @property
    def name_on_can(self) -> str:
        """The signal's name within its message."""
        return self.signal.partition(".")[2]

    @property
    def hold(self) -> int:
        """How long it has to be held, in ns."""
        return limit("sos_hold" if self is Button.SOS else "on_call_hold")

    @property
    def trigger(self) -> Literal["sos", "on_call"]:
        """What a call that it asked for says of its origin."""
        return "sos" if self is Button.SOS else "on_call"

    def __str__(self) -> str:
        return "SOS" if self is Button.SOS else "ON CALL"


class Ignition(StrEnum):
    """Positions of the start knob, as `CEM_Ignition.Mode` spells them."""

    OFF = "OFF"
    I = "I"  # noqa: E741 - the position's name on the knob
    II = "II"
    RUNNING = "RUNNING"


@dataclass(frozen=True)
class Press:
    """One press: `start` just before it, `end` just after it (ns of the bench's clock), `measured` on the line (s)."""

    button: Button
    start: int
    end: int
    measured: Quantity
    openings: int = 0
    """How often the contact opened and closed again within the press."""


TERMINALS = {
    Ignition.OFF: (),
    Ignition.I: ("terminal_s",),
    Ignition.II: ("terminal_s", "terminal_15"),
    Ignition.RUNNING: ("terminal_s", "terminal_15"),
}


def timed_by_host(button: Button, start: int, end: int) -> Press:
    """A press that no scope saw, from `start` to `end` (ns)."""
    error = Contribution("host and relay", seconds(HOST_ERROR) / sqrt(3), "limit of error: 20 ms / sqrt(3)")
    return Press(button, start, end, Quantity.of(f"{button} hold", seconds(end - start), "s", [error]))
