"""The lines of a bench by name: who presses, pulses, powers or speaks on them, and who sees them.

A line knows only its own ends. Whether a press may lead to a call is the actors' question to the interlock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from harness import ports
from harness.bench.loader import fills
from harness.bench.schema import End, LineTable, RoutedEnd
from harness.clock import Clock
from harness.errors import BenchError
from harness.timeline import Timeline
from harness.units import pretty

BATTERY_VOLTS = 12.6
"""A charged lead battery at rest, which any car bears."""


class LineEnd:
    """One line as the bench reaches it; volts are V, durations ns."""

    def __init__(
        self, name: str, table: LineTable, instruments: Mapping[str, Any], clock: Clock, timeline: Timeline
    ) -> None:
        self.name = name
        self.table = table
        self._instruments = instruments
        self._clock = clock
        self._timeline = timeline

    # Pressed by a relay

    def press(self) -> None:
        """Close the relay; returns when the instrument says that it is done."""
        switch, channel = self._relay("pressed_by")
        switch.close(channel)
        self._note(True, by="relay")

    def release(self) -> None:
        """Open the relay."""
        switch, channel = self._relay("pressed_by")
        switch.open(channel)
        self._note(False, by="relay")

    def is_pressed(self) -> bool:
        """Whether the relay is closed, by the instrument's own answer."""
        switch, channel = self._relay("pressed_by")
        return switch.is_closed(channel)

    # Pulsed by a generator

    def arm_pulse(self, width: int, volts: float | None = None) -> Callable[[], None]:
        """Prepare one pulse of `width` ns; the function returned sends it, as often as it is called."""
        generator, channel = self._generator("pulsed_by")
        self._connect("pulsed_by", True)
        generator.arm_pulse(channel, width, self._volts(volts))
        return lambda: self._trigger(generator, channel, f"one pulse of {pretty(width)}")

    def arm_burst(self, width: int, period: int, count: int, volts: float | None = None) -> Callable[[], None]:
        """Prepare `count` pulses of `width`, `period` apart; the function returned sends them."""
        generator, channel = self._generator("pulsed_by")
        self._connect("pulsed_by", True)
        generator.arm_burst(channel, width, period, count, self._volts(volts))
        return lambda: self._trigger(generator, channel, f"{count} pulses of {pretty(width)}, {pretty(period)} apart")

    def pulse(self, width: int, volts: float | None = None) -> None:
        """Send one pulse of `width` ns; returns once it is triggered, not when it is over."""
        self.arm_pulse(width, volts)()

    def rest(self) -> None:
        """The generator's output off, and its relay open."""
        generator, channel = self._generator("pulsed_by")
        generator.off(channel)
        self._connect("pulsed_by", False)

    # Spoken on

    def speak(self, hertz: float = 1_000.0, volts_rms: float = 0.1) -> None:
        """Put a tone on the line (interfaces: a driver's voice is 0.1 V RMS, 1 kHz)."""
        generator, channel = self._generator("spoken_by")
        generator.sine(channel, hertz, volts_rms)
        self._connect("spoken_by", True)
        self._note(True, by="generator")

    def hush(self) -> None:
        """End the tone."""
        generator, channel = self._generator("spoken_by")
        self._connect("spoken_by", False)
        generator.off(channel)
        self._note(False, by="generator")

    # Powered by a supply

    def set_voltage(self, volts: float) -> None:
        """Set the supply's voltage; its output stays as it is."""
        supply, channel = self._supply()
        supply.set_voltage(channel, volts)
        self._timeline.note(self._clock.now(), "line", line=self.name, volts=volts, by="supply")

    def set_power(self, on: bool) -> None:
        """Switch the supply's output."""
        supply, channel = self._supply()
        supply.set_output(channel, on)
        self._note(on, by="supply")

    def measure_voltage(self) -> float:
        """Voltage at the supply's terminals."""
        supply, channel = self._supply()
        return supply.measure_voltage(channel)

    # Seen

    @property
    def scope(self) -> tuple[ports.Scope, int]:
        """The scope and its channel that see this line."""
        for end in self.table.seen_by:
            if fills(type(found := self._instrument(end)), ports.Scope):
                return found, end.channel
        raise self._not_wired("seen_by", "a scope")

    @property
    def dmm(self) -> ports.Dmm:
        """The multimeter that sees this line, where it does so without a relay or that is closed."""
        return self._meter()[0]

    def measure_dc(self) -> float:
        """One reading of DC volts by the multimeter, through its relay where it has one."""
        with self._metered() as meter:
            return meter.measure_dc_volts()

    def measure_ac(self) -> float:
        """One reading of AC volts RMS."""
        with self._metered() as meter:
            return meter.measure_ac_volts()

    def _meter(self) -> tuple[ports.Dmm, RoutedEnd]:
        for end in self.table.seen_by:
            if fills(type(found := self._instrument(end)), ports.Dmm):
                return cast("ports.Dmm", found), end
        raise self._not_wired("seen_by", "a multimeter")

    @contextmanager
    def _metered(self) -> Iterator[ports.Dmm]:
        """The multimeter on this line, and back where it was."""
        meter, end = self._meter()
        if end.via is None:
            yield meter
            return
        switch: ports.Switch = self._instrument(end.via)
        switch.close(end.via.channel)
        try:
            yield meter
        finally:
            switch.open(end.via.channel)

    def _trigger(self, generator: ports.Generator, channel: int, what: str) -> None:
        self._timeline.note(self._clock.now(), "line", line=self.name, pulse=what, by="generator")
        generator.trigger(channel)

    def _note(self, active: bool, by: str) -> None:
        self._timeline.note(self._clock.now(), "line", line=self.name, active=active, by=by)

    def _volts(self, volts: float | None) -> float:
        return self.table.active_volts if volts is None else volts

    def _instrument(self, end: End) -> Any:
        if end.instrument not in self._instruments:
            raise BenchError(f"line {self.name}: instrument {end.instrument} is not open on this bench")
        return self._instruments[end.instrument]

    def _end(self, key: str) -> End:
        end: End | None = getattr(self.table, key)
        if end is None:
            raise self._not_wired(key, "an instrument")
        return end

    def _relay(self, key: str) -> tuple[ports.Switch, int]:
        end = self._end(key)
        return self._instrument(end), end.channel

    def _generator(self, key: str) -> tuple[ports.Generator, int]:
        end = self._end(key)
        return self._instrument(end), end.channel

    def _supply(self) -> tuple[ports.Supply, int]:
        end = self._end("powered_by")
        return self._instrument(end), end.channel

    def _connect(self, key: str, on: bool) -> None:
        end = self._end(key)
        if isinstance(end, RoutedEnd) and end.via is not None:
            switch: ports.Switch = self._instrument(end.via)
            (switch.close if on else switch.open)(end.via.channel)

    def _not_wired(self, key: str, what: str) -> BenchError:
        return BenchError(
            f"line {self.name} has no {key} with {what}: this bench cannot do that. Add it to [line.{self.name}]"
        )
