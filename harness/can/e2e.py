"""AUTOSAR end-to-end protection: put on a frame, deliberately wrong where a test wants it so, and judged (B-03).

Profiles 01, 02 and 05 (AUTOSAR_PRS_E2EProtocol); the CRCs are the library's (`autosar-e2e`), the counters are here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from e2e.p01 import e2e_p01_check, e2e_p01_protect
from e2e.p02 import e2e_p02_check, e2e_p02_protect
from e2e.p05 import e2e_p05_check, e2e_p05_protect
from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from harness.errors import BenchError
from harness.toml_file import read_toml

COUNTERS = {"P01": 15, "P02": 16, "P05": 256}
"""How many values the counter of a profile takes before it begins again; P01 leaves 15 out."""

_Byte = Annotated[int, Field(ge=0, le=255)]


class Corruption(Enum):
    """What may be wrong with a protected frame."""

    WRONG_CRC = "wrong CRC"
    REPEATED_COUNTER = "repeated counter"
    SKIPPED_COUNTERS = "skipped counters"


class Status(Enum):
    """A receiver's opinion of a frame, as AUTOSAR's check functions have it."""

    INITIAL = "INITIAL"
    SYNC = "SYNC"
    OK = "OK"
    SOME_LOST = "OK_SOME_LOST"
    REPEATED = "REPEATED"
    WRONG_SEQUENCE = "WRONG_SEQUENCE"
    WRONG_CRC = "WRONG_CRC"


class Protection(BaseModel):
    """How one message is protected: profile, identifier, and what a receiver lets pass."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    profile: Literal["P01", "P02", "P05"]
    data_id: Annotated[int, Field(ge=0, le=0xFFFF)] | None = None
    data_id_list: Annotated[tuple[_Byte, ...], Field(strict=False, min_length=16, max_length=16)] | None = None
    max_delta_counter: Annotated[int, Field(ge=1)]
    """Counters that may be skipped between two frames that are accepted (`MaxDeltaCounterInit` of profile 1)."""
    max_repeated: Annotated[int, Field(ge=0)] = 0
    crc: str = "Crc"
    counter: str = "Counter"

    @model_validator(mode="after")
    def _has_its_identifier(self) -> Protection:
        wanted, other = ("data_id_list", "data_id") if self.profile == "P02" else ("data_id", "data_id_list")
        if getattr(self, wanted) is None or getattr(self, other) is not None:
            raise ValueError(f"profile {self.profile}: expected {wanted} and no {other}")
        return self

    @property
    def counters(self) -> int:
        """Counter values of this profile: 0 up to one less than this."""
        return COUNTERS[self.profile]

    def counter_of(self, data: bytes | bytearray) -> int:
        """The counter that a payload carries."""
        return data[2] if self.profile == "P05" else data[1] & 0x0F

    def protect(self, data: bytearray, counter: int) -> None:
        """Put `counter` and the right CRC into `data`."""
        if self.profile == "P05":
            data[2] = counter
            e2e_p05_protect(data, self.data_id or 0, increment_counter=False)
            return
        data[1] = data[1] & 0xF0 | counter
        if self.profile == "P01":
            e2e_p01_protect(data, self.data_id or 0, increment_counter=False)
        else:
            e2e_p02_protect(data, bytes(self.data_id_list or ()), increment_counter=False)

    def crc_is_right(self, data: bytes | bytearray) -> bool:
        """Whether the CRC of a payload fits the rest of it."""
        data = bytearray(data)  # the library takes no bytes
        if self.profile == "P05":
            return bool(e2e_p05_check(data, self.data_id or 0))
        if self.profile == "P01":
            return bool(e2e_p01_check(data, self.data_id or 0))
        return bool(e2e_p02_check(data, bytes(self.data_id_list or ())))


class _Sidecar(RootModel[dict[str, Protection]]):
    """The whole file: a table for each message."""


@cache
def load_protections(path: Path) -> dict[str, Protection]:
    """The sidecar file of a database, by message. Raises `BenchError` with file and line."""
    return read_toml(path, _Sidecar, BenchError).root


class Protector:
    """Counts and protects the frames of one message that the harness sends; for one thread at a time."""

    def __init__(self, protection: Protection, counter: int = -1) -> None:
        """`counter` -1 begins with 0."""
        self._protection = protection
        self.counter = counter
        """The one that was sent last."""

    def protect(self, data: bytearray, corruption: Corruption | None = None) -> None:
        """Give `data` the next counter and CRC, or the wrong ones that `corruption` asks for.

        One counter more is skipped than the receiver may let pass, so that the frame has to be refused.
        """
        step = 1
        if corruption is Corruption.REPEATED_COUNTER:
            step = 0
        elif corruption is Corruption.SKIPPED_COUNTERS:
            step = self._protection.max_delta_counter + 2
        self.counter = (max(self.counter, 0 if step == 0 else -1) + step) % self._protection.counters
        self._protection.protect(data, self.counter)
        if corruption is Corruption.WRONG_CRC:
            data[0] ^= 0xFF


@dataclass
class Checker:
    """The receiver's side: what a receiver must think of each frame. A refused frame does not move its counter.

    After more repetitions in a row than `max_repeated` allows, the first frame that fits again only synchronises.
    """

    protection: Protection
    last: int | None = None
    repeated: int = 0
    """Repetitions since the counter last moved."""

    def check(self, data: bytes | bytearray) -> Status:
        """The status of the next frame that came."""
        if not self.protection.crc_is_right(data):
            return Status.WRONG_CRC
        counter = self.protection.counter_of(data)
        if self.last is None:
            self.last = counter
            return Status.INITIAL
        delta = (counter - self.last) % self.protection.counters
        if delta == 0:
            self.repeated += 1
            return Status.REPEATED
        if delta > self.protection.max_delta_counter + 1:
            return Status.WRONG_SEQUENCE
        stuck, self.repeated = self.repeated > self.protection.max_repeated, 0
        self.last = counter
        if stuck:
            return Status.SYNC
        return Status.OK if delta == 1 else Status.SOME_LOST
