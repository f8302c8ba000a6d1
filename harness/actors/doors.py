"""Handles and doors: pressed, opened, closed, broken open; and what the lock made of it (B-29, B-30, B-32).

A bench has no door leaves: their contacts are relays. So this actor opens a door only where the lock lets it, as the
car tells on CAN; `forces` opens it whatever the lock says.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

from harness.actors.actor import Actor
from harness.catalogue import limit
from harness.errors import ExpectationError
from harness.judge import Quantity
from harness.units import MS, pretty

LOCK_TIME = 1_000 * MS
"""So soon after a button, a handle or a contact the body module has told of it (bench default)."""
PRESS = 300 * MS
"""How long a hand rests on a handle (bench default)."""
CAN_ERROR = 1 * MS
"""Limit of error of an instant by CAN: how long a frame may wait for the bus (500 kbit/s, half loaded)."""
RELAY_ERROR = 10 * MS
"""Limit of error of the instant of a press: a relay's operate time, its bounce, and the body module's debouncing."""

Cause = Literal["KEY", "HANDLE", "REMOTE", "SWITCH", "AUTO_RELOCK", "CRASH"]


class Door(StrEnum):
    """A door by the end of its lines' names."""

    DRIVER = "driver"
    PASSENGER = "passenger"
    REAR_LEFT = "rear_left"
    REAR_RIGHT = "rear_right"

    @property
    def name_on_can(self) -> str:
        """As CEM_Handles calls its handle; CEM_Doors adds `Door`."""
        return self.value.title().replace("_", "")


DOORS = tuple(Door)


class Doors(Actor):
    """Stands beside the car. `since` is an instant in ns; left out, it is now."""

    # Acts

    def press_handle(self, door: Door | str = Door.DRIVER) -> int:
        """Press a door's handle and let go; returns when it was pressed (ns), just before the relay closes."""
        wanted = Door(door)
        line = self.bench.line(f"handle_{wanted}")
        start = self.note("handle", door=str(wanted))
        line.press()
        self.clock.sleep(PRESS)
        line.release()
        return start

    def tries_to_open(self, door: Door | str = Door.DRIVER) -> bool:
        """Press the handle and pull: the door opens where the lock lets it. Whether it did."""
        wanted = Door(door)
        start = self.press_handle(wanted)
        if not self.is_free(wanted):
            self.note("door_stays_closed", door=str(wanted))
            return False
        self._contact(f"door_{wanted}", f"{wanted.name_on_can}Door", "OPEN", start)
        return True

    def open(self, *doors: Door | str) -> None:
        """Open these doors, all of them where none is named. Raises `ExpectationError` where one is locked."""
        for door in doors or DOORS:
            if not self.tries_to_open(door):
                raise ExpectationError(f"expected the {self._called(door)} to open; {self._lock_now()}")

    def close(self, *doors: Door | str) -> None:
        """Close these doors, all of them where none is named."""
        for door in map(Door, doors or DOORS):
            if self.bench.line(f"door_{door}").is_pressed():
                self._contact(f"door_{door}", f"{door.name_on_can}Door", "CLOSED", self.now())

    def forces(self, door: Door | str = Door.DRIVER) -> int:
        """Break a door open, whatever the lock says; returns when (ns)."""
        wanted = Door(door)
        return self._contact(f"door_{wanted}", f"{wanted.name_on_can}Door", "OPEN", self.now())

    def opens_bonnet(self) -> int:
        """Open the bonnet; returns when (ns)."""
        return self._contact("bonnet", "Bonnet", "OPEN", self.now())

    def closes_bonnet(self) -> int:
        """Close the bonnet; returns when (ns)."""
        return self._contact("bonnet", "Bonnet", "CLOSED", self.now())

    def lifts(self) -> int:
        """Lift the car on one side; returns when (ns)."""
        start = self.note("lifts")
        self.bench.line("tilt").press()
        return start

    def sets_down(self) -> int:
        """Let it down again; returns when (ns)."""
        start = self.note("sets_down")
        self.bench.line("tilt").release()
        return start

    def _contact(self, line: str, signal: str, state: str, since: int) -> int:
        start = self.note("contact", line=line, state=state)
        (self.bench.line(line).press if state == "OPEN" else self.bench.line(line).release)()
        self.bench.networks["body"].expect(f"CEM_Doors.{signal}", state, LOCK_TIME, since=since)
        return start

    # Sights

    def is_free(self, door: Door | str) -> bool:
        """Whether the lock lets a door open now, by what the car tells."""
        value = self.bench.networks["body"].value
        if value("CEM_Lock.State") != "UNLOCKED":
            return False
        return Door(door) is Door.DRIVER or value("CEM_Lock.DriverDoorOnly") == "NO"

    def expects_locked(self, cause: Cause | None = None, within: int = LOCK_TIME, since: int | None = None) -> int:
        """Wait until the car is locked, by `cause` where that is given; returns when (ns)."""
        return self._expects("LOCKED", cause, within, since)

    def expects_unlocked(self, cause: Cause | None = None, within: int = LOCK_TIME, since: int | None = None) -> int:
        """Wait until the car is unlocked, however briefly; returns when (ns)."""
        return self._expects("UNLOCKED", cause, within, since)

    def expects_all_open(self, doors: Sequence[Door] = DOORS) -> None:
        """Every door opens as normal: handle, lock, contact. Leaves them closed again."""
        self.open(*doors)
        self.close(*doors)

    def expects_nothing_opens(self, duration: int | None = None, since: int | None = None) -> None:
        """Let `duration` ns pass (default: the quiet time) in which nothing unlocks and no door opens.

        Judged from `since` on by the whole history. Raises `ExpectationError` with what opened.
        """
        begin = self.now() if since is None else since
        self.clock.sleep(limit("quiet_time") if duration is None else duration)
        states = self.timeline.signal("CEM_Lock.State", begin)
        if not states:
            raise ExpectationError("expected CEM_Lock on CAN while watching the doors; the body module sent none")
        seen = [f"the car was {each.value} at {pretty(each.time)}" for each in states if each.value != "LOCKED"]
        for door in DOORS:
            opened = self.timeline.first(f"CEM_Doors.{door.name_on_can}Door", "OPEN", begin)
            seen += [] if opened is None else [f"the {self._called(door)} was open at {pretty(opened)}"]
        if seen:
            raise ExpectationError(f"expected nothing to open within {pretty(self.now() - begin)}; {'; '.join(seen)}")
        self.note("nothing_opened", duration=pretty(self.now() - begin))

    def handle_time(self, since: int) -> Quantity:
        """How long a remote unlock waited for a handle before the car said that it is locked again, by CAN (s).

        Raises `ExpectationError` where it did not wait since `since`, or waits still.
        """
        waits = self.timeline.first("CEM_Remote.State", "WAITING_FOR_HANDLE", since)
        ends = None if waits is None else self.timeline.first("CEM_Remote.State", "RELOCKED", waits)
        if waits is None or ends is None:
            raise ExpectationError(
                "expected CEM_Remote.State to be WAITING_FOR_HANDLE and then RELOCKED; it "
                f"{'never waited' if waits is None else 'was not RELOCKED'}, and is {self._value('CEM_Remote.State')}"
            )
        return Quantity.between("time for the handle", waits, ends, CAN_ERROR)

    def pressed_after(self, pressed: int, since: int) -> Quantity:
        """How long after the car began to wait a handle was pressed (s): the relay against CAN."""
        waits = self.timeline.first("CEM_Remote.State", "WAITING_FOR_HANDLE", since)
        if waits is None:
            raise ExpectationError("expected CEM_Remote.State to be WAITING_FOR_HANDLE; it never was")
        return Quantity.between("handle pressed after", waits, pressed, RELAY_ERROR)

    def _expects(self, state: str, cause: Cause | None, within: int, since: int | None) -> int:
        begin = self.now() if since is None else since
        at = self.bench.networks["body"].expect("CEM_Lock.State", state, within, since=begin)
        told = self.timeline.value("CEM_Lock.LastCause", at=at)
        if cause is not None and (told is None or told.value != cause):
            raise ExpectationError(
                f"expected the car to be {state} by {cause}; CEM_Lock.LastCause is {told and told.value}"
            )
        return at

    def _value(self, signal: str) -> str:
        return str(self.bench.networks["body"].value(signal))

    def _lock_now(self) -> str:
        only = self._value("CEM_Lock.DriverDoorOnly")
        return f"CEM_Lock.State is {self._value('CEM_Lock.State')}, DriverDoorOnly {only}"

    @staticmethod
    def _called(door: Door | str) -> str:
        return f"{Door(door).value.replace('_', ' ')} door"
