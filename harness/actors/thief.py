"""The thief: opens, tilts, cuts the battery, drives away; acts by lines, and says nothing on CAN (B-32, B-33, B-34)."""

from __future__ import annotations

from harness.actors.actor import Actor
from harness.actors.doors import Door, Doors
from harness.actors.keys import Keys
from harness.actors.surroundings import Position
from harness.bench import Bench
from harness.units import S

ARM_TIME = 2 * S
"""So soon a locked car with everything closed is armed (bench default)."""
RECEIVER = 2 * S
"""A receiver computes a position once a second: so soon it knows of the last step (bench default)."""
KMH_PER_DEGREE = 111.2 * 3_600
"""A degree of latitude in km, times the seconds of an hour: km/h of a car that takes a second for a degree."""


class Thief(Actor):
    """Leaves a locked car no peace. What is forced stays open until `leaves`; acts return their instant (ns)."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._doors = Doors(bench)
        self._keys = Keys(bench)

    def finds_it_locked(self, key: int = 1) -> int:
        """The owner has locked with a key's button, the alarm is armed, and every key is far away (ns of arming).

        Raises `ExpectationError` where the alarm does not arm.
        """
        self._keys.near(key)
        start = self._keys.locks(key)
        armed = self.bench.networks["body"].expect("CEM_Alarm.State", "ARMED", ARM_TIME, since=start)
        self._keys.away()
        return armed

    def breaks_in(self, door: Door | str = Door.DRIVER) -> int:
        """Force a door, whatever the lock says."""
        return self._doors.forces(door)

    def forces_bonnet(self) -> int:
        """Open the bonnet."""
        return self._doors.opens_bonnet()

    def tilts(self) -> int:
        """Lift the car, for its wheels or for a tow."""
        return self._doors.lifts()

    def leaves(self) -> None:
        """Shut what was forced, let down what was lifted, and go."""
        self._doors.close()
        if self.bench.line("bonnet").is_pressed():
            self._doors.closes_bonnet()
        if self.bench.line("tilt").is_pressed():
            self._doors.sets_down()

    def disconnects_battery(self) -> int:
        """Cut the main battery."""
        start = self.note("power_off", by="thief")
        self.bench.line("battery").set_power(False)
        return start

    def drives_off(self, north: float = 0.0, east: float = 0.0, lasting: int = 60 * S, steps: int = 6) -> Position:
        """Take the car so many degrees `north` and `east`, at an even pace for `lasting` ns; returns where it is then.

        The receiver sees the car jump from step to step: `lasting / steps` must be well above its own second.
        """
        self.note("drives_off", north=north, east=east)
        start = self.bench.offboard.request("GET", "/position")
        speed = KMH_PER_DEGREE * (abs(north) + abs(east)) * S / lasting
        for step in range(1, steps + 1):
            self.clock.sleep(lasting // steps)
            latitude = start["latitude"] + north * step / steps
            longitude = start["longitude"] + east * step / steps
            self.note("position", latitude=latitude, longitude=longitude)
            self.bench.offboard.set_position(latitude=latitude, longitude=longitude, speed_kmh=min(speed, 200.0))
        self.bench.offboard.set_position(speed_kmh=0.0)
        self.clock.sleep(RECEIVER)
        return Position(latitude, longitude)
