"""Central electronic module: ignition, supply voltage, what binds keys, doors, lock, alarm (B-12, B-26 ... B-34).

Modes as the manual has them: 0, I, II, and the engine running. Each part of the module stands in a file of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from emulation.bench import EmulatedBench
from emulation.ecus.base.ecu import Ecu
from emulation.ecus.body.alarm import Alarm
from emulation.ecus.body.central_lock import CentralLock
from emulation.ecus.body.crash_unlock import CrashUnlock
from emulation.ecus.body.doors import Doors
from emulation.ecus.body.immobiliser import Immobiliser
from emulation.ecus.body.keys import KeyRegister
from emulation.ecus.body.network_sleep import NetworkSleep
from emulation.ecus.body.remote_unlock import RemoteUnlock
from emulation.world import Condition, Process
from harness.units import MS, S


class Body(Ecu):
    """Reads terminals S, 15 and 50, and the battery; tells its parts what the others did."""

    node = "CEM"
    SLEEPS = False
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
        self.mode_now = "OFF"
        self.keys: KeyRegister = bench.variant(KeyRegister)(self)
        self.doors: Doors = bench.variant(Doors)(self)
        self.lock: CentralLock = bench.variant(CentralLock)(self)
        self.remote: RemoteUnlock = bench.variant(RemoteUnlock)(self)
        self.immobiliser: Immobiliser = bench.variant(Immobiliser)(self)
        self.alarm: Alarm = bench.variant(Alarm)(self)
        self.crash_unlock: CrashUnlock = bench.variant(CrashUnlock)(self)
        self.network_sleep: NetworkSleep = bench.variant(NetworkSleep)(self)
        self._reserve_ends: int | None = None
        self._moved = self.world.condition("body moved")

    def processes(self) -> Iterable[Process]:
        """Follow terminals and battery, keys, doors and lock, the telematics unit's commands."""
        self.mode_now = "OFF"
        parts = (self.keys, self.doors, self.lock, self.remote, self.alarm, self.network_sleep)
        found = [process for part in parts for process in part.processes()]
        self.immobiliser.boot()
        return [self.follow_terminals(), self.watch_start_switch(), self.measure_battery(), *found]

    # Ignition

    def follow_terminals(self) -> Process:
        """OFF, I, II by the terminals; RUNNING by terminal 50 in II, where it is permitted, until terminal 15 opens."""
        mode, refused = "OFF", False
        cranking_since: int | None = None
        while True:
            terminal_s, terminal_15, terminal_50 = (line.is_high for line in self.terminals)
            mode = self.mode(mode, terminal_s, terminal_15)
            if mode != "II" or not terminal_50:
                cranking_since, refused = None, False
            elif cranking_since is None and not refused:
                cranking_since = self.world.now
            elif cranking_since is not None and self.world.now >= cranking_since + self.START:
                cranking_since, refused = None, not self.immobiliser.may_start()
                mode = mode if refused else "RUNNING"
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
        self.mode_now = mode
        self.set(
            "CEM_Ignition",
            Mode=mode,
            TerminalS="ON" if terminal_s else "OFF",
            Terminal15="ON" if terminal_15 else "OFF",
            Terminal50="ON" if terminal_50 else "OFF",
        )
        self.moved()

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
            yield self.sleep.changed() if self.sleep.asleep else self.VOLTAGE_PERIOD

    # What one part means to the others

    def keys_changed(self) -> None:
        """A key was put elsewhere, blocked or taught."""
        self.immobiliser.look()
        self.moved()

    def door_moved(self, signal: str, is_open: bool) -> None:
        """A door or the bonnet opened or closed."""
        if is_open and signal != "Bonnet":
            self.lock.door_opened()
        self.alarm.door_moved(signal, is_open)
        self.moved()

    def handle_pressed(self, handle: str) -> None:
        """A handle was pressed: somebody is about; a key near unlocks, and a remote unlock that waits for it."""
        self.moved()
        self.moved()
        near = self.keys.near()
        if self.lock.locked and near:
            self.keys.use(min(near))
            self.lock.unlock("HANDLE")
        else:
            self.remote.handle_pressed(handle)

    def lock_changed(self, cause: str) -> None:
        """The car was locked or unlocked."""
        self.remote.lock_changed()
        self.immobiliser.lock_changed()
        self.alarm.lock_changed(cause)
        self.moved()

    # Rest

    def quiet(self) -> bool:
        """Whether nobody is about: ignition off, locked and closed, no key here, no alarm, nothing awaited."""
        here = self.keys.inside() or self.keys.near()
        closed = self.lock.locked and not self.doors.opened
        return closed and not here and self.mode_now == "OFF" and self.alarm.calm() and self.remote.deadline is None

    def quiet_changed(self) -> Condition:
        """Happens when `quiet()` may have changed."""
        return self._moved

    def moved(self) -> None:
        """Something changed that `quiet()` may hang on."""
        moved, self._moved = self._moved, self.world.condition("body moved")
        moved.happen()

    # Supply

    def powered(self) -> bool:
        """On the battery; where the alarm is armed, on a capacitor for a moment more, to tell that it was taken."""
        if super().powered():
            self._reserve_ends = None
            return True
        if self._reserve_ends is None:
            armed = self.running and self.alarm.state != "DISARMED"
            self._reserve_ends = self.world.now + (self.alarm.RESERVE if armed else 0)
            if armed:
                self.alarm.battery_lost()
        return self.running and self.world.now < self._reserve_ends

    def power_changed(self) -> Condition:
        """The battery changes, or the capacitor is empty."""
        changed = super().power_changed()
        if self.running and self._reserve_ends is not None and self._reserve_ends > self.world.now:
            return changed | self.world.after(self._reserve_ends - self.world.now)
        return changed
