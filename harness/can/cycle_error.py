"""How late cyclic frames left the harness: a histogram that can be added up over networks, tests and runs.

Bins grow by a tenth each, so a quantile is right within 10 %; the maximum is exact.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

from harness.units import US, S

_GROWTH = 1.1


def _edges() -> tuple[int, ...]:
    edges = [1 * US]
    while edges[-1] < 100 * S:
        edges.append(round(edges[-1] * _GROWTH))
    return tuple(edges)


EDGES = _edges()
"""Upper edges of the bins, in ns; what is later still falls into one more."""


class CycleError:
    """Lateness of frames against the grid of their cycle, and how many slots of it had to be left out.

    Counted by one thread; whoever reads meanwhile sees a moment of it.
    """

    def __init__(self) -> None:
        self.messages: set[int] = set()
        """Identifiers of the messages that were sent."""
        self.frames = 0
        self.skipped = 0
        """Slots in which no frame went out, because their time had gone by."""
        self.longest = 0
        """Exact maximum, in ns."""
        self._bins = [0] * (len(EDGES) + 1)

    def add(self, identifier: int, lateness: int, skipped: int = 0) -> None:
        """Count one frame that left `lateness` ns after the first slot that it stands for."""
        self.messages.add(identifier)
        self.frames += 1
        self.skipped += skipped
        self.longest = max(self.longest, lateness)
        self._bins[bisect_left(EDGES, lateness)] += 1

    def quantile(self, share: float) -> int:
        """The lateness in ns that `share` (0 ... 1) of the frames kept to; 0 without frames."""
        wanted, seen = share * self.frames, 0
        for edge, count in zip((*EDGES, self.longest), self._bins, strict=True):
            seen += count
            if count and seen >= wanted:
                return min(edge, self.longest)
        return self.longest

    def told(self) -> dict[str, Any]:
        """The figures for timeline and journal, in us; `bins` (upper edge in ns: frames) lets `absorb` add them up."""
        return {
            "messages": len(self.messages),
            "frames": self.frames,
            "skipped": self.skipped,
            "p50_us": self.quantile(0.50) / US,
            "p99_us": self.quantile(0.99) / US,
            "max_us": self.longest / US,
            "bins": {str(edge): count for edge, count in zip((*EDGES, self.longest), self._bins, strict=True) if count},
        }

    def absorb(self, told: Mapping[str, Any]) -> None:
        """Add the figures of another network, test or process."""
        self.frames += told["frames"]
        self.skipped += told["skipped"]
        self.longest = max(self.longest, round(told["max_us"] * US))
        for edge, count in told["bins"].items():
            self._bins[bisect_left(EDGES, int(edge))] += count
