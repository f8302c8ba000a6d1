"""What leaves over one interface: single frames from any thread, cyclic ones by the scheduler or by the bus itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import Any, Protocol

import can

from harness.can.cycle_error import CycleError
from harness.can.receiver import Receiver
from harness.can.scheduler import Scheduler
from harness.units import seconds


class Cyclic(Protocol):
    """A message that is being sent on its cycle."""

    def stop(self) -> None:
        """Send no more of it."""


class Sender:
    """The sending side of one bus.

    `scheduler` sends what is cyclic on the wall clock; without one the bus does, as the emulated one can exactly. `own`
    is told of every frame that leaves, where the interface does not hand our own frames back.
    """

    def __init__(self, bus: can.BusABC, scheduler: Scheduler | None = None, own: Receiver | None = None) -> None:
        self.cycle_error = CycleError()
        """How late the cyclic frames left; counted on the wall clock alone, where they can be late."""
        self.failure: str | None = None
        """What the first cyclic frame met that could not be sent; the others went on."""
        self._bus = bus
        self._scheduler = scheduler
        self._own = own
        self._lock = Lock()

    def send(self, frame: can.Message) -> None:
        """Send one frame. Raises what the interface raises: `can.CanError`, `OSError`, `ValueError`."""
        with self._lock:  # a stream would mix the bytes of two threads' frames
            self._bus.send(frame)
            if self._own is not None:
                self._own.put(frame)

    def every(
        self,
        period: int,
        frame: can.Message,
        renew: Callable[[can.Message], None] | None = None,
        guard: AbstractContextManager[Any] | None = None,
    ) -> Cyclic:
        """Send `frame` every `period` ns until `stop`; `renew` changes it each time, just before it leaves.

        On the wall clock that happens in the scheduler's thread, within `guard`; renewed frames count as restbus.
        """
        if self._scheduler is None:
            return self._bus.send_periodic(frame, seconds(period), modifier_callback=renew)
        inside = nullcontext() if guard is None else guard

        def send() -> None:
            with inside:
                if renew is not None:
                    renew(frame)
                self.send(frame)

        counted = CycleError() if renew is None else self.cycle_error
        return self._scheduler.every(frame.arbitration_id, period, send, counted, self._failed)

    def _failed(self, error: Exception) -> None:
        if self.failure is None:
            self.failure = f"it does not send: {error}"
