"""The radio network around the car: cell, coverage, country, subscribers, how calls are put through (B-08, B-24)."""

from __future__ import annotations

from typing import Any, Literal, get_args

from emulation.bench import EmulatedBench
from emulation.offboard.calls import Call
from emulation.offboard.countries import ALWAYS_EMERGENCY, COUNTRIES, HOME, country
from emulation.offboard.records import Records, masked
from emulation.world import Condition, Process
from harness.units import MS, S

Coverage = Literal["full", "weak", "none"]

ATTENUATION_DB: dict[Coverage, float] = {"full": 0.0, "weak": 38.0}
"""Path from the cell to the car's aerial; -80 dBm there in the open, -118 dBm in a garage (own choice)."""
CELL_POWER_DBM = -80.0
WEAK_DBM = -115.0
"""Below, the network works badly (cell edge; TS 36.133 reports RSRP from -140 to -44 dBm)."""
SENSITIVITY_DBM = -124.0
"""Below, a modem cannot camp (a usual minimum receive level that operators broadcast, TS 36.304 Qrxlevmin)."""

# Least, most likely and most of each delay. 3GPP sets no number for them: the order of what operators measure.
ATTACH = (250 * MS, 450 * MS, 1_200 * MS)
"""RRC set-up, authentication, security and default bearer."""
SET_UP = (900 * MS, 1_600 * MS, 2_800 * MS)
"""Dialling to ringing; ITU-T E.721 wants a mean of 3 s at most for a local call."""
PAGING = (400 * MS, 900 * MS, 1_600 * MS)
"""Call-back to ringing in the car: a paging cycle of 1.28 s and the set-up."""
MSD_TRANSFER = (1_600 * MS, 2_200 * MS, 3_200 * MS)
"""140 bytes by in-band modem; TS 22.101 wants the MSD at the centre typically 4 s after connection."""

WEAK_SLOWER = 2
"""How much longer everything takes on the cell's edge (own choice)."""
WEAK_LOSS = 0.2
"""Part of the attach and call requests that get lost on the cell's edge (own choice)."""
LINK_FAILURE = 5 * S
"""A call outlives a gap in coverage of less than this (TS 36.331: T310 1 s to declare it, T311 to come back)."""
RINGING = 90 * S
"""The exchange gives up a call that nobody answers (ITU-T Q.764, T9: 90 s at least)."""


class RadioNetwork:
    """One cell, its subscribers by IMSI, and the exchange behind it."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._bench = bench
        self._world = bench.world
        self._random = bench.world.random("network")
        self._records: Records = bench.parts["records"]
        self.cell_on = True
        self.cell_power_dbm = CELL_POWER_DBM
        self.reject_cause: int | None = None
        self.coverage: Coverage = "full"
        self.country = HOME
        self.plmn = "00101"
        self.calls: list[Call] = []  # those that are not over
        self._connected: dict[str, bool] = {}
        self._ringing: dict[str, Condition] = {}
        self._change: Condition | None = None
        self._plan = 0

    # Radio

    @property
    def rsrp_dbm(self) -> float | None:
        """What the modem receives, in dBm; None where it receives nothing."""
        if not self.cell_on or self.coverage == "none":
            return None
        rsrp = self.cell_power_dbm - ATTENUATION_DB[self.coverage]
        return rsrp if rsrp >= SENSITIVITY_DBM else None

    @property
    def receivable(self) -> bool:
        """Whether a modem can camp on the cell now."""
        return self.rsrp_dbm is not None

    @property
    def weak(self) -> bool:
        """Whether the car is on the edge of the cell now."""
        rsrp = self.rsrp_dbm
        return rsrp is not None and rsrp < WEAK_DBM

    def set_cell(self, on: bool) -> None:
        """Switch the cell; off, it forgets its subscribers."""
        self.cell_on = on
        if not on:
            self._connected.clear()
        self._tell()

    def set_cell_power(self, dbm: float) -> None:
        """Set the reference signal's level at the car in the open, in dBm per 15 kHz."""
        self.cell_power_dbm = dbm
        self._tell()

    def change(
        self,
        coverage: Coverage | None = None,
        country: str | None = None,
        plmn: str | None = None,
    ) -> None:
        """The surroundings change now. Raises `ValueError` for what cannot be; then nothing has changed."""
        self.check(coverage, country)
        self.coverage = coverage or self.coverage
        self.plmn = plmn or self.plmn
        if country is not None and country != self.country:
            self.country = country
            self._move_sky()
        self._tell()

    def check(self, coverage: str | None = None, code: str | None = None) -> None:
        """Raise `ValueError` where there is no such coverage or country."""
        if coverage is not None and coverage not in get_args(Coverage):
            raise ValueError(f"unknown coverage {coverage!r}: expected one of {', '.join(get_args(Coverage))}")
        if code is not None:
            country(code)

    def schedule(self, after: int, **changes: Any) -> None:
        """`change(**changes)` in `after` ns (coverage back, border crossing)."""
        self.check(changes.get("coverage"), changes.get("country"))
        plan = self._plan
        self._world.call_at(self._world.now + after, lambda _: self.change(**changes) if plan == self._plan else None)

    def forget_schedule(self) -> None:
        """Nothing that was scheduled until now happens any more."""
        self._plan += 1

    def changed(self) -> Condition:
        """Happens at the next change of cell, coverage, country or PLMN."""
        if self._change is None:
            self._change = self._world.condition("network changed")
        return self._change

    def _tell(self) -> None:
        self._records.add(
            "network", "changed", cell=self.cell_on, coverage=self.coverage, country=self.country, plmn=self.plmn
        )
        if not self.receivable:
            self._connected = dict.fromkeys(self._connected, False)
        if self._change is not None:
            change, self._change = self._change, None
            change.happen()

    def _move_sky(self) -> None:
        """The satellites see the car where its country is."""
        sky = self._bench.parts.get("sky")
        if sky is not None:
            sky.latitude, sky.longitude = COUNTRIES[self.country].latitude, COUNTRIES[self.country].longitude

    # Subscribers

    def attach(self, imsi: str) -> Condition:
        """The modem asks to attach: happens with True, or with the EMM cause of the rejection (TS 24.301).

        Where the request or its answer gets lost it never happens: the modem's T3410 is for that.
        """
        answer = self._world.condition(f"attach of {masked(imsi)}")
        self._world.spawn(self._attach(imsi, answer), "attach")
        return answer

    def _attach(self, imsi: str, answer: Condition) -> Process:
        yield self._draw(ATTACH)
        if not self.receivable or self._gets_lost():
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
            msd_transfer=lambda: self._draw(MSD_TRANSFER),
        )
        self.calls.append(call)
        self._world.spawn(self._keep_up(call), f"radio link of call {call.id}")
        return call

    def _originate(self, call: Call) -> Process:
        reachable = self.receivable and (call.target == "emergency" or call.imsi in self._connected)
        lost = self._gets_lost()
        yield call.ended | self._world.after(self._draw(SET_UP))
        if not reachable or lost:
            call.end("lost")
        elif call.target is None:
            call.end("unreachable")
        elif not call.ended.happened:
            yield from self._bench.parts[call.target].take(call)

    def _terminate(self, call: Call) -> Process:
        yield call.ended | self._world.after(self._draw(PAGING))
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

    def _gets_lost(self) -> bool:
        return self.weak and self._random.random() < WEAK_LOSS

    def _draw(self, delay: tuple[int, int, int]) -> int:
        least, likely, most = delay
        drawn = round(self._random.triangular(least, most, likely))
        return drawn * WEAK_SLOWER if self.weak else drawn
