"""Remote unlocking at Assistance: asked for in the app, PIN verified, signal sent, outcome told (B-28, B-30, B-31)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from emulation.bench import EmulatedBench
from emulation.offboard.connect import Delivery
from emulation.offboard.remote_desk import Matter, RemoteDesk
from emulation.world import Process, Task
from harness.units import MIN


@dataclass
class RemoteUnlock(Matter):
    """One request. `handle_time`: how long a handle may unlock, in ns; `sent`: when the signal left, None: never."""

    handle_time: int = 0
    sent: int | None = None


class RemoteUnlocks(RemoteDesk):
    """The operators who let people into their own cars.

    States: asked, refused; sent, not reached; waiting for handle, unlocked, relocked.
    """

    KIND, FIRST = "remote_unlock", "asked"
    VALID = 1 * MIN
    """So long the car may obey the signal; whoever asked stands beside it and waits (own choice)."""
    HANDLE_TIME = 2 * MIN
    """Where the operator says nothing else (the catalogue's `relock`)."""

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self.unlocks: list[RemoteUnlock] = []
        self._following: list[Task] = []
        self._connect.on("unlock_result", self.told)

    def find(self, identity: Any) -> RemoteUnlock | None:
        """The request of that identity."""
        return next((unlock for unlock in self.unlocks if unlock.id == identity), None)

    def ask(self, account: str, handle_time: int | None = None) -> RemoteUnlock:
        """Somebody asks in the app."""
        identity, now = self._records.new_identity(), self._world.now
        unlock = RemoteUnlock(identity, account, now, handle_time=handle_time or self.HANDLE_TIME)
        self.unlocks.append(unlock)
        self.move(unlock, "asked")
        return unlock

    def check(self, unlock: RemoteUnlock, pin: str) -> None:
        """The operator has the PIN verified, and only then sends the signal (B-28)."""
        if reason := self.refusal(unlock.account, pin):
            self.move(unlock, "refused", reason)
        else:
            self.send(unlock)

    def send(self, unlock: RemoteUnlock) -> None:
        """Send the signal, which carries the time that the operator set."""
        delivery = self._connect.send("unlock", self.VALID, handle_time=unlock.handle_time, request=unlock.id)
        unlock.sent = self._world.now
        self.move(unlock, "sent")
        self._following.append(self._world.spawn(self._follow(unlock, delivery), f"remote unlock {unlock.id}"))

    def _follow(self, unlock: RemoteUnlock, delivery: Delivery) -> Process:
        yield delivery.done
        if delivery.done.value != "delivered" and unlock.state == "sent":
            self.not_reached(unlock, delivery)

    def not_reached(self, unlock: RemoteUnlock, delivery: Delivery) -> None:
        """The signal has not arrived in time: the app is told, and why (B-31)."""
        self.move(unlock, "not reached", delivery.reason)

    def told(self, data: dict[str, Any]) -> None:
        """The car says what came of it."""
        unlock = self.find(data["request"])
        if unlock is not None:
            self.move(unlock, data["state"])

    def as_usual(self) -> None:
        """Nobody waits for anything any more."""
        for task in self._following:
            task.stop()
        self._following.clear()
        self.unlocks.clear()
