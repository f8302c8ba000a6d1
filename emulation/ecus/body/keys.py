"""Keys of the car: which belong to it, which are blocked, where each lies, which was used last (A-06, A-07, B-26)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from emulation.ecus.base.negative_response import OUT_OF_RANGE, Refused, expect_length
from emulation.ecus.body.inputs import follow
from emulation.lines import Line
from emulation.world import Process

if TYPE_CHECKING:
    from emulation.ecus.body.body import Body

FOBS = (1, 2, 3)
"""Fobs that the bench has, by number."""
DELIVERED = frozenset({1, 2})
"""Keys that a car is delivered with; fob 3 belongs to it once a workshop has taught it."""

BLOCK, REGISTER, RESTORE, READ = 0x0311, 0x0312, 0x0313, 0x0314
"""Routines of vehicle/diagnostics.toml."""


class KeyRegister:
    """The register survives the loss of supply; where keys lie is looked up anew."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.registered = set(DELIVERED)
        self.blocked: set[int] = set()
        self.last_used = 0
        self._inside: set[int] = set()
        self._near: set[int] = set()
        body.uds.routines[BLOCK] = self._block
        body.uds.routines[REGISTER] = self._register
        body.uds.routines[RESTORE] = self._restore
        body.uds.routines[READ] = self._read

    def processes(self) -> Iterable[Process]:
        """Look where keys lie, hear their buttons."""
        self._inside.clear()
        self._near.clear()
        self.tell()
        for fob in FOBS:
            yield self._follow(fob, "inside", partial(self._lies, self._inside, fob))
            yield self._follow(fob, "near", partial(self._lies, self._near, fob))
            yield self._follow(fob, "lock", partial(self._pressed, fob, "lock"))
            yield self._follow(fob, "unlock", partial(self._pressed, fob, "unlock"))

    def _follow(self, fob: int, what: str, tell: Callable[[bool], None]) -> Process:
        return follow(self.body.world, self.line(fob, what), tell)

    def line(self, fob: int, what: str) -> Line:
        """A line of a fob: `inside`, `near`, `lock`, `unlock`."""
        return self.body.bench.line(f"key_{fob}_{what}")

    # What counts

    def counting(self) -> set[int]:
        """Keys that belong to the car and are not blocked."""
        return self.registered - self.blocked

    def inside(self) -> set[int]:
        """Of those, the ones in the cabin."""
        return self._inside & self.counting()

    def near(self) -> set[int]:
        """Of those, the ones outside within reach of the handles."""
        return (self._near - self._inside) & self.counting()

    def use(self, fob: int) -> None:
        """A key has done something."""
        self.last_used = fob
        self.tell()

    def tell(self) -> None:
        """Put the counts on CAN."""
        self.body.set(
            "CEM_Keys",
            Registered=len(self.counting()),
            Inside=len(self.inside()),
            Near=len(self.near()),
            Blocked=len(self.registered & self.blocked),
            LastUsed=self.last_used,
        )

    def _lies(self, place: set[int], fob: int, there: bool) -> None:
        (place.add if there else place.discard)(fob)
        self.tell()
        self.body.keys_changed()

    def _pressed(self, fob: int, button: str, high: bool) -> None:
        if high:
            self.button(fob, button)

    def button(self, fob: int, button: str) -> None:
        """A fob's telegram arrives; it counts where the fob does."""
        if fob in self.counting():
            self.use(fob)
            if button == "lock":
                self.body.lock.lock("KEY")
            else:
                self.body.lock.unlock("KEY")

    # The workshop

    def _block(self, option: bytes) -> bytes:
        fob = self._fob(option)
        if fob not in self.registered:
            raise Refused(OUT_OF_RANGE)
        self.blocked.add(fob)
        return self._changed()

    def _register(self, option: bytes) -> bytes:
        fob = self._fob(option)
        self.registered.add(fob)
        self.blocked.discard(fob)
        return self._changed()

    def _restore(self, option: bytes) -> bytes:
        expect_length(option, 0)
        self.registered, self.blocked = set(DELIVERED), set()
        return self._changed()

    def _read(self, option: bytes) -> bytes:
        """One byte each: registered, blocked, found inside whoever's they are; bit 0 is fob 1."""
        expect_length(option, 0)
        sets = (self.registered, self.blocked, self._inside)
        return bytes(sum(1 << (fob - 1) for fob in each) for each in sets)

    def _changed(self) -> bytes:
        self.tell()
        self.body.keys_changed()
        return b""

    @staticmethod
    def _fob(option: bytes) -> int:
        expect_length(option, 1)
        if option[0] not in FOBS:
            raise Refused(OUT_OF_RANGE)
        return option[0]
