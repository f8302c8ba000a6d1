"""Telematics units that give up, hang on, or call the wrong one where Assistance is hard to reach (B-05, B-08)."""

from __future__ import annotations

from emulation.ecus.telematics.call_control import CallControl
from emulation.ecus.telematics.conversation import Target
from emulation.faults import seeded
from emulation.offboard.calls import Call
from emulation.offboard.countries import COUNTRIES, HOME
from emulation.world import Process
from harness.units import MIN, H


@seeded(breaks="B-05", story="in a call-back nobody is heard on either side")
class CallBackMute(CallControl):
    """Opens its ears in the first call only."""

    def carry_voice(self, call: Call) -> Process:
        """Not for calls to the car."""
        return super().carry_voice(call) if call.direction == "mo" else self._silence(call)

    def _silence(self, call: Call) -> Process:
        yield call.ended


@seeded(breaks="B-05", story="a call-back rings and is not answered")
class CallBackIgnored(CallControl):
    """Thinks that all was said."""

    AUTO_ANSWER = 1 * H


@seeded(breaks="B-08", story="a call that was lost is not dialled again")
class LostCallForgotten(CallControl):
    """Takes a lost call for one that was ended."""

    def call(self, target: Target) -> Process:
        """Call it the centre's wish."""
        reason = yield from super().call(target)
        return "remote" if reason == "lost" else reason


@seeded(breaks="B-08", story="Assistance is called once, and the emergency number at once after that")
class OneAttempt(CallControl):
    """Has no patience with a busy line."""

    ASSISTANCE_ATTEMPTS = 1


@seeded(breaks="B-08", story="Assistance is redialled for a quarter of an hour before the emergency number is")
class StubbornRedial(CallControl):
    """Believes in Assistance."""

    ASSISTANCE_ATTEMPTS = 150
    REDIAL_WINDOW = 15 * MIN


@seeded(breaks="B-08", story="a call that nobody answers rings until the network ends it, again and again")
class RingsForEver(CallControl):
    """Waits for an answer."""

    RINGING_TIMEOUT = 10 * MIN


@seeded(breaks="B-08", story="the emergency number is 112 wherever the car is")
class EuropeanTelematics(CallControl):
    """Was sold in Europe."""

    def number(self, target: Target) -> str:
        """112."""
        return "112" if target == "EMERGENCY" else super().number(target)


@seeded(breaks="B-08", story="abroad it is Assistance at home that is called")
class HomeAssistanceCalled(CallControl):
    """Knows one Assistance."""

    def number(self, target: Target) -> str:
        """That of home."""
        return COUNTRIES[HOME].assistance_number if target == "ASSISTANCE" else super().number(target)
