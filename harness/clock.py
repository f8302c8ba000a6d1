"""The only place where the harness waits: `now`, `sleep`, `wait`, on simulated or on wall time."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Protocol, runtime_checkable

from harness.units import MS, S

Pump = Callable[[], None]
"""Takes what a wire has received, stamps it, and returns at once."""

POLL = 1 * MS
"""How often a wait on wall time looks at its condition."""


@runtime_checkable
class Clock(Protocol):
    """Time of one bench, in integer nanoseconds since the bench was opened."""

    def now(self) -> int:
        """The present instant in ns."""

    def unseen_since(self) -> int:
        """Since when nobody had looked at the wires, in ns: what is found there now has come after it.

        In simulated time that is now: everything is taken at the instant at which it comes.
        """

    def sleep(self, duration: int) -> None:
        """Let `duration` ns pass."""

    def wait(self, condition: Callable[[], bool], timeout: int) -> bool:
        """Let time pass until `condition()` holds, at most `timeout` ns. Returns whether it held.

        The condition is asked again after what the serial ports received, and every millisecond; once the wait has
        lasted, every 50th part of it may do. Stamps on the timeline do not depend on when it looked.
        """

    def attach(self, pump: Pump) -> None:
        """Call `pump` whenever a wire may have received something."""

    def detach(self, pump: Pump) -> None:
        """Stop calling `pump`."""

    def close(self) -> None:
        """End the time of this bench; nothing may wait any more."""


LATE = 250 * MS
"""On wall time a busy host may see so much later what came in time (bench default: a stall of two cores' worth)."""
HOST_IS_LATE = "a busy host may be as late by itself; try again on a quieter one"


class WallClock:
    """Time of a physical bench: the machine's monotonic clock, wires looked at every millisecond."""

    def __init__(self) -> None:
        self._start = time.monotonic_ns()
        self._look = self._look_before = 0
        self._pumps: list[Pump] = []
        self._pumping = Lock()

    def now(self) -> int:
        """The present instant in ns since this clock was made."""
        return time.monotonic_ns() - self._start

    def unseen_since(self) -> int:
        """When the look before the last one began, in ns: a stall, or a slow answer elsewhere, makes it long ago."""
        return self._look_before

    def sleep(self, duration: int) -> None:
        """Let `duration` ns pass, taking in what the wires bring."""
        self.wait(lambda: False, duration)

    def wait(self, condition: Callable[[], bool], timeout: int) -> bool:
        """Look at `condition` every millisecond for `timeout` ns."""
        deadline = self.now() + timeout
        while True:
            if self._pumping.acquire(blocking=False):  # a wire is read by one thread at a time; any will do
                try:
                    self._look_before, self._look = self._look, time.monotonic_ns() - self._start
                    for pump in tuple(self._pumps):
                        pump()
                finally:
                    self._pumping.release()
            if condition():
                return True
            left = deadline - self.now()
            if left <= 0:
                return False
            time.sleep(min(left, POLL) / S)

    def attach(self, pump: Pump) -> None:
        """Call `pump` at every look."""
        self._pumps.append(pump)

    def detach(self, pump: Pump) -> None:
        """Stop calling `pump`."""
        self._pumps.remove(pump)

    def close(self) -> None:
        """Forget the pumps."""
        self._pumps.clear()


def lateness(clock: Clock) -> int:
    """How much later than it happened something may be seen on this clock, in ns; 0 in simulated time.

    Who waits for something waits so much longer, and calls it inconclusive where it came only then.
    """
    return LATE if isinstance(clock, WallClock) else 0


def open_wall_clock(**_options: object) -> WallClock:
    """The clock that a bench file means by `clock = "wall"`."""
    return WallClock()
