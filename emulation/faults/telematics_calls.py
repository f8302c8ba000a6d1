"""Telematics units that call the wrong number, say the wrong thing, or are mute (B-03 to B-05, B-08 to B-16)."""

from __future__ import annotations

import math
from dataclasses import replace

from emulation.ecus.telematics.call_control import CallControl
from emulation.ecus.telematics.call_voice import VoicePath
from emulation.ecus.telematics.conversation import Target, Trigger
from emulation.ecus.telematics.msd import Msd
from emulation.ecus.telematics.msd_source import MsdSource
from emulation.faults import seeded
from emulation.offboard.calls import Call
from emulation.offboard.countries import COUNTRIES, HOME
from emulation.world import Process


@seeded(breaks="B-03", story="one crash calls again as soon as the first call is over")
class CallsTwice(CallControl):
    """Does not note that it has called."""

    def reach(self, target: Target) -> Process:
        """Once more after a crash."""
        reached = yield from super().reach(target)
        if reached and self.trigger is Trigger.CRASH:
            reached = yield from super().reach(target)
        return reached


@seeded(breaks="B-04", story="the message after a crash says that a person has triggered it")
class CrashMessageManual(MsdSource):
    """Never says automatic."""

    def compose(self, message_id: int, *, automatic: bool, since: int) -> Msd:
        """Manual."""
        return replace(super().compose(message_id, automatic=automatic, since=since), automatic=False)


@seeded(breaks="B-04", story="latitude and longitude are swapped in the message")
class PositionSwapped(MsdSource):
    """Takes one for the other."""

    def compose(self, message_id: int, *, automatic: bool, since: int) -> Msd:
        """Longitude first."""
        msd = super().compose(message_id, automatic=automatic, since=since)
        return msd if msd.position is None else replace(msd, position=msd.position[::-1], recent=())


@seeded(breaks="B-04", story="a position lost long ago is told as trusted")
class StalePositionTrusted(MsdSource):
    """Believes in the last fix for ever."""

    def is_fresh(self, at: int) -> bool:
        """Always."""
        return self.position is not None and at >= 0


@seeded(breaks="B-04", story="a position that the receiver does not vouch for is told as trusted")
class DoubtfulPositionTrusted(MsdSource):
    """Does not pass the receiver's doubt on."""

    def compose(self, message_id: int, *, automatic: bool, since: int) -> Msd:
        """Trusted wherever it is fresh."""
        self.vouched_for = True
        return super().compose(message_id, automatic=automatic, since=since)


@seeded(breaks="B-04", story="no message goes with a crash call")
class CrashWithoutMessage(CallControl):
    """Only talks."""

    def send_message(self, call: Call) -> Process:
        """Not after a crash."""
        if self.trigger is not Trigger.CRASH:
            yield from super().send_message(call)


@seeded(breaks="B-05", story="the speaker stays silent while assistance talks")
class SpeakerMuted(VoicePath):
    """Has a broken amplifier."""

    SPEAKER_VOLTS = 0.0


@seeded(breaks="B-08", story="abroad, the emergency number of the home country is called")
class HomeNumberCalled(CallControl):
    """Knows one country only."""

    def number(self, target: Target) -> str:
        """The emergency number of home."""
        return COUNTRIES[HOME].emergency_number if target == "EMERGENCY" else super().number(target)


@seeded(breaks="B-08", story="the emergency number is that of the country where redialling began")
class BorderIgnored(CallControl):
    """Looks the country up once a request."""

    def find_network(self, target: Target) -> Process:
        """Remembers where it was at the first attempt."""
        if self.attempt == 0:
            self.began_in = self.modem.country
        found = yield from super().find_network(target)
        return found

    def number(self, target: Target) -> str:
        """Of the country remembered."""
        country = COUNTRIES[self.began_in]
        return country.assistance_number if target == "ASSISTANCE" else country.emergency_number


@seeded(breaks="B-08", story="after a crash the emergency number is never called, however long assistance is away")
class CrashNeverFallsBack(CallControl):
    """Gives up with assistance."""

    def may_fall_back(self) -> bool:
        """Not after a crash."""
        return super().may_fall_back() and self.trigger is not Trigger.CRASH


@seeded(breaks="B-08", story="the emergency number is called before assistance")
class EmergencyFirst(CallControl):
    """Begins at the wrong end."""

    def reach(self, target: Target) -> Process:
        """The other target."""
        other: Target = "EMERGENCY" if target == "ASSISTANCE" and self.may_fall_back() else "ASSISTANCE"
        reached = yield from super().reach(other)
        return reached


@seeded(breaks="B-09", story="no message goes with an SOS call")
class SosWithoutMessage(CallControl):
    """Only talks."""

    def send_message(self, call: Call) -> Process:
        """Not for SOS."""
        if self.trigger is not Trigger.SOS:
            yield from super().send_message(call)


@seeded(breaks="B-09", story="the message of an SOS call says that the car has triggered it")
class SosMessageAutomatic(MsdSource):
    """Always says automatic."""

    def compose(self, message_id: int, *, automatic: bool, since: int) -> Msd:
        """Automatic."""
        return replace(super().compose(message_id, automatic=automatic, since=since), automatic=True)


@seeded(breaks="B-11", story="an SOS call never falls back to the emergency number")
class SosNeverFallsBack(CallControl):
    """Gives up with assistance."""

    def may_fall_back(self) -> bool:
        """Not for SOS."""
        return super().may_fall_back() and self.trigger is not Trigger.SOS


@seeded(breaks="B-11", story="assistance does not hear the driver")
class MicrophoneDead(VoicePath):
    """Hears nothing, however loud."""

    MICROPHONE_VOLTS_MIN = math.inf


@seeded(breaks="B-14", story="an ON CALL call has no voice")
class OnCallMute(CallControl):
    """Connects, and switches neither speaker nor microphone on."""

    def carry_voice(self, call: Call) -> Process:
        """Not for ON CALL."""
        return super().carry_voice(call) if self.trigger is not Trigger.ON_CALL else self._silence(call)

    def _silence(self, call: Call) -> Process:
        yield call.ended


@seeded(breaks="B-16", story="ON CALL calls the emergency number where assistance cannot be reached")
class OnCallFallsBack(CallControl):
    """Takes everything for an emergency."""

    def may_fall_back(self) -> bool:
        """Always."""
        return True
