"""Remote commands in the telematics unit: from a signal to CAN, and from CAN what came of it (B-26 ... B-30)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from emulation.ecus.base.vehicle import SignalValue
from emulation.world import Process
from harness.units import H, S

if TYPE_CHECKING:
    from emulation.ecus.telematics.telematics import Telematics

COUNTS = 16
"""Values of `TCU_Remote.RequestCount`."""
LONGEST = 4095
"""What `TCU_Remote.HandleTime` holds, in s."""
STATES = {
    "WAITING_FOR_HANDLE": "waiting for handle",
    "UNLOCKED": "unlocked",
    "RELOCKED": "relocked",
    "REFUSED": "refused",
}
"""`CEM_Remote.State` as the car tells it to Assistance."""


class RemoteCommands:
    """Tells the body module what Assistance or the app wants, once each, and Assistance what the car made of it."""

    SHOWN = 2 * S
    """So long a command stands on CAN: ten frames; a body module that boots later finds none to obey (own choice)."""
    CONFIRMED = 1 * S
    """So long after a command to the immobiliser the car says how it stands: twice the cycle of CEM_Keys."""
    KEEP = 24 * H
    """So long the car tries to tell what became of it (own choice)."""

    def __init__(self, unit: Telematics) -> None:
        self.unit = unit
        self.world = unit.world
        self.count = 0
        """Of the newest command; kept in non-volatile memory."""
        self.request: Any = None
        """Whose the newest unlock or lock is, as its signal said."""
        self._unlock_count: int | None = None
        for kind, handler in (
            ("unlock", self.unlock),
            ("lock", self.lock),
            ("immobilise", self.immobilise),
            ("release", self.release),
        ):
            unit.services.on(kind, handler)

    def processes(self) -> Iterable[Process]:
        """Say what the last command was, and follow what comes of the next."""
        self.unit.set("TCU_Remote", Command="NONE", RequestCount=self.count)
        return [self.follow_lock()]

    # Signals

    def unlock(self, data: dict[str, Any]) -> None:
        """Let a handle unlock the car within `handle_time` ns."""
        self.request = data.get("request")
        seconds = min(max(round(int(data["handle_time"]) / S), 0), LONGEST)
        self._unlock_count = self.command("UNLOCK", seconds)

    def lock(self, data: dict[str, Any]) -> None:
        """Lock the car."""
        self.request = data.get("request")
        self._unlock_count = self.command("LOCK")

    def immobilise(self, _data: dict[str, Any]) -> None:
        """Let no key start the car."""
        self.command("IMMOBILISE")
        self.world.spawn(self.confirm(), "TCU confirms immobiliser")

    def release(self, _data: dict[str, Any]) -> None:
        """Let keys start it again."""
        self.command("RELEASE")
        self.world.spawn(self.confirm(), "TCU confirms release")

    def command(self, name: str, handle_time: int = 0) -> int:
        """Put a command on CAN, for a while; returns its number."""
        self.count = (self.count + 1) % COUNTS
        self.unit.set("TCU_Remote", Command=name, RequestCount=self.count, HandleTime=handle_time)
        self.world.spawn(self._take_back(self.count), f"{self.unit.node} command {name}")
        return self.count

    def _take_back(self, count: int) -> Process:
        yield self.SHOWN
        if self.count == count and self.unit.running:
            self.unit.set("TCU_Remote", Command="NONE")

    # What comes of it

    def follow_lock(self) -> Process:
        """Tell Assistance of every new state of the newest unlock or lock."""
        told: tuple[SignalValue, SignalValue] | None = None
        known: bytes | None = None
        while True:
            heard = self.unit.heard("CEM_Remote", known)
            yield heard
            known, said = heard.value.data, self.unit.decode(heard.value)
            state = (said["RequestCount"], said["State"])
            if state != told and said["State"] in STATES and said["RequestCount"] == self._unlock_count:
                self.tell_lock(STATES[str(said["State"])])
            told = state

    def tell_lock(self, state: str) -> None:
        """The lock has come to a new state."""
        self.unit.services.tell("unlock_result", valid_for=self.KEEP, request=self.request, state=state)

    def confirm(self) -> Process:
        """Tell Assistance whether keys are disabled, by the body module's own word."""
        yield self.CONFIRMED
        state = self.unit.last("CEM_Keys", "Immobiliser")
        if self.unit.running and state is not None:
            self.unit.services.tell("immobiliser", valid_for=self.KEEP, disabled=state == "DISABLED_REMOTELY")
