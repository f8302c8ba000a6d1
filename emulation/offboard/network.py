"""The radio network around the car: subscribers in its cell, and how calls are put through (B-08, B-24)."""

from __future__ import annotations

from typing import Literal

from emulation.bench import EmulatedBench
from emulation.offboard.calls import Call
from emulation.offboard.cell import Cell
from emulation.offboard.countries import ALWAYS_EMERGENCY, COUNTRIES
from emulation.offboard.records import masked
from emulation.world import Condition, Process
from harness.units import MS, S

# Least, most likely and most of each delay. 3GPP sets no number for them: the order of what operators measure.
ATTACH = (250 * MS, 450 * MS, 1_200 * MS)
"""RRC set-up, authentication, security and default bearer."""
SET_UP = (900 * MS, 1_600 * MS, 2_800 * MS)
"""Dialling to ringing; ITU-T E.721 wants a mean of 3 s at most for a local call."""
PAGING = (400 * MS, 900 * MS, 1_600 * MS)
"""Call-back to ringing in the car: a paging cycle of 1.28 s and the set-up."""
MSD_TRANSFER = (1_600 * MS, 2_200 * MS, 3_200 * MS)
"""140 bytes by in-band modem; TS 22.101 wants the MSD at the centre typically 4 s after connection."""

LINK_FAILURE = 5 * S
"""A call outlives a gap in coverage of less than this (TS 36.331: T310 1 s to declare it, T311 to come back)."""
RINGING = 90 * S
"""The exchange gives up a call that nobody answers (ITU-T Q.764, T9: 90 s at least)."""


class RadioNetwork(Cell):
    """One cell, its subscribers by IMSI, and the exchange behind it."""

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self.reject_cause: int | None = None
        self.calls: list[Call] = []  # those that are not over
        self._connected: dict[str, bool] = {}
        self._ringing: dict[str, Condition] = {}

    def _tell(self) -> None:
        """Off, the cell forgets its subscribers; out of its reach they have no connection."""
        if not self.cell_on:
            self._connected.clear()
        elif not self.receivable:
            self._connected = dict.fromkeys(self._connected, False)
        super()._tell()

    # Subscribers

    def attach(self, imsi: str) -> Condition:
        """The modem asks to attach: happens with True, or with the EMM cause of the rejection (TS 24.301).

        Where the request or its answer gets lost it never happens: the modem's T3410 is for that.
        """
        answer = self._world.condition(f"attach of {masked(imsi)}")
        self._world.spawn(self._attach(imsi, answer), "attach")
        return answer

    def _attach(self, imsi: str, answer: Condition) -> Process:
        yield self.draw(ATTACH)
        if not self.receivable or self.gets_lost():
            return
        if self.reject_cause is not None:
            self._records.add("network", "rejected", subscriber=masked(imsi), cause=self.reject_cause)
            answer.happen(self.reject_cause)
            return
        self._connected[imsi] = False
        self._records.add("network", "attached", subscriber=masked(imsi), plmn=self.plmn)
        answer.happen(True)

    def detach(self, imsi: str) -> None:
        """The modem leaves; without effect where it was not attached."""
        if self._connected.pop(imsi, None) is not None:
            self._records.add("network", "detached", subscriber=masked(imsi))

    def state(self, imsi: str) -> Literal["OFF", "ON", "ATT", "CEST"]:
        """What a network tester shows: cell off, nobody there, attached, connection established."""
        if not self.cell_on:
            return "OFF"
        if imsi not in self._connected:
            return "ON"
        return "CEST" if self._connected[imsi] else "ATT"

    def set_rrc(self, imsi: str, connected: bool) -> None:
        """The attached modem opens or releases its radio connection."""
        if imsi in self._connected:
            self._connected[imsi] = connected

    def take_message(self, subscriber: str, number: str) -> None:
        """A short message for `number`, which the laboratory delivers to nobody; `subscriber` is masked."""
        self._records.add("network", "message", subscriber=subscriber, number=number)

    # Calls

    def dial(self, imsi: str, number: str, category: int | None = None) -> Call:
        """The modem calls `number`.

        With an emergency `category`, or an emergency number of the country that the cell is in, the call goes to that
        country's emergency centre (TS 22.101, 10); another country's emergency number is nobody's.
        """
        call = self._call(imsi, number, "mo")
        emergency = category is not None or number in (COUNTRIES[self.country].emergency_number, *ALWAYS_EMERGENCY)
        if emergency:
            call.target = "emergency"
        elif any(number == land.assistance_number for land in COUNTRIES.values()):
            call.target = "assistance"
        self._records.add("network", "dialled", call=call.id, number=number, target=call.target, country=call.country)
        self._world.spawn(self._originate(call), f"call {call.id}")
        return call

    def ring(self, imsi: str, number: str) -> Call:
        """A centre calls the car; `number` is the centre's own."""
        call = self._call(imsi, number, "mt")
        self._records.add("network", "called_back", call=call.id, number=number, country=call.country)
        self._world.spawn(self._terminate(call), f"call {call.id}")
        return call

    def incoming(self, imsi: str) -> Condition:
        """Happens when a call next rings at the modem, at once where one is ringing; its value is the `Call`."""
        for call in self.calls:
            if call.imsi == imsi and call.rings_in_car:
                ringing = self._world.condition("incoming call")
                ringing.happen(call)
                return ringing
        if imsi not in self._ringing:
            self._ringing[imsi] = self._world.condition("incoming call")
        return self._ringing[imsi]

    def _call(self, imsi: str, number: str, direction: Literal["mo", "mt"]) -> Call:
        identity = self._records.new_identity()
        call = Call(
            self._world,
            identity,
            imsi,
            number=number,
            direction=direction,
            country=self.country,
            msd_transfer=lambda: self.draw(MSD_TRANSFER),
        )
        self.calls.append(call)
        self._world.spawn(self._keep_up(call), f"radio link of call {call.id}")
        return call

    def _originate(self, call: Call) -> Process:
        reachable = self.receivable and (call.target == "emergency" or call.imsi in self._connected)
        lost = self.gets_lost()
        yield call.ended | self._world.after(self.draw(SET_UP))
        if not reachable or lost:
            call.end("lost")
        elif call.target is None:
            call.end("unreachable")
        elif not call.ended.happened:
            yield from self._bench.parts[call.target].take(call)

    def _terminate(self, call: Call) -> Process:
        yield call.ended | self._world.after(self.draw(PAGING))
        if call.ended.happened:
            return
        if not self.receivable or call.imsi not in self._connected:
            call.end("unreachable")
        elif any(other.imsi == call.imsi and other is not call and not other.ended.happened for other in self.calls):
            call.end("busy")
        else:
            call.alert()
            if call.imsi in self._ringing:
                self._ringing.pop(call.imsi).happen(call)
            yield call.answered | call.ended | self._world.after(RINGING)
            if not call.answered.happened:
                call.end("no answer")

    def _keep_up(self, call: Call) -> Process:
        """Lose the call with the radio link; forget it when it is over."""
        while not call.ended.happened:
            yield call.ended | self.changed()
            gap_ends = self._world.after(LINK_FAILURE)
            while not (self.receivable or call.ended.happened):
                yield call.ended | gap_ends | self.changed()
                if gap_ends.happened and not self.receivable:
                    call.end("lost")
        self.calls.remove(call)
        self._records.add("network", "call_ended", call=call.id, reason=call.ended.value)
