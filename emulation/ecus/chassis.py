"""The rest of the bus: drivetrain, chassis and comfort nodes, so that the network weighs what a real one weighs.

They answer diagnostics on battery, and send their messages with terminal 15 only.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, pi, sin

from emulation.bench import EmulatedBench
from emulation.ecus.base.ecu import Ecu
from emulation.ecus.base.vehicle import SignalValue
from emulation.world import Process
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
        """Send with terminal 15, tell what is measured."""
        self.transmit(False)
        return [self.follow_terminal_15(), self.measure()]

    def follow_terminal_15(self) -> Process:
        """On the bus with terminal 15, off it without."""
        while True:
            yield self.terminal_15.pressed()
            self.transmit(True)
            yield self.terminal_15.released()
            self.transmit(False)

    def measure(self) -> Process:
        """New values once in a while."""
        while True:
            if self.terminal_15.is_high:
                for name, signals in self.values().items():
                    self.set(name, **signals)
            yield self.UPDATE

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


class HighVoltageBattery(Chassis):
    """A battery with its contactors closed while the engine runs."""

    node = "BMS"

    def values(self) -> dict[str, dict[str, SignalValue]]:
        """Voltage, current, contactors."""
        runs = self.running_engine()
        return {
            "BMS_HighVoltage": {
                "Voltage": self.wave(380, 0.4, 19 * S, 1),
                "Current": self.wave(4, 0.5, 5 * S, 1) if runs else 0,
                "Contactors": "CLOSED" if runs else "OPEN",
            },
        }


class DriverDisplay(Chassis):
    """Shows what the others say."""

    node = "DIM"

    def processes(self) -> Iterable[Process]:
        """And misses the body module when it is silent."""
        return [*super().processes(), self.supervise("CEM_Ignition", "BODY_MISSING")]

    def values(self) -> dict[str, dict[str, SignalValue]]:
        """Telltales."""
        airbag = self.last("ACM_Status", "Lamp")
        ready = self.last("TCU_Status", "Ready")
        belts = self.last("ACM_Occupants", "Passengers")
        return {
            "DIM_Telltales": {
                "Airbag": airbag or "ON",
                "Telematics": "OFF" if ready else "ON",
                "Belt": "OFF" if belts else "ON",
                "Brake": "ON",
            }
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
