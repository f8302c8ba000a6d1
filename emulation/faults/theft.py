"""Theft notifications that reach the wrong one, come in the wrong order, or outlive the key (B-32, B-34)."""

from __future__ import annotations

from typing import Any

from emulation.ecus.base.vehicle import SignalValue
from emulation.ecus.telematics.theft import TheftService
from emulation.faults import seeded
from emulation.offboard.accounts import OWNER_NUMBER
from emulation.offboard.theft import TheftCase, TheftDesk
from emulation.world import Process
from harness.units import S


@seeded(breaks="B-32", story="the push comes first, the message after it")
class PushFirst(TheftDesk):
    """Has the order the wrong way round."""

    def notify(self, case: TheftCase) -> Process:
        """Push, then message."""
        self.send_push(case)
        yield 10 * S
        self.send_message(case)


@seeded(
    breaks="B-32", story="the message goes to the number of the first owner, whatever the delivery centre registered"
)
class FirstOwnersNumber(TheftDesk):
    """Remembers a number instead of asking for it."""

    def number(self) -> str:
        """The number that the car was delivered with."""
        return OWNER_NUMBER


@seeded(breaks="B-32", story="only the message is sent, and no push")
class NoPush(TheftDesk):
    """Deems one word enough."""

    def send_push(self, case: TheftCase) -> None:
        """Nothing."""


@seeded(breaks="B-32", story="arming the alarm already counts as an alarm")
class NervousTheftService(TheftService):
    """Tells of a locked car."""

    ALARM = ("ARMED", "TRIGGERED")


@seeded(breaks="B-32", story="only opened doors are told of, neither bonnet nor tilting")
class DoorsOnly(TheftService):
    """Knows one way into a car."""

    def alarmed(self, source: SignalValue) -> None:
        """Where it is a door."""
        if source == "DOOR":
            super().alarmed(source)


@seeded(breaks="B-32", story="an alarm without coverage is told to nobody, also later")
class AlarmOnlyNow(TheftService):
    """Does not try again."""

    def alarmed(self, source: SignalValue) -> None:
        """Where it can be told at once."""
        if not self.unit.services.reason():
            super().alarmed(source)


@seeded(breaks="B-32", story="the owner is told of the first alarm, and of no other one")
class OneAlarmOnly(TheftDesk):
    """Takes every alarm for the one that it knows."""

    def alarmed(self, data: dict[str, Any]) -> None:
        """Number one for ever."""
        if not self.cases:
            super().alarmed(data)


@seeded(breaks="B-34", story="the push is sent although the key has switched the alarm off meanwhile")
class UnstoppableDesk(TheftDesk):
    """Closes the case and goes on with it."""

    def close(self, case: TheftCase, reason: str) -> None:
        """Lets every step go on."""
        self._steps, self._sent = [], []
        super().close(case, reason)


@seeded(breaks="B-34", story="whoever switches the alarm off from afar ends the service as well")
class AnybodyDisarms(TheftService):
    """Does not look at who did it."""

    DISARMERS = ("KEY", "REMOTE")


@seeded(breaks="B-34", story="Assistance is not told that a key has switched the alarm off")
class SilentDisarm(TheftService):
    """Keeps it to itself."""

    def disarmed(self) -> None:
        """Only the car knows."""
        self.tracker.stop()


@seeded(
    breaks="B-34", story="the car goes on being tracked until Assistance says otherwise, positions on their way or not"
)
class ObedientCar(TheftService):
    """Waits for word from Assistance, which may be out of reach."""

    def disarmed(self) -> None:
        """The tracker runs on."""
        self.unit.services.tell("disarmed", cause="key")
