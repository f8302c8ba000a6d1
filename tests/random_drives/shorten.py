"""A shorter story: a drive that broke a rule is played again with acts left out, as long as it breaks that rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis.stateful import precondition, rule

from harness.errors import BenchError, ExpectationError

if TYPE_CHECKING:
    from tests.random_drives.drive import Drive

REPLAYS = 20
"""Each is a new car, half a second; so many make a drive of 20 acts short, where Hypothesis shrinks for minutes."""


class Played(NamedTuple):
    """An act with its arguments, and `when` it may be played."""

    act: Callable[[Drive], None]
    when: Callable[[Drive], bool]


class Happened(AssertionError):
    """What never may has: the findings, the story, and the acts by which it can be played again."""

    def __init__(self, findings: Sequence[str], story: object, acts: Sequence[Played]) -> None:
        super().__init__("; ".join(findings) + f"\n{story}")
        self.kinds = {finding.partition(":")[0] for finding in findings}
        self.acts = list(acts)


def remembered(when: Callable[[Any], bool] = lambda _: True, **strategies: Any) -> Callable[[Callable[..., None]], Any]:
    """A rule whose calls the drive remembers; `when` is its precondition, `strategies` are those of its arguments."""

    def decorate(act: Callable[..., None]) -> Any:
        @wraps(act)
        def remember(drive: Drive, *given: Any, **named: Any) -> None:
            drive.played.append(Played(lambda other: act(other, *given, **named), when))
            act(drive, *given, **named)

        return precondition(when)(rule(**strategies)(remember))

    return decorate


def play(drive: Drive, acts: Sequence[Played]) -> Happened | None:
    """Play these acts on a new car, but for those whose precondition does not hold any more; what it came to."""
    try:
        try:
            drive.power()
            for each in acts:
                if each.when(drive):
                    drive.played.append(each)
                    each.act(drive)
                    drive.never_happens()
        finally:
            drive.teardown()
    except Happened as found:
        return found
    except (BenchError, ExpectationError):
        return None  # without the acts left out another one is impossible
    return None


def shortened(car: Callable[[], Drive], found: Happened, replays: int = REPLAYS) -> Happened:
    """The same with the fewest acts that so many replays find."""
    best, left = found, replays

    def suffices(acts: Sequence[Played]) -> bool:
        nonlocal best, left
        left -= 1
        again = play(car(), acts)
        if again is None or not again.kinds & found.kinds or len(again.acts) >= len(best.acts):
            return False
        best = again
        return True

    length = 1
    while length < len(found.acts) and left and not suffices(found.acts[-length:]):  # mostly the last ones do it
        length *= 3
    part = len(best.acts) // 2
    while part and left:  # delta debugging: leave out parts, smaller and smaller
        begin = 0
        while begin < len(best.acts) and left:
            if not suffices(best.acts[:begin] + best.acts[begin + part :]):
                begin += part
        part //= 2
    return best
