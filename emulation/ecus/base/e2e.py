"""AUTOSAR end-to-end protection as ECUs apply it: CRC and counter when sending, the check when receiving (B-03).

Ref: AUTOSAR FO 'E2E Protocol Specification', profiles 1, 2 and 5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from e2e import p01, p02, p05


@dataclass(frozen=True)
class Profile:
    """What the profiles differ in: where the counter stands, where it wraps, and the C functions for the CRC."""

    counter_byte: int
    counter_mask: int
    modulo: int
    protect: Callable[..., None]
    check: Callable[..., bool]


PROFILES = {
    "P01": Profile(1, 0x0F, 15, p01.e2e_p01_protect, p01.e2e_p01_check),
    "P02": Profile(1, 0x0F, 16, p02.e2e_p02_protect, p02.e2e_p02_check),
    "P05": Profile(2, 0xFF, 256, p05.e2e_p05_protect, p05.e2e_p05_check),
}


@dataclass(frozen=True)
class Protection:
    """How one message is protected (`vehicle/body.e2e.toml`)."""

    profile: Profile
    data_id: int | bytes
    """16 bits, or for P02 the list of 16 bytes."""
    max_delta_counter: int
    max_repeated: int

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Protection:
        """The protection that an entry of the sidecar describes."""
        data_id = bytes(entry["data_id_list"]) if "data_id_list" in entry else int(entry["data_id"])
        return cls(PROFILES[entry["profile"]], data_id, entry["max_delta_counter"], entry["max_repeated"])

    def protect(self, data: bytearray, counter: int) -> None:
        """Write `counter` and the CRC into `data`."""
        profile = self.profile
        at = profile.counter_byte
        data[at] = data[at] & ~profile.counter_mask & 0xFF | counter
        profile.protect(data, self.data_id, increment_counter=False)

    def is_intact(self, data: bytes) -> bool:
        """Whether the CRC is right and the counter is one that the profile knows."""
        copy = bytearray(data)  # the library's P01 takes nothing else
        return self.profile.check(copy, self.data_id, length=len(copy)) and self.counter(data) < self.profile.modulo

    def counter(self, data: bytes) -> int:
        """The counter that stands in `data`."""
        return data[self.profile.counter_byte] & self.profile.counter_mask


class Status(Enum):
    """Result of a check; only `OK` and `OK_SOME_LOST` let the data be used."""

    OK = "ok"
    OK_SOME_LOST = "ok, some lost"
    INITIAL = "first frame"
    SYNCHRONISING = "synchronising"
    REPEATED = "repeated"
    WRONG_SEQUENCE = "wrong sequence"
    WRONG_CRC = "wrong CRC"


USABLE = (Status.OK, Status.OK_SOME_LOST)

KNOWN_FRAMES = 512
"""Frames whose CRC a receiver need not calculate again: the counters of one payload and more."""


class Receiver:
    """The receiving side of one protected message, cyclic with `cycle` ns.

    A rejected frame leaves the counter that the next one is compared with as it is. What may be skipped grows by one
    with each cycle since a frame was last accepted, so that a sender that was away finds its way back. After a wrong
    sequence, or too many repetitions, the first frame that fits again only synchronises.
    """

    def __init__(self, protection: Protection, cycle: int) -> None:
        self._protection = protection
        self._cycle = cycle
        self._last: int | None = None
        self._accepted_at = 0
        self._repeated = 0
        self._in_step = True
        self._intact: dict[bytes, bool] = {}

    def check(self, data: bytes, now: int) -> Status:
        """What the frame `data` that arrived at `now` (ns) is worth."""
        protection, intact = self._protection, self._intact
        if data not in intact:
            if len(intact) >= KNOWN_FRAMES:
                intact.clear()
            intact[data] = protection.is_intact(data)
        if not intact[data]:
            return Status.WRONG_CRC
        counter = protection.counter(data)
        if self._last is None:
            self._accept(counter, now)
            return Status.INITIAL
        delta = (counter - self._last) % protection.profile.modulo
        if delta == 0:
            self._repeated += 1
            if self._repeated > protection.max_repeated:
                self._in_step = False
            return Status.REPEATED
        if delta > protection.max_delta_counter + 1:
            cycles = round((now - self._accepted_at) / self._cycle)
            if delta > protection.max_delta_counter + cycles:
                self._in_step = False
                return Status.WRONG_SEQUENCE
        was_in_step = self._in_step
        self._accept(counter, now)
        if not was_in_step:
            return Status.SYNCHRONISING
        return Status.OK if delta == 1 else Status.OK_SOME_LOST

    def _accept(self, counter: int, now: int) -> None:
        self._last = counter
        self._accepted_at = now
        self._repeated = 0
        self._in_step = True
