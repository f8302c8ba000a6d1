"""How the modem finds a cell, attaches, and keeps service (B-24): EPS mobility management of 3GPP TS 24.301.

Lost or refused requests are repeated by the standard's timers, which is what makes the long tail of attach times.
From power-on to attached takes about 8 to 14 s, from PIN entry or `AT+CFUN=1` about 3 to 6 s.
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import TYPE_CHECKING

from emulation.world import Condition, Process, Task
from harness.units import MIN, MS, S

if TYPE_CHECKING:
    from emulation.ecus.modem.modem import Modem

SIM_START = (500 * MS, 800 * MS, 1_400 * MS)  # reading the card's files (own choice: least, most likely, most)
SEARCH_MEDIAN = 2_300 * MS  # all bands (own choice)
SEARCH_SPREAD = 0.25  # of the logarithm: 1 search in 20 takes 1.5 times as long, 1 in 1000 2.2 times (own choice)
RESELECTION = (300 * MS, 600 * MS, 1_500 * MS)  # a cell that was there a moment ago (own choice)
TRACKING_AREA_UPDATE = 300 * MS  # own choice
PAGING_CYCLE = 1_280 * MS  # the usual default (TS 36.331)

T3410 = 15 * S  # guards an attach request
T3411 = 10 * S  # until the next attempt
T3402 = 12 * MIN  # once the attempts are used up
ATTACH_ATTEMPTS = 5
OUT_OF_SERVICE = 2 * S  # without signal (TS 36.331: T310 1 s, then the search for another cell)

ILLEGAL = frozenset({3, 6, 7, 8})  # EMM causes that bar the SIM until it is powered anew
FORBIDDEN_HERE = frozenset({11, 12, 13, 14, 15})  # EMM causes that bar this network or area


class Registration(IntEnum):
    """`<stat>` of `+CREG`, `+CGREG` and `+CEREG` (3GPP TS 27.007)."""

    NOT = 0
    HOME = 1
    SEARCHING = 2
    DENIED = 3
    ROAMING = 5
    EMERGENCY_ONLY = 8


REGISTERED = frozenset({Registration.HOME, Registration.ROAMING})


class RadioService:
    """The part of the modem that registers, and says how it stands."""

    def __init__(self, modem: Modem) -> None:
        self.modem = modem
        self.world = modem.world
        self.network = modem.network
        self.registration = Registration.NOT
        self.operator: str | None = None
        """The PLMN that `+COPS=1` chose; None: automatic."""
        self.deregistered = False
        """`+COPS=2` or `+CGATT=0`: stays away from the network."""
        self._tasks: list[Task] = []
        self._attached: str | None = None

    def update(self) -> None:
        """Begin anew with what power, SIM, `+CFUN` and `+COPS` now are: leave the network, or register in it."""
        for task in self._tasks:
            task.stop()
        self._tasks.clear()
        if self._attached is not None:
            self.network.detach(self._attached)
            self._attached = None
        if not self.modem.awake:
            self.operator, self.deregistered = None, False
        imsi = self.modem.imsi
        self.enter(Registration.NOT)
        if self.modem.awake and self.modem.functionality == 1 and imsi and not self.deregistered:
            self._tasks.append(self.world.spawn(self._serve(imsi), "modem service"))
            self._tasks.append(self.world.spawn(self._listen(imsi), "modem paging"))

    def enter(self, registration: Registration) -> None:
        """From now on the modem says this of its registration."""
        if registration is not self.registration:
            self.registration = registration
            self.modem.port.announce_registration()
            self.modem.tell()

    def settled(self) -> Condition:
        """Happens when the present try to register has come to something, good or bad."""
        condition = self.world.condition("registration settled")
        self.world.spawn(self._settle(condition), "registration settles")
        return condition

    def _settle(self, condition: Condition) -> Process:
        while self.registration in (Registration.NOT, Registration.SEARCHING):
            yield self.modem.changed()
        condition.happen(self.registration)

    def _serve(self, imsi: str) -> Process:
        yield self.modem.draw(SIM_START)
        self.enter(Registration.SEARCHING)
        search = self._search_time()
        while True:
            while not self._signal():
                yield self.network.changed()
            yield search
            search = self._search_time()
            if not self._signal():
                continue
            if self.operator not in (None, self.network.plmn):
                yield self.network.changed()
                continue
            cause = yield from self.attach(imsi)
            if cause is not None:
                yield from self._stay_away(cause)
            elif self._attached is not None:
                yield from self._stay(imsi)
                search = self.modem.draw(RESELECTION)
            self.enter(Registration.SEARCHING)

    def _signal(self) -> bool:
        return self.network.receivable

    def _search_time(self) -> int:
        return round(SEARCH_MEDIAN * math.exp(self.modem.random.gauss(0, SEARCH_SPREAD)))

    def attach(self, imsi: str) -> Process:
        """Attach, in up to five attempts, and say so; returns the cause where the network refused for good."""
        for _ in range(ATTACH_ATTEMPTS):
            answer = self.network.attach(imsi)
            guard = self.world.after(T3410)
            while not (answer.happened or guard.happened) and self._signal():
                yield answer | guard | self.network.changed()
            if not self._signal():
                return None
            if answer.value is True:
                self._attached = imsi
                home = self.network.plmn == imsi[: len(self.network.plmn)]
                self.enter(Registration.HOME if home else Registration.ROAMING)
                return None
            if answer.value in ILLEGAL | FORBIDDEN_HERE:
                return answer.value
            yield T3411
        yield self.network.changed() | self.world.after(T3402)
        return None

    def _stay_away(self, cause: int) -> Process:
        """Refused: for ever with this SIM, or here until the surroundings change or T3402 has passed."""
        if cause in ILLEGAL:
            self.enter(Registration.DENIED)
            yield self.world.condition("SIM powered anew")
        self.enter(Registration.EMERGENCY_ONLY)
        yield self.network.changed() | self.world.after(T3402)

    def _stay(self, imsi: str) -> Process:
        """Keep service over short gaps; ends when it is lost, or when the network no longer knows the modem."""
        plmn = self.network.plmn
        while True:
            yield self.network.changed()
            if not self._signal():
                gap_ends = self.world.after(OUT_OF_SERVICE)
                while not (self._signal() or gap_ends.happened):
                    yield self.network.changed() | gap_ends
                if not self._signal():
                    break
                yield TRACKING_AREA_UPDATE
            if self.network.plmn != plmn or self.network.state(imsi) not in ("ATT", "CEST"):
                break
        self._attached = None

    def _listen(self, imsi: str) -> Process:
        """Take each call that the network pages for."""
        while True:
            paged = self.network.incoming(imsi)
            yield paged
            call = paged.value
            if self.modem.leg is None and not call.ended.happened:
                self.modem.take_incoming(call)
            yield call.answered | call.ended
            yield PAGING_CYCLE
