"""Telematics units whose message says the wrong thing in one case (B-04)."""

from __future__ import annotations

from dataclasses import replace

from emulation.ecus.telematics.call_control import CallControl
from emulation.ecus.telematics.conversation import Trigger
from emulation.ecus.telematics.msd import Msd
from emulation.ecus.telematics.msd_source import MsdSource
from emulation.faults import seeded
from emulation.offboard.calls import Call
from emulation.world import Process


@seeded(breaks="B-04", story="south is told as north, and west as east")
class SignsLost(MsdSource):
    """Has no room for a sign."""

    def compose(self, message_id: int, *, automatic: bool, since: int) -> Msd:
        """Absolute values."""
        msd = super().compose(message_id, automatic=automatic, since=since)
        return msd if msd.position is None else replace(msd, position=(abs(msd.position[0]), abs(msd.position[1])))


@seeded(breaks="B-04", story="without a position the message tells one off the coast of Africa")
class NullIsland(MsdSource):
    """Takes 0 degrees for unknown."""

    def compose(self, message_id: int, *, automatic: bool, since: int) -> Msd:
        """Zeros."""
        msd = super().compose(message_id, automatic=automatic, since=since)
        return replace(msd, position=msd.position or (0.0, 0.0))


@seeded(breaks="B-04", story="a lost position is told as unknown, though the last one is known")
class LastPositionForgotten(MsdSource):
    """Keeps nothing that it does not trust."""

    def compose(self, message_id: int, *, automatic: bool, since: int) -> Msd:
        """No position."""
        msd = super().compose(message_id, automatic=automatic, since=since)
        return msd if msd.position_trusted else replace(msd, position=None, recent=())


@seeded(breaks="B-04", story="the direction is that against which the car drove")
class WrongWay(MsdSource):
    """Looks out of the rear window."""

    def compose(self, message_id: int, *, automatic: bool, since: int) -> Msd:
        """Turned round."""
        msd = super().compose(message_id, automatic=automatic, since=since)
        return msd if msd.heading is None else replace(msd, heading=(msd.heading + 180) % 360)


@seeded(breaks="B-04", story="the message never counts more than the two front belts")
class RearSeatsForgotten(MsdSource):
    """Has two seats."""

    def compose(self, message_id: int, *, automatic: bool, since: int) -> Msd:
        """Two at most."""
        msd = super().compose(message_id, automatic=automatic, since=since)
        return msd if msd.passengers is None else replace(msd, passengers=min(msd.passengers, 2))


@seeded(breaks="B-04", story="the message tells when it was sent, and not when the crash was")
class TimeOfSending(MsdSource):
    """Has an eye on the clock."""

    def compose(self, message_id: int, *, automatic: bool, since: int) -> Msd:
        """Now."""
        msd = super().compose(message_id, automatic=automatic, since=since)
        return replace(msd, timestamp=self.unix_time(self.unit.world.now))


@seeded(breaks="B-04", story="only the first call that is answered has a message")
class MessageOnlyOnce(CallControl):
    """Repeats nothing."""

    def send_message(self, call: Call) -> Process:
        """Unless it was sent before."""
        if self.message_id == 0:
            yield from super().send_message(call)


@seeded(breaks="B-04", story="after a call-back the message is that of the first call")
class OldMessageAgain(MsdSource):
    """Writes one message an incident."""

    def compose(self, message_id: int, *, automatic: bool, since: int) -> Msd:
        """The first one, for each incident."""
        msd = super().compose(message_id, automatic=automatic, since=since)
        if getattr(self, "first", msd).timestamp != msd.timestamp or not hasattr(self, "first"):
            self.first = msd
        return replace(self.first, message_id=message_id, automatic=automatic)


@seeded(breaks="B-04", story="a crash during an SOS call is not told of")
class SosHidesCrash(CallControl):
    """Has said everything already."""

    def request(self, trigger: Trigger) -> None:
        """Only where nobody listens to SOS yet."""
        if not (self.running and self.trigger is Trigger.SOS):
            super().request(trigger)
