"""Airbag control module: tells of crashes, cyclically and end-to-end protected, and of belts (B-01, B-02, B-03, B-04).

A crash comes by UDS routine 0x0301, as a lab triggers a real module on the bench.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from emulation.bench import EmulatedBench
from emulation.ecus.base.ecu import Ecu
from emulation.ecus.base.negative_response import OUT_OF_RANGE, Refused, expect_length
from emulation.world import Condition, Process
from harness.units import MS, S

LEVELS = ("NONE", "IMPACT", "BELT_TENSIONER", "AIRBAG")
DIRECTIONS = ("NONE", "FRONT", "REAR", "LEFT", "RIGHT", "ROLLOVER")

RESERVE_VOLTS = 35.0
"""Charged voltage of the energy reserve; usual for squib drivers."""


class Airbag(Ecu):
    """Keeps a crash on the bus for `EVENT`, then falls back to NONE; `EventCount` tells that it was.

    The capacitor that must fire the squibs with the battery torn off also keeps the module talking for `RESERVE`.
    """

    node = "ACM"
    BOOT = 200 * MS

    EVENT = 2 * S
    """Time for which level and direction of a crash are repeated, every 10 ms: own design, long enough that a receiver
    which boots or loses frames in the crash still hears of it."""
    RESERVE = 500 * MS
    """Life without battery; UN R94 and FMVSS 208 tests want at least 150 ms, modules have more."""
    FIRING_LEVELS = ("BELT_TENSIONER", "AIRBAG")
    """Levels that fire something, cut the fuel and stay recorded."""
    STAGE: ClassVar = {"NONE": "NONE", "IMPACT": "NONE", "BELT_TENSIONER": "BELTS", "AIRBAG": "STAGE_2"}
    DELTA_V_KMH: ClassVar = {"NONE": 0.0, "IMPACT": 6.0, "BELT_TENSIONER": 16.0, "AIRBAG": 32.0}
    """Change of speed that such a crash has; own design."""

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self.deployed = False
        """Kept in non-volatile memory until a workshop clears it."""
        self.events = 0
        self._reserve_ends: int | None = None
        self._crash = self.world.condition("crash")
        self.uds.routines[0x0301] = self._simulate_crash
        self.uds.routines[0x0302] = self._simulate_occupants
        self.uds.routines[0x0303] = self._clear_record

    def processes(self) -> Iterable[Process]:
        """Tell of crashes; the module is ready as soon as its self-test is over."""
        self.events = 0
        self._crash = self.world.condition("crash")
        self.set("ACM_Status", EnergyReserve=RESERVE_VOLTS)
        self._tell_state()
        return [self.tell_of_crashes()]

    def crash(self, level: str, direction: str) -> None:
        """A crash happens."""
        self.events = (self.events + 1) % 16
        self._crash.happen((level, direction))

    def tell_of_crashes(self) -> Process:
        """Level and direction for the time of the event; a second crash within it begins an event of its own."""
        while True:
            yield self._crash
            while self._crash.happened:
                level, direction = self._crash.value
                self._crash = self.world.condition("crash")
                if level in self.FIRING_LEVELS:
                    self.deployed = True
                    self.store_fault("CRASH_RECORDED")
                self.report(level, direction)
                self._tell_state()
                yield self._crash | self.world.after(self.EVENT)
            self.report("NONE", "NONE")

    def report(self, level: str, direction: str) -> None:
        """Put a crash on CAN."""
        self.set(
            "ACM_Crash",
            CrashLevel=level,
            CrashLevelInverted=3 - LEVELS.index(level),
            CrashDirection=direction,
            EventCount=self.events,
            FuelCutOff="YES" if level in self.FIRING_LEVELS else "NO",
            DeltaV=self.DELTA_V_KMH[level],
            DeploymentStage=self.STAGE[level],
        )

    def _tell_state(self) -> None:
        self.set(
            "ACM_Status",
            Lamp="BLINK" if self.deployed else "OFF",
            SystemState="DEPLOYED" if self.deployed else "READY",
        )

    # supply

    def powered(self) -> bool:
        """On the battery, or on what is left in the capacitor."""
        if super().powered():
            self._reserve_ends = None
            return True
        if self._reserve_ends is None:
            self._reserve_ends = self.world.now + self.RESERVE
        return self.running and self.world.now < self._reserve_ends

    def power_changed(self) -> Condition:
        """The battery changes, or the capacitor is empty."""
        changed = super().power_changed()
        if self.running and self._reserve_ends is not None:
            return changed | self.world.after(self._reserve_ends - self.world.now)
        return changed

    # routines

    def _simulate_crash(self, option: bytes) -> bytes:
        expect_length(option, 2)
        level, direction = option
        if level >= len(LEVELS) or direction >= len(DIRECTIONS):
            raise Refused(OUT_OF_RANGE)
        self.crash(LEVELS[level], DIRECTIONS[direction])
        return b""

    def _simulate_occupants(self, option: bytes) -> bytes:
        expect_length(option, 1)
        belts = ("BeltFrontLeft", "BeltFrontRight", "BeltRearLeft", "BeltRearMiddle", "BeltRearRight")
        if option[0] > len(belts):
            raise Refused(OUT_OF_RANGE)
        seats = {belt: "FASTENED" if seat < option[0] else "OPEN" for seat, belt in enumerate(belts)}
        self.set("ACM_Occupants", Passengers=option[0], **seats)
        return b""

    def _clear_record(self, option: bytes) -> bytes:
        expect_length(option, 0)
        self.deployed = False
        self._tell_state()
        return b""
