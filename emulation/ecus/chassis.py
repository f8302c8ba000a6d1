"""The rest of the bus: drivetrain, chassis and comfort nodes, so that the network weighs what a real one weighs.

They answer diagnostics on battery, and send their messages with terminal 15 only.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, pi, sin

from emulation.bench import EmulatedBench
from emulation.ecus.base.ecu import Ecu
from emulation.ecus.base.vehicle import SignalValue
from emulation.world import Condition, Process
from harness.units import MS, S, seconds

IDLE_RPM = 850.0
"""Engine speed at idle, warm."""


class Chassis(Ecu):
    """A node that is there for its messages; a parked car, so they change slowly."""

    BOOT = 120 * MS
    UPDATE = 1 * S
    """Time between two changes of what it tells."""

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self.terminal_15 = bench.line("terminal_15")
        self.phase = self.random.uniform(0, 2 * pi)

    def processes(self) -> Iterable[Process]:
        """Send while awake, tell what is measured."""
        self.transmit(False)
        return [self.follow_terminal_15(), self.measure()]

    def follow_terminal_15(self) -> Process:
        """On the bus while awake, off it else."""
        sends = False
        while True:
            if self.awake() != sends:
                sends = not sends
                self.transmit(sends)
            yield self.may_wake()

    def awake(self) -> bool:
        """Whether it is on the bus: with terminal 15."""
        return self.terminal_15.is_high

    def may_wake(self) -> Condition:
        """Happens when `awake()` may have changed."""
        return self.terminal_15.changed()

    def measure(self) -> Process:
        """New values once in a while."""
        while True:
            if self.awake():
                self.update()
            yield self.UPDATE

    def update(self) -> None:
        """Tell what is measured now."""
        for name, signals in self.values().items():
            self.set(name, **signals)

    def values(self) -> dict[str, dict[str, SignalValue]]:
        """Signals by message, as they are now."""
        return {}

    def running_engine(self) -> bool:
        """Whether the ignition says that the engine runs."""
        return self.last("CEM_Ignition", "Mode") == "RUNNING"

    def wave(self, middle: float, swing: float, period: int, digits: int = 0) -> float:
        """A slow swing around `middle`, one turn in `period` ns, different in every node and run."""
        value = middle + swing * sin(2 * pi * self.world.now / period + self.phase)
        return round(value, digits)

    def warming(self, cold: float, warm: float, constant: int) -> float:
        """From `cold` towards `warm` since the boot, a third left after `constant` ns."""
        since = seconds(self.world.now - self.booted_at)
        return round(warm - (warm - cold) * exp(-since / seconds(constant)))


class Engine(Chassis):
    """Idles while the ignition says running."""

    node = "ECM"

    def may_reset(self) -> bool:
        """Not while the engine runs."""
        return not self.running_engine()

    def values(self) -> dict[str, dict[str, SignalValue]]:
        """Speed, load, temperature."""
        runs = self.running_engine()
        return {
            "ECM_Engine": {
                "EngineSpeed": self.wave(IDLE_RPM, 15, 7 * S) if runs else 0,
                "State": "RUNNING" if runs else "STOPPED",
                "Load": 18.0 if runs else 0,
            },
            "ECM_Temperatures": {"Coolant": self.warming(20, 90, 300 * S) if runs else 20},
        }


class Brakes(Chassis):
    """Stands still with the parking brake applied."""

    node = "ESC"

    def values(self) -> dict[str, dict[str, SignalValue]]:
        """Noise of the inertial sensors."""
        return {
            "ESC_Dynamics": {
                "LateralAcceleration": self.wave(0, 0.02, 11 * S, 2),
                "YawRate": self.wave(0, 0.1, 13 * S, 1),
            }
        }


class Steering(Chassis):
    """A steering wheel that nobody turns."""

    node = "EPS"

    def values(self) -> dict[str, dict[str, SignalValue]]:
        """Angle and motor temperature."""
        return {
            "EPS_SteeringAngle": {"Angle": self.wave(1.2, 0.1, 17 * S, 1)},
            "EPS_Status": {"MotorTemperature": self.warming(20, 35, 600 * S)},
        }


class Climate(Chassis):
    """Keeps the cabin at its temperature."""

    node = "CCM"

    def processes(self) -> Iterable[Process]:
        """And misses the body module when it is silent."""
        return [*super().processes(), self.supervise("CEM_Ignition", "BODY_MISSING")]

    def values(self) -> dict[str, dict[str, SignalValue]]:
        """Temperature and blower."""
        return {
            "CCM_Cabin": {"CabinTemperature": round(2 * self.wave(21, 0.6, 60 * S, 1)) / 2},
            "CCM_Blower": {"BlowerLevel": 3 if self.running_engine() else 1},
        }


class WhileCharging(Chassis):
    """A node that is awake also while a charge cable is plugged in, and follows what the charger tells."""

    def processes(self) -> Iterable[Process]:
        """And listen to the charger."""
        return [*super().processes(), self.follow_charger()]

    def awake(self) -> bool:
        """With terminal 15, or with a cable."""
        return super().awake() or self.charging() != "UNPLUGGED"

    def may_wake(self) -> Condition:
        """Terminal 15, or news of the charger."""
        return super().may_wake() | self.news()

    def news(self) -> Condition:
        """Happens when the charger tells something else."""
        return self.heard("OBC_Charging", self.newest("OBC_Charging"))

    def charging(self) -> str:
        """`OBC_Charging.State` as it was heard last."""
        return str(self.last("OBC_Charging", "State") or "UNPLUGGED")

    def follow_charger(self) -> Process:
        """What it tells is told on at once."""
        while True:
            yield self.news()
            if self.awake():
                self.update()
