"""Voice of a call: the operator on the speaker line, the driver from the microphone line (B-05, B-11, B-14)."""

from __future__ import annotations

from emulation.bench import EmulatedBench
from emulation.offboard.calls import Call
from emulation.world import Process


class VoicePath:
    """Connects a call's two voices with the two audio lines of the telematics unit."""

    SPEAKER_VOLTS = 1.0
    """RMS while the operator talks (`docs/interfaces.md`)."""
    SPEAKER_HERTZ = 440.0
    MICROPHONE_VOLTS_MIN = 0.020
    """RMS from which somebody is talking: a fifth of what a talking driver gives (own choice)."""

    def __init__(self, bench: EmulatedBench) -> None:
        self.speaker = bench.line("speaker")
        self.microphone = bench.line("microphone")

    def carry(self, call: Call) -> Process:
        """From now to the end of `call`."""
        try:
            while not call.ended.happened:
                self.play(speaking=call.downlink_voice)
                call.uplink_voice = self.hears_driver()
                yield call.ended | call.voice_changed() | self.microphone.changed()
        finally:
            self.play(speaking=False)

    def play(self, *, speaking: bool) -> None:
        """Put the operator's voice on the speaker, or silence."""
        if speaking:
            self.speaker.drive("telematics", 0.0, self.SPEAKER_VOLTS, self.SPEAKER_HERTZ)
        else:
            self.speaker.drive("telematics", None)

    def hears_driver(self) -> bool:
        """Whether somebody talks into the microphone now."""
        return self.microphone.ac_volts > self.MICROPHONE_VOLTS_MIN
