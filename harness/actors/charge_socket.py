"""The plug as instruments see it: control pilot by the scope, lamp at the socket by its sensor (C-06 ... C-12)."""

from __future__ import annotations

from harness.actors.actor import Actor
from harness.catalogue import limit
from harness.errors import BenchError, ExpectationError
from harness.judge import Quantity, SquareWave, square_wave
from harness.units import MS, S

PILOT_RANGE = (-13.0, 13.0)
LEVEL = 2.0
"""Volts that every pilot crosses, whatever its state."""
BEFORE, AFTER = 500_000, 2 * MS
"""Of the pilot in one look: at least two periods of 1 kHz, 2.5 us between samples."""

COLOURS = ("OFF", "WHITE", "YELLOW", "GREEN", "BLUE", "RED")
"""Of the socket lamp; the sensor gives as many volts as the place in this row (docs/interfaces.md)."""
NEAR = 0.3
"""Volts within which a reading is a colour; colours are 1 V apart."""


class ChargeSocket(Actor):
    """Looks at pilot and lamp."""

    def pilot(self) -> SquareWave:
        """The control pilot now, by the scope. Raises `BenchError` where it cannot be measured."""
        scope, channel = self.bench.line("control_pilot").scope
        scope.set_range(channel, *PILOT_RANGE)
        scope.arm([channel], channel, LEVEL, BEFORE, AFTER, anyway=True)
        if not self.clock.wait(scope.is_done, 1 * S):
            scope.stop()
            raise BenchError("the scope took nothing of the control pilot, although it need not wait for a trigger")
        seen = square_wave(scope.fetch(channel), "control pilot")
        self.note("pilot", high=round(seen.high.value, 2), duty=seen.duty and round(seen.duty.value, 2))
        return seen

    def oscillator(self) -> tuple[Quantity, Quantity]:
        """Frequency and duty of the pilot now. Raises `ExpectationError` where it stands still."""
        seen = self.pilot()
        if seen.frequency is None or seen.duty is None:
            raise ExpectationError(f"expected a square wave on the control pilot; it stands at {seen.high}")
        return seen.frequency, seen.duty

    def lamp(self) -> str:
        """Colour of the lamp at the charge socket now, by its sensor. Raises `BenchError` for volts of no colour."""
        volts = self.bench.line("socket_lamp").measure_dc()
        nearest = min(range(len(COLOURS)), key=lambda place: abs(place - volts))
        if abs(nearest - volts) > NEAR:
            raise BenchError(
                f"the sensor of the socket lamp reads {volts:.2f} V, which is no colour: is it in its place?"
            )
        self.note("socket_lamp", colour=COLOURS[nearest])
        return COLOURS[nearest]

    def expects_lamp(self, colour: str, within: int | None = None) -> None:
        """Wait until the lamp has a colour. Raises `ExpectationError`."""
        deadline = self.now() + (limit("lamp_delay") if within is None else within)
        seen = [self.lamp()]
        while seen[-1] != colour:
            if self.now() >= deadline:
                told = self.bench.networks["body"].value("OBC_Charging.State")
                raise ExpectationError(
                    f"expected the lamp at the charge socket to be {colour}; it was {', '.join(dict.fromkeys(seen))}, "
                    f"and OBC_Charging.State is {told}"
                )
            seen.append(self.lamp())
