"""What was done on a random drive, as a story that a person can do again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from harness.units import S


class Act(NamedTuple):
    """At `time` (ns) somebody did `what`; `kind` is what the invariants ask for."""

    time: int
    kind: str
    what: str


@dataclass
class Story:
    """The acts in order. Only what the drive itself did stands here, never what the car made of it."""

    seed: int
    acts: list[Act] = field(default_factory=list)

    def tell(self, time: int, kind: str, what: str) -> None:
        """One more act."""
        self.acts.append(Act(time, kind, what))

    def since(self, begin: int, end: int, *kinds: str) -> list[Act]:
        """Acts of these kinds from `begin` to `end` (ns)."""
        return [act for act in self.acts if begin <= act.time <= end and act.kind in kinds]

    def __str__(self) -> str:
        lines = [f"{act.time / S:10.3f} s  {act.what}" for act in self.acts]
        return "\n".join([f"Seed {self.seed}; what was done:", *lines])
