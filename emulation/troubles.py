"""What goes wrong between the car and whoever tests it, on purpose: at a place, after a time, for a time.

A trouble is no fault of the car (`emulation.faults`): ECUs, lab and world outside go on as ever, and only the wire to
the tester suffers (or, with `restarts`, a part that the tester needs). docs/troubles.md lists them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Literal, get_args

from emulation.can_bus import ERROR, Frame
from emulation.link import Link
from harness.units import MS, S

if TYPE_CHECKING:
    from emulation.bench import EmulatedBench

What = Literal[
    "answers_late",
    "closes",
    "garbage",
    "silent",
    "refuses",
    "resets",
    "restarts",
    "bus_off",
    "error_frames",
    "drops_frames",
]

KINDS: dict[str, tuple[What, ...]] = {
    "instrument": ("answers_late", "closes", "garbage", "silent", "refuses"),
    "serial": ("closes", "garbage", "silent", "refuses", "resets"),
    "can": ("bus_off", "error_frames", "drops_frames", "closes", "refuses"),
    "offboard": ("answers_late", "closes", "garbage", "refuses"),
}
"""What can go wrong at each kind of place; at `serial.head_unit` also `restarts`."""

RESET_TIME = 2 * S
"""A USB port that resets is gone this long unless the trouble says otherwise: re-enumeration takes 1 ... 3 s."""

BUS_OFF = 0x40
BUS_ERROR = 0x80
RESTARTED = 0x100
"""Classes of error frames, as Linux tells them (linux/can/error.h)."""

assert {what for kinds in KINDS.values() for what in kinds} | {"restarts"} == set(get_args(What))


class TroubleError(ValueError):
    """A trouble that this bench cannot have; the message says which it can."""


@dataclass(frozen=True)
class Trouble:
    """`what` goes wrong at `where`, `after` ns from when it was asked for, for `lasts` ns (None: until it is deleted).

    `delay` is how late `answers_late` answers, `every` the time between two `error_frames`, both in ns; `drops_frames`
    loses the `share` (0 ... 1) of frames, of all `identifiers` or of those given.
    """

    where: str
    what: What
    after: int = 0
    lasts: int | None = None
    delay: int = 3 * S
    share: float = 0.5
    identifiers: tuple[int, ...] = ()
    every: int = 10 * MS


class Troubles:
    """The troubles of one bench, by number from 1: those to come, and those under way."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._bench = bench
        self._world = bench.world
        self._numbers = count(1)
        self._links: dict[str, Link] = {}
        self._known: dict[int, Trouble] = {}
        self._begun: dict[int, Trouble] = {}

    def link(self, where: str) -> Link:
        """The wire at a place."""
        if where not in self._links:
            self._links[where] = Link(where, self._world.random(f"noise at {where}").randrange)
        return self._links[where]

    def places(self) -> dict[str, tuple[What, ...]]:
        """What can go wrong at each place of this bench."""
        bench = self._bench
        found = {f"instrument.{name.split('::')[1]}": KINDS["instrument"] for name in bench.instruments}
        found |= {f"serial.{name}": KINDS["serial"] for name in bench.ports}
        found |= {f"can.{name}": KINDS["can"] for name in bench.buses}
        if "serial.head_unit" in found:
            found["serial.head_unit"] = (*KINDS["serial"], "restarts")
        return found | {"offboard": KINDS["offboard"]}

    def known(self) -> dict[int, tuple[Trouble, bool]]:
        """Every trouble by number, and whether it is under way; what is over is not known any more."""
        return {number: (trouble, number in self._begun) for number, trouble in self._known.items()}

    def add(self, trouble: Trouble) -> int:
        """Let it happen; returns its number. Raises `TroubleError`."""
        places = self.places()
        if trouble.where not in places:
            raise TroubleError(f"nothing can go wrong at {trouble.where!r}: there is {', '.join(sorted(places))}")
        if trouble.what not in places[trouble.where]:
            raise TroubleError(
                f"{trouble.what!r} is nothing that can go wrong at {trouble.where}: there is "
                f"{', '.join(places[trouble.where])}"
            )
        number = next(self._numbers)
        self._known[number] = trouble
        if trouble.after:
            self._world.call_at(self._world.now + trouble.after, lambda _: self._begin(number))
        else:
            self._begin(number)
        return number

    def end(self, number: int) -> None:
        """It is over, or does not come any more; nothing where it was over already."""
        trouble = self._known.pop(number, None)
        if self._begun.pop(number, None) is not None and trouble is not None:
            self._apply(trouble.where)
            if trouble.what == "bus_off":
                self._error(trouble.where, RESTARTED)

    def end_all(self) -> None:
        """Every one is over."""
        for number in tuple(self._known):
            self.end(number)

    def _begin(self, number: int) -> None:
        trouble = self._known.get(number)
        if trouble is None:  # deleted meanwhile
            return
        self._begun[number] = trouble
        self._apply(trouble.where)
        lasts = trouble.lasts
        match trouble.what:
            case "closes" if trouble.where != "offboard":  # there it is each exchange that closes
                self.link(trouble.where).break_off()
                lasts = lasts or 0
            case "resets":
                self.link(trouble.where).break_off()
                lasts = RESET_TIME if lasts is None else lasts
            case "restarts":
                self._bench.parts["head_unit"].reset()
                lasts = 0
            case "bus_off":
                self._error(trouble.where, BUS_OFF)
            case "error_frames":
                self._err(number, trouble)
        if lasts == 0:
            self.end(number)
        elif lasts is not None:
            self._world.call_at(self._world.now + lasts, lambda _: self.end(number))

    def _apply(self, where: str) -> None:
        """Let the link be what the troubles at its place make of it."""
        link = self.link(where)
        here = [trouble for trouble in self._begun.values() if trouble.where == where]
        whats = {trouble.what for trouble in here}
        link.touched = link.touched or bool(here)
        link.silent = "silent" in whats
        link.garbage = "garbage" in whats
        link.delay = max((trouble.delay for trouble in here if trouble.what == "answers_late"), default=0)
        link.closes = "closes" in whats
        link.off = "bus_off" in whats
        drops = [trouble for trouble in here if trouble.what == "drops_frames"]
        link.lost = self._lottery(drops) if drops else None
        gone = bool(whats & {"refuses", "closes", "resets"})
        if gone != link.refuses:
            link.refuse(gone)

    def _lottery(self, drops: list[Trouble]) -> Callable[[Frame], bool]:
        draw = self._world.random("frames that are dropped").random

        def lost(frame: Frame) -> bool:
            return any(
                (not drop.identifiers or frame.identifier in drop.identifiers) and draw() < drop.share for drop in drops
            )

        return lost

    def _err(self, number: int, trouble: Trouble) -> None:
        """A disturbed wire: one error frame after the other, until the trouble is over."""
        if number in self._begun:
            self._error(trouble.where, BUS_ERROR)
            self._world.call_at(self._world.now + trouble.every, lambda _: self._err(number, trouble))

    def _error(self, where: str, kind: int) -> None:
        bus: Any = self._bench.buses[where.partition(".")[2]]
        bus.send(kind, bytes(8), ERROR)
