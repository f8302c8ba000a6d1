"""Periodic sending on the python-can interface `emulated`: on the grid of simulated time, without a thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from can import BusABC, CanOperationError, Message
from can.broadcastmanager import (
    LimitedDurationCyclicSendTaskABC,
    ModifiableCyclicTaskABC,
    RestartableCyclicTaskABC,
)

from emulation.world import Periodic, World
from harness.units import nanoseconds


class EmulatedCyclicTask(LimitedDurationCyclicSendTaskABC, ModifiableCyclicTaskABC, RestartableCyclicTaskABC):
    """Sends `messages` in turn, one every `period` s: at 0, `period`, 2 `period` ... and before `duration` s are over.

    `modify` may change a message just before each of its sendings. What it raises, and what the bus refuses,
    ends the task and comes out of the call that let time pass.
    """

    def __init__(
        self,
        bus: BusABC,
        world: World,
        messages: Sequence[Message] | Message,
        period: float,
        *,
        duration: float | None,
        autostart: bool,
        modify: Callable[[Message], None] | None,
    ) -> None:
        super().__init__(messages, period, duration)
        if self.period_ns <= 0:
            raise ValueError(f"a period must be at least 1 ns, got {period} s")
        self._bus = bus
        self._world = world
        self._modify = modify
        self._turns = 0
        self._ends_at: int | None = None
        self._periodic: Periodic | None = None
        if autostart:
            self.start()

    @property
    def stopped(self) -> bool:
        """Whether nothing more will be sent until `start()`."""
        return self._periodic is None

    def start(self) -> None:
        """Begin, or begin anew, with the first message at this instant; a task that runs goes on as it is."""
        if self._periodic is None:
            with self._world.lock:
                self._turns = 0
                self._ends_at = None if self.duration is None else self._world.now + nanoseconds(self.duration)
                self._periodic = self._world.every(self.period_ns, self._send)

    def stop(self) -> None:
        """Send nothing more; stopping twice is fine."""
        if self._periodic is not None:
            self._periodic.stop()
            self._periodic = None

    def _send(self) -> None:
        if self._ends_at is not None and self._world.now >= self._ends_at:
            self.stop()
            return
        message = self.messages[self._turns % len(self.messages)]
        self._turns += 1
        try:
            if self._modify is not None:
                self._modify(message)
            self._bus.send(message)
        except Exception as error:
            self.stop()
            if isinstance(error, CanOperationError) and getattr(self._bus, "is_lost", False):
                return  # as any interface's task: it ends, and whoever reads the bus is told why
            error.add_note(f"in the periodic task of frame 0x{self.arbitration_id:X} at {self._world.now} ns")
            raise
