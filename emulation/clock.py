"""The clock of an emulated bench: to wait is to let the world run."""

from __future__ import annotations

from collections.abc import Callable

from emulation.world import Condition, World
from harness.units import MS

LOOK = 1 * MS
"""Least simulated time between two looks at a condition while nothing notable arrives."""
LOOK_SHARE = 25
"""A wait that has lasted long looks less often: every 25th part of the time waited, so at most 4 % late."""


class EmulatedClock:
    """Fills `harness.clock.Clock` with simulated time of `world`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._pumps: list[Callable[[], None]] = []
        self._noticed: Condition | None = None
        self.on_close: Callable[[], None] = lambda: None

    def notice(self) -> None:
        """Something arrived on a wire: let the pumps take it at this very instant, and end a look early."""
        self._pump()
        if self._noticed is not None:
            noticed, self._noticed = self._noticed, None
            noticed.happen()

    def now(self) -> int:
        """The present instant in ns of simulated time."""
        return self._world.now

    def unseen_since(self) -> int:
        """Now: a wire is looked at whenever something has come."""
        return self._world.now

    def sleep(self, duration: int) -> None:
        """Let the world run for `duration` ns."""
        self._world.run(until=self._world.now + duration)
        self._pump()

    def wait(self, condition: Callable[[], bool], timeout: int) -> bool:
        """Let the world run until `condition()` holds, at most `timeout` ns."""
        world = self._world
        start = world.now
        deadline = start + timeout
        self._pump()
        while not condition():
            now = world.now
            if now >= deadline:
                return False
            if self._noticed is None:
                self._noticed = world.condition("something arrived")
            look = max(LOOK, (now - start) // LOOK_SHARE)
            world.run(until=min(deadline, now + look), condition=self._noticed)
            self._pump()
        return True

    def attach(self, pump: Callable[[], None]) -> None:
        """Call `pump` whenever a wire has received something."""
        self._pumps.append(pump)

    def detach(self, pump: Callable[[], None]) -> None:
        """Stop calling `pump`."""
        self._pumps.remove(pump)

    def close(self) -> None:
        """End this bench's world."""
        self._pumps.clear()
        self.on_close()

    def _pump(self) -> None:
        for pump in tuple(self._pumps):
            pump()
