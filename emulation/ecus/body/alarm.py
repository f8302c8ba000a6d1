"""Anti-theft alarm: armed with the lock, triggered by door, bonnet, inclination or battery, siren (B-32, B-34)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from emulation.ecus.body.inputs import follow
from emulation.world import Process
from harness.units import MS, S

if TYPE_CHECKING:
    from emulation.ecus.body.body import Body


class Alarm:
    """Its state survives the loss of supply, which is a break-in itself; triggered, it stays so until switched off."""

    SIREN = 30 * S
    """A break-in sounds for so long; UN R116 allows 25 ... 30 s."""
    RESERVE = 500 * MS
    """So long a capacitor keeps the module on CAN when the battery of an armed car is taken; own design."""
    BY_KEY: ClassVar = frozenset({"KEY", "HANDLE"})
    """Causes of an unlocking that prove a key."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.state = "DISARMED"
        self.source = "NONE"
        self.disarmed_by = "NONE"
        self.wanted = False
        """Locked, but not armed yet, because the bonnet is open."""
        self.siren_until = 0
        """When the siren ends, ns."""
        self._news = body.world.condition("alarm news")

    def processes(self) -> Iterable[Process]:
        """Watch inclination, end the siren."""
        self._news = self.body.world.condition("alarm news")
        self.tell()
        return [self.sound(), follow(self.body.world, self.body.bench.line("tilt"), self.tilted)]

    # Armed and not

    def lock_changed(self, cause: str) -> None:
        """Locking arms, unlocking switches off."""
        if self.body.lock.locked:
            self.wanted = self.state == "DISARMED"
            self.look()
        else:
            self.disarm(self.disarming(cause))

    def disarming(self, cause: str) -> str:
        """Who switches off by unlocking for `cause`, as CEM_Alarm.DisarmedBy spells it."""
        if cause in self.BY_KEY:
            return "KEY"
        return "REMOTE" if cause == "REMOTE" else "NONE"

    def look(self) -> None:
        """Arm a locked car once everything is closed."""
        if self.wanted and not self.body.doors.opened:
            self.wanted = False
            self.state, self.source, self.disarmed_by = "ARMED", "NONE", "NONE"
            self.tell()

    def disarm(self, by: str) -> None:
        """Switch it off, the siren with it."""
        self.wanted = False
        if self.state != "DISARMED":
            self.state, self.disarmed_by, self.siren_until = "DISARMED", by, 0
            self.tell()
            self._news.happen()

    # Triggered

    def calm(self) -> bool:
        """Whether nothing sounds, and nothing has broken in."""
        return self.state != "TRIGGERED"

    def door_moved(self, signal: str, is_open: bool) -> None:
        """A door or the bonnet of an armed car is forced; one that closes may be what arming waited for."""
        if is_open:
            self.trigger("BONNET" if signal == "Bonnet" else "DOOR")
        else:
            self.look()

    def tilted(self, high: bool) -> None:
        """The car is lifted."""
        if high:
            self.trigger("INCLINATION")

    def battery_lost(self) -> None:
        """The battery of the car is taken."""
        self.trigger("BATTERY")

    def trigger(self, source: str) -> None:
        """A break-in, where the alarm is armed or has been triggered already."""
        if self.state == "DISARMED":
            return
        self.state, self.source = "TRIGGERED", source
        self.siren_until = self.body.world.now + self.SIREN
        self.tell()
        self._news.happen()
        self.body.moved()

    def sound(self) -> Process:
        """End the siren in time."""
        world = self.body.world
        while True:
            self._news = world.condition("alarm news")
            if self.siren_until > world.now:
                yield self._news | world.after(self.siren_until - world.now)
                self.tell()
            else:
                yield self._news

    def tell(self) -> None:
        """Put it on CAN."""
        self.body.set(
            "CEM_Alarm",
            State=self.state,
            Source=self.source,
            Siren="ON" if self.siren_until > self.body.world.now else "OFF",
            DisarmedBy=self.disarmed_by,
        )
