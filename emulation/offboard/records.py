"""The log of everything that happens off board: one order, one time, no secrets."""

from __future__ import annotations

from itertools import count
from typing import Any, NamedTuple

from emulation.world import World


class Record(NamedTuple):
    """Event `number` (from 1), at `time` (ns), at `source`."""

    number: int
    time: int
    source: str
    kind: str
    data: dict[str, Any]


class Records:
    """Every off-board event in order; also hands out the identities of calls and cases, from 1."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._records: list[Record] = []
        self._identities = count(1)

    def add(self, source: str, kind: str, /, **data: Any) -> None:
        """`kind` happened at `source` now; `data` must be plain JSON and hold no secret."""
        self._records.append(Record(len(self._records) + 1, self._world.now, source, kind, data))

    def after(self, number: int = 0) -> list[Record]:
        """The records that follow record `number`."""
        return self._records[number:]

    @property
    def newest(self) -> int:
        """The number of the newest record; 0 where there is none."""
        return len(self._records)

    def new_identity(self) -> int:
        """An identity that no call and no case has yet."""
        return next(self._identities)


def masked(imsi: str) -> str:
    """An IMSI as it may be recorded: the network part and the last two digits."""
    return imsi[:5] + "*" * (len(imsi) - 7) + imsi[-2:]
