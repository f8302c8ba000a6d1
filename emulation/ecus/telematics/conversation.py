"""A call for help from answer to end: the message, its acknowledgement, and voice (B-02, B-05, B-09, B-16)."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Literal

from emulation.ecus.telematics.call_voice import VoicePath
from emulation.ecus.telematics.msd import encode
from emulation.ecus.telematics.msd_source import MsdSource
from emulation.offboard.calls import Call
from emulation.world import Condition, Process
from harness.units import S

if TYPE_CHECKING:
    from emulation.ecus.telematics.telematics import Telematics

Target = Literal["ASSISTANCE", "EMERGENCY"]


class Trigger(IntEnum):
    """Why help is called, the most urgent last."""

    ON_CALL = 1
    SOS = 2
    CRASH = 3

    @property
    def is_emergency(self) -> bool:
        """Whether the emergency number may be called for it."""
        return self is not Trigger.ON_CALL


class Conversation:
    """What is said to a centre, and what CAN is told of it."""

    MESSAGE_TIMEOUT = 20 * S
    """EN 16062, T7: from the start of the message to its acknowledgement."""

    def __init__(self, unit: Telematics) -> None:
        self.unit = unit
        self.world = unit.world
        self.modem = unit.modem
        self.source: MsdSource = unit.bench.variant(MsdSource)(unit)
        self.voice: VoicePath = unit.bench.variant(VoicePath)(unit.bench)
        self.trigger = Trigger.ON_CALL
        """Why help is called, or was called last."""
        self.spoken = False
        self.requested_at = 0
        self.attempt = 0
        self.message_id = 0
        self.target: Target = "ASSISTANCE"
        self._new_message: Condition = self.world.condition("more urgent")

    def converse(self, call: Call, target: Target) -> Process:
        """From the answer to the end: a message, voice, and a message more whenever the centre asks for one."""
        self.spoken = True
        self.show("CONNECTED", target)
        voice = self.world.spawn(self.carry_voice(call), "voice of the call")
        self.unit.set("TCU_Audio", MuteRequest="YES", MicrophoneActive="YES")
        try:
            while not call.ended.happened:
                yield from self.send_message(call)
                self._new_message = self.world.condition("more urgent")
                yield call.ended | call.msd_requested() | self._new_message
        finally:
            voice.stop()
            call.hang_up("local")
            self.unit.set("TCU_Audio", MuteRequest="NO", MicrophoneActive="NO")

    def carry_voice(self, call: Call) -> Process:
        """Speaker and microphone, for the length of the call."""
        return self.voice.carry(call)

    def send_message(self, call: Call) -> Process:
        """Send the minimum set of data in-band and wait for its acknowledgement."""
        self.message_id = (self.message_id + 1) % 256
        automatic = self.trigger is Trigger.CRASH
        message = self.source.compose(self.message_id, automatic=automatic, since=self.requested_at)
        self.unit.set("TCU_Call", MessageState="SENDING")
        acknowledged = call.send_msd(encode(message), self.trigger.name.lower())
        yield acknowledged | call.ended | self.world.after(self.MESSAGE_TIMEOUT)
        self.unit.set("TCU_Call", MessageState="ACKNOWLEDGED" if acknowledged.happened else "FAILED")
        if not (acknowledged.happened or call.ended.happened):
            self.unit.store_fault("MSD_NOT_ACKNOWLEDGED")

    def show(self, state: str, target: Target) -> None:
        """Tell CAN how the call stands."""
        self.target = target
        attempt = min(self.attempt, 15)
        self.unit.set("TCU_Call", State=state, Trigger=self.trigger.name, Target=target, Attempt=attempt)
