"""Remote unlock: a signal allows it, a handle within its time does it, else the car stays locked (B-28 ... B-31)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from emulation.ecus.base.vehicle import SignalValue
from emulation.world import Process
from harness.units import S

if TYPE_CHECKING:
    from emulation.ecus.body.body import Body


class RemoteUnlock:
    """Obeys TCU_Remote once a request: a new RequestCount with a command is a new one."""

    UNLOCKING_HANDLES: ClassVar = frozenset({"Driver", "Passenger", "RearLeft", "RearRight"})
    """Handles that unlock within the time."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.state = "IDLE"
        self.count = 0
        """RequestCount of the command that `state` speaks of."""
        self.known = 0
        """RequestCount of the newest command; kept without supply, so that no command is obeyed twice."""
        self.deadline: int | None = None
        self._news = body.world.condition("remote unlock news")

    def processes(self) -> Iterable[Process]:
        """Hear commands, let the time for the handle run out; a loss of supply ends it at once."""
        self._news = self.body.world.condition("remote unlock news")
        if self.deadline is not None:
            self.expire()
        else:
            self.tell()
        return [self.obey(), self.count_down()]

    def obey(self) -> Process:
        """Each command once."""
        while True:
            heard = self.body.checked("TCU_Remote")
            yield heard
            count = int(heard.value["RequestCount"])
            if count != self.known:
                self.known = count
                self.command(str(heard.value["Command"]), count, heard.value)

    def command(self, command: str, count: int, signals: dict[str, SignalValue]) -> None:
        """Do what is asked."""
        if command == "UNLOCK":
            self.allow(count, self.handle_time(int(signals["HandleTime"])))
        elif command == "LOCK":
            self.lock(count)
        elif command == "IMMOBILISE":
            self.body.immobiliser.disable()
        elif command == "RELEASE":
            self.body.immobiliser.enable()

    def handle_time(self, asked: int) -> int:
        """How long a handle is waited for, ns, where Assistance asked for `asked` seconds."""
        return asked * S

    def allow(self, count: int, handle_time: int) -> None:
        """From now on a handle unlocks; nothing opens before."""
        if not self.body.lock.locked:
            self.become("UNLOCKED", count)
        elif handle_time <= 0 or self.body.mode_now == "RUNNING":
            self.become("REFUSED", count)
        else:
            self.become("WAITING_FOR_HANDLE", count, self.body.world.now + handle_time)

    def lock(self, count: int) -> None:
        """Lock, and wait for no handle any more; refused where a door is open, the engine runs, or after a crash."""
        locked = self.body.lock.locked or (self.may_lock() and self.body.lock.lock("REMOTE"))
        self.become("RELOCKED" if locked else "REFUSED", count)

    def may_lock(self) -> bool:
        """Whether the car may be locked from afar: what a crash has opened, for helpers, only somebody there locks."""
        return self.body.lock.cause != "CRASH"

    def handle_pressed(self, handle: str) -> bool:
        """Unlock, where a handle is waited for; whether it was."""
        if self.deadline is None or handle not in self.UNLOCKING_HANDLES:
            return False
        self.body.lock.unlock("REMOTE")
        return True

    def lock_changed(self) -> None:
        """Somebody unlocked or locked the car, by the handle or otherwise: nothing is left to wait for."""
        if self.deadline is not None:
            self.become("RELOCKED" if self.body.lock.locked else "UNLOCKED", self.count)

    def expire(self) -> None:
        """No handle in time."""
        self.become("RELOCKED", self.count)
        self.body.lock.stay_locked("AUTO_RELOCK")

    def count_down(self) -> Process:
        """Tell the time left once a second, until it is over."""
        world = self.body.world
        while True:
            self._news = world.condition("remote unlock news")
            if self.deadline is None:
                yield self._news
                continue
            self.tell()
            left = self.deadline - world.now
            yield self._news | world.after((left - 1) % S + 1)
            if not self._news.happened and world.now >= self.deadline:
                self.expire()

    def become(self, state: str, count: int, deadline: int | None = None) -> None:
        """Say what became of request `count`."""
        self.state, self.count, self.deadline = state, count, deadline
        self.tell()
        self._news.happen()
        self.body.moved()

    def tell(self) -> None:
        """Put it on CAN; a second that has begun counts."""
        left = 0 if self.deadline is None else -((self.body.world.now - self.deadline) // S)
        self.body.set("CEM_Remote", State=self.state, RequestCount=self.count, TimeLeft=min(left, 4095))
