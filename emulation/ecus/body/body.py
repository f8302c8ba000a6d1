"""Central electronic module: ignition mode from the terminals, supply voltage, doors and keys on CAN (B-12, B-03).

Modes as the manual has them: 0, I, II, and the engine running.
"""

from __future__ import annotations

from collections.abc import Iterable

from emulation.bench import EmulatedBench
from emulation.ecus.base.ecu import Ecu
from emulation.world import Process
from harness.units import MS, S


class Body(Ecu):
    """Reads terminals S, 15 and 50, and the battery."""

    node = "CEM"
    BOOT = 50 * MS

    DEBOUNCE = 10 * MS
    """Time for which the terminals rest before they are believed; relays bounce for less."""
    START = 250 * MS
    """Terminal 50 for so long starts the engine; 300 ms are promised to be enough."""
    STUCK = 30 * S
    """Terminal 50 closed for longer is taken for broken."""
    VOLTAGE_PERIOD = 100 * MS
    """Cycle of the voltage measurement."""

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self.terminals = [bench.line(name) for name in ("terminal_s", "terminal_15", "terminal_50")]

    def processes(self) -> Iterable[Process]:
        """Follow the terminals and the battery."""
        return [self.follow_terminals(), self.watch_start_switch(), self.measure_battery()]

    def follow_terminals(self) -> Process:
        """OFF, I, II by the terminals; RUNNING by terminal 50 in II, until terminal 15 opens."""
        mode = "OFF"
        cranking_since: int | None = None
        while True:
            terminal_s, terminal_15, terminal_50 = (line.is_high for line in self.terminals)
            mode = self.mode(mode, terminal_s, terminal_15)
            if mode != "II" or not terminal_50:
                cranking_since = None
            elif cranking_since is None:
                cranking_since = self.world.now
            elif self.world.now >= cranking_since + self.START:
                mode, cranking_since = "RUNNING", None
            self.tell(mode, terminal_s, terminal_15, terminal_50)
            yield from self.settle(None if cranking_since is None else cranking_since + self.START)

    def mode(self, before: str, terminal_s: bool, terminal_15: bool) -> str:
        """Ignition mode by the terminals; terminal 15 alone is no mode, as the switch passes through I."""
        if terminal_15 and before == "RUNNING":
            return "RUNNING"
        if terminal_15 and terminal_s:
            return "II"
        return "I" if terminal_s else "OFF"

    def settle(self, until: int | None) -> Process:
        """Wait for a change of the terminals that rests for `DEBOUNCE`, or for the instant `until`."""
        change = self.terminals[0].changed() | self.terminals[1].changed() | self.terminals[2].changed()
        if until is not None and until > self.world.now:
            change = change | self.world.after(until - self.world.now)
        yield change
        if until is not None and self.world.now >= until:
            return
        resting = False
        while not resting:
            before = [line.is_high for line in self.terminals]
            yield self.DEBOUNCE
            resting = before == [line.is_high for line in self.terminals]

    def tell(self, mode: str, terminal_s: bool, terminal_15: bool, terminal_50: bool) -> None:
        """Put mode and terminals on CAN."""
        self.set(
            "CEM_Ignition",
            Mode=mode,
            TerminalS="ON" if terminal_s else "OFF",
            Terminal15="ON" if terminal_15 else "OFF",
            Terminal50="ON" if terminal_50 else "OFF",
        )

    def watch_start_switch(self) -> Process:
        """Store a trouble code while terminal 50 does not open again."""
        terminal_50 = self.terminals[2]
        while True:
            yield terminal_50.pressed()
            released = terminal_50.released()
            yield released | self.world.after(self.STUCK)
            if not released.happened:
                self.store_fault("START_SWITCH_STUCK")
                yield released
                self.clear_fault("START_SWITCH_STUCK")

    def measure_battery(self) -> Process:
        """Battery voltage, to a tenth of a volt."""
        while True:
            self.set("CEM_Power", BatteryVoltage=round(min(self.battery.volts, 25.5), 1))
            yield self.VOLTAGE_PERIOD
