"""What assistance and emergency centre have in common: they take calls, talk, listen, read MSDs (B-04, B-05)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from emulation.bench import EmulatedBench
from emulation.ecus.telematics import msd
from emulation.offboard.calls import Call
from emulation.offboard.countries import COUNTRIES, Country
from emulation.offboard.network import RINGING, RadioNetwork
from emulation.offboard.records import Records
from emulation.world import Process
from harness.units import MS, S

Mode = Literal["answers", "busy", "unreachable", "rings"]
Target = Literal["assistance", "emergency"]

ANSWER_DELAY = 3 * S
"""Ringing time until an operator takes the call, where the lab sets no other (EENA asks for 90 % within 10 s)."""
GREETING = (200 * MS, 400 * MS, 900 * MS)
"""Least, most likely and most from pick-up to the operator's first word (own choice)."""
CALL_BACK_AFTER = 130 * S
"""A centre rings a car whose call broke once the car's own redialling must be over (EN 16454: 2 min) and 10 s more."""
CALL_BACK_ATTEMPTS = 3
CALL_BACK_PAUSE = 60 * S
"""How often, and how far apart, it tries (own choice)."""


@dataclass(frozen=True)
class Behaviour:
    """How a centre treats calls that reach it from now on; delays in ns.

    `countries`: codes of those in which it can be reached, None for all. `drop_after`: the connection breaks so long
    after the answer, None for never. `speaks`: the operator talks as soon as connected.
    """

    mode: Mode = "answers"
    answer_delay: int = ANSWER_DELAY
    drop_after: int | None = None
    countries: tuple[str, ...] | None = None
    speaks: bool = True


class CallCentre:
    """A part that answers calls; a subclass says what becomes of them."""

    name: ClassVar[Target]

    def __init__(self, bench: EmulatedBench) -> None:
        self._world = bench.world
        self._random = bench.world.random(self.name)
        self._network: RadioNetwork = bench.parts["network"]
        self._records: Records = bench.parts["records"]
        self.behaviour = Behaviour()
        self.calls: list[Call] = []
        self._given_up = 0

    def number_in(self, land: Country) -> str:
        """The number that this centre is called by in a country."""
        raise NotImplementedError

    def opened(self, call: Call) -> None:
        """A call was answered; here a subclass begins its work."""

    def still_needed(self, call: Call) -> bool:  # noqa: ARG002  a subclass asks which call
        """Whether a car whose call broke is to be called back."""
        return True

    def informed(self, call: Call) -> None:
        """A call's MSD has arrived; here a subclass takes note."""

    # Calls from the car

    def take(self, call: Call) -> Process:
        """The course of a call that the network put through, as far as this centre decides it."""
        behaviour = self.behaviour
        self.calls.append(call)
        self.note("call", call=call.id, number=call.number, country=call.country)
        if behaviour.mode == "unreachable" or not self._serves(call.number):
            call.end("unreachable")
        elif behaviour.mode == "busy":
            call.end("busy")
        else:
            call.alert()
            patience = behaviour.answer_delay if behaviour.mode == "answers" else RINGING
            yield call.ended | self._world.after(patience)
            if behaviour.mode == "answers":
                call.answer()
            else:
                call.end("no answer")
            yield from self.talk(call)

    def _serves(self, number: str) -> bool:
        served = self.behaviour.countries
        return served is None or any(self.number_in(COUNTRIES[code]) == number for code in served)

    # Calls to the car

    def call_back(self, call: Call) -> Call:
        """Ring the car that `call` was with; returns the new call."""
        back = self._network.ring(call.imsi, self.number_in(COUNTRIES[self._network.country]))
        back.target, back.trigger, back.follows = self.name, call.trigger, call
        self.calls.append(back)
        self.note("call_back", call=back.id, after=call.id)
        self._world.spawn(self._until_answered(back), f"{self.name} calls back")
        return back

    def _until_answered(self, call: Call) -> Process:
        yield call.answered | call.ended
        yield from self.talk(call)

    def _seek(self, lost: Call) -> Process:
        """Reach again the car whose call broke, unless it has called again itself."""
        yield self._world.after(CALL_BACK_AFTER)
        for _ in range(CALL_BACK_ATTEMPTS):
            place = self.calls.index(lost)
            called_again = any(c.imsi == lost.imsi and c.answered.happened for c in self.calls[place + 1 :])
            if called_again or place < self._given_up or not self.still_needed(lost):
                return
            yield self.call_back(lost).ended
            yield self._world.after(CALL_BACK_PAUSE)

    def give_up(self) -> None:
        """Seek none of the cars any more whose calls broke until now."""
        self._given_up = len(self.calls)

    # While connected

    def talk(self, call: Call) -> Process:
        """From the answer to the end of the call; nothing, where nobody answered."""
        if not call.answered.happened:
            return
        behaviour = self.behaviour
        self.note("answered", call=call.id)
        call.on_msd = self._read
        self.opened(call)
        if behaviour.drop_after is not None:
            self._world.call_at(self._world.now + behaviour.drop_after, lambda _: call.end("lost"))
        self._world.spawn(self._listen(call), f"{self.name} listens to call {call.id}")
        yield call.ended | self._world.after(round(self._random.triangular(GREETING[0], GREETING[2], GREETING[1])))
        if behaviour.speaks and call.connected:
            self.speak(call)
        yield call.ended
        self.note("call_ended", call=call.id, reason=call.ended.value)
        if call.ended.value == "lost":
            self._world.spawn(self._seek(call), f"{self.name} seeks call {call.id}")

    def speak(self, call: Call) -> None:
        """The operator begins to talk (B-05)."""
        self.note("speaks", call=call.id)
        call.speak(True)

    def _listen(self, call: Call) -> Process:
        yield call.heard | call.ended
        if call.heard.happened:
            self.note("voice_contact", call=call.id)

    def _read(self, call: Call) -> None:
        assert call.msd is not None  # it has just arrived
        try:
            fields = msd.decode(call.msd)
        except msd.MsdError as error:
            self.note("unreadable_msd", call=call.id, hex=call.msd.hex(), error=str(error))
        else:
            call.msd_fields = fields
            self.note("msd", call=call.id, trigger=call.trigger, **fields)
        self.informed(call)

    def note(self, kind: str, /, **data: Any) -> None:
        """Put an event of this centre on record."""
        self._records.add(self.name, kind, **data)
