"""The world on the wall clock: one asyncio loop, in one thread, runs it to the present and acts on it.

    pace = Pace(bench.world)          # the world's instant 0 is this moment
    with pace.acting():               # the world is at the present; what is done to it happens now
        bus.send(0x123, b"hello")
    await pace.run()                  # for ever: sleep to what is due next, run the world to the present

A loop that was late runs what it missed at its own simulated instants, so that stamps stay true and only their delivery
is late; how late is kept in `lateness`. Everything here belongs to the loop's thread: there is no lock.

The loop should be `new_loop()`: epoll rounds its timers up to a millisecond, select to a microsecond.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from emulation.world import World
from harness.units import MS, S

LONGEST_SLEEP = 1 * S
"""A loop with nothing due looks again after this."""
BIN = 10_000
"""Width in ns of the classes that lateness is counted in."""
LAST_BIN = 100 * MS // BIN
"""Everything later than this is counted as one; the longest is kept exactly."""


def new_loop() -> asyncio.AbstractEventLoop:
    """An event loop whose timers are good to some ten microseconds."""
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


class WorldFailed(RuntimeError):
    """A process of the world raised; the message says which, when, and what."""


class Lateness:
    """How late the world's events ran on the wall clock, in ns; counted in classes, so that it never grows."""

    def __init__(self) -> None:
        self._bins: Counter[int] = Counter()
        self.longest = 0

    def add(self, late: int) -> None:
        """One event ran `late` ns after it was due."""
        self._bins[min(late // BIN, LAST_BIN)] += 1
        self.longest = max(self.longest, late)

    def quantile(self, share: float) -> int:
        """Of all events the `share` (0 ... 1) were at most this late (ns); 0 where there was none."""
        wanted, seen = share * self._bins.total(), 0
        for late in sorted(self._bins):
            seen += self._bins[late]
            if seen >= wanted:
                return self.longest if late == LAST_BIN else min((late + 1) * BIN, self.longest)
        return 0

    def __str__(self) -> str:
        p50, p99 = (self.quantile(share) / 1e6 for share in (0.5, 0.99))
        return f"events ran late by p50 {p50:.2f} ms, p99 {p99:.2f} ms, at most {self.longest / 1e6:.2f} ms"


class Pace:
    """Keeps `world` at the wall clock's present."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lateness = Lateness()
        self.failure: Exception | None = None
        """What a process of the world raised: it ended the world, and `run` tells it."""
        self._start = time.monotonic_ns() - world.now
        self._watchers: list[Callable[[], None]] = []
        self._telling = False
        self._kicked: asyncio.Event = asyncio.Event()

    def present(self) -> int:
        """The wall clock's present as an instant of the world (ns)."""
        return time.monotonic_ns() - self._start

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` after each time the world has run: what it brought can go out to the wires.

        A watcher may act on the world; the others are not told of that before the world runs again.
        """
        self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[], None]) -> None:
        """Stop calling `watcher`."""
        self._watchers.remove(watcher)

    def catch_up(self) -> None:
        """Run the world to the present, and tell who watches. Never raises: a failure of the world ends `run`."""
        if self.failure is not None:
            return
        present, due = self.present(), self.world.due
        if due is not None and due <= present:
            self.lateness.add(present - due)
        try:
            self.world.run(until=present)
            if not self._telling:
                self._tell()
        except Exception as error:  # noqa: BLE001  whatever a part of the car raises
            self.failure = error
            self.kick()

    def _tell(self) -> None:
        self._telling = True
        try:
            for watcher in tuple(self._watchers):
                watcher()
        finally:
            self._telling = False

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Do something to the world at the present: `with pace.acting(): line.send(data)`."""
        self.catch_up()
        try:
            yield
        finally:
            self.kick()

    def kick(self) -> None:
        """Something may be due sooner than `run` sleeps."""
        self._kicked.set()

    async def run(self) -> None:
        """Run the world at the wall clock's pace until the task is cancelled. Raises `WorldFailed`."""
        loop = asyncio.get_running_loop()
        while True:
            self._kicked.clear()
            self.catch_up()
            if self.failure is not None:
                told = "; ".join([str(self.failure), *getattr(self.failure, "__notes__", ())])
                raise WorldFailed(f"{type(self.failure).__name__}: {told}") from self.failure
            due = self.world.due
            left = LONGEST_SLEEP if due is None else min(due - self.present(), LONGEST_SLEEP)
            if left <= 0:
                await asyncio.sleep(0)  # others get their turn, however far behind the world is
                continue
            waker = loop.call_later(left / S, self._kicked.set)
            try:
                await self._kicked.wait()
            finally:
                waker.cancel()
