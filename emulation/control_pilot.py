"""The control pilot between station and car: states A, B, C and a duty cycle, on one wire (C-06, C-08, C-12).

Ref: IEC 61851-1, annex A. The station's oscillator feeds the wire through a resistor; the car's diode and resistors
load its positive half. Nobody tells the other anything but by this load and this duty.
"""

from __future__ import annotations

from typing import Literal

from emulation.bench import EmulatedBench
from emulation.lines import Drive
from emulation.world import Condition, Process
from harness.units import US

State = Literal["A", "B", "C"]

HIGH_VOLTS: dict[State, float] = {"A": 12.0, "B": 9.0, "C": 6.0}
"""Positive level by load: nothing, 2.74 kohm, 2.74 kohm beside 1.3 kohm (table A.3)."""
LOW_VOLTS = -12.0
"""The diode lets no current through in the other half."""
HERTZ = 1_000.0
HERTZ_ERROR = 0.005
"""Limit of error of the oscillator (table A.1)."""
EDGE = 5 * US
"""Rise and fall at the car, with cable and capacitors (own choice below the 10 us of table A.1)."""

DIGITAL = 0.05
"""Duty that asks for digital communication; 3 to 7 % count as it (table A.8)."""
AMPERES_A_PERCENT = 0.6
"""Of a duty from 10 to 85 % (table A.8)."""


class ControlPilot:
    """What is on the wire `control_pilot`, from the plug, the station's oscillator and the car's switch S2."""

    def __init__(self, bench: EmulatedBench) -> None:
        self.line = bench.line("control_pilot")
        self.line.edge = EDGE
        self._cable = bench.line("charge_cable")
        self._world = bench.world
        random = bench.world.random("control pilot")
        self._hertz = HERTZ * (1 + random.uniform(-HERTZ_ERROR, HERTZ_ERROR))
        self._duty: float | None = None
        self._s2 = False
        self._drive()
        bench.world.spawn(self._follow_cable(), "control pilot")

    @classmethod
    def of(cls, bench: EmulatedBench) -> ControlPilot:
        """The one of `bench`, made at its first use."""
        if "control_pilot" not in bench.parts:
            bench.parts["control_pilot"] = cls(bench)
        pilot: ControlPilot = bench.parts["control_pilot"]
        return pilot

    @property
    def state(self) -> State:
        """A: nothing plugged in; B: a car; C: a car that wants power."""
        if not self._cable.is_high:
            return "A"
        return "C" if self._s2 else "B"

    def plugged(self) -> bool:
        """Whether a car is at the other end."""
        return self._cable.is_high

    @property
    def duty(self) -> float | None:
        """What the car sees of the station, 0 ... 1; None without a cable, or while the oscillator rests at 100 %."""
        return self._duty if self._cable.is_high else None

    def changed(self) -> Condition:
        """Happens when state or duty change."""
        return self.line.changed()

    def modulate(self, duty: float | None) -> None:
        """The station's oscillator: a duty 0 ... 1, or None for direct current."""
        self._duty = duty
        self._drive()

    def switch(self, closed: bool) -> None:
        """The car's switch S2: closed, it asks for power."""
        self._s2 = closed
        self._drive()

    def _follow_cable(self) -> Process:
        while True:
            yield self._cable.pressed()
            self._drive()
            yield self._cable.released()
            self._drive()

    def _drive(self) -> None:
        high = HIGH_VOLTS[self.state]
        if self._duty is None:
            self.line.put("station", Drive(high))
        else:
            self.line.put("station", Drive(high, 0.0, 0.0, LOW_VOLTS, self._hertz, self._duty))
