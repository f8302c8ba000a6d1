"""The restbus on the wall clock: one thread sends every cyclic frame of every network, on absolute deadlines.

A slot whose time has gone by is skipped, never made up for, so that a stall is followed by no burst. The frame is made
when it is sent: its counter goes on by one a frame, whatever was skipped (B-03).
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from heapq import heappop, heappush

from harness.can.cycle_error import CycleError
from harness.can.urgency import make_urgent
from harness.clock import Clock
from harness.units import MS, US, S

SWITCH_INTERVAL = 0.0002
"""s after which a busy Python thread has to let others run (default 5 ms): it is what a frame may be late by."""

SPREAD, SPREAD_WITHIN = 317 * US, 10 * MS
"""Cycles begin so far apart, within so long, that frames of many messages do not fall on one instant."""

NAPS_BEGIN, NAPS_END = 500 * US, 20 * US
"""Before a deadline: from here on each sleep lasts half of what is left, so that the processor is awake when it
comes; the last bit is waited out. It costs some 5 % of a core at 1000 frames/s."""

PATIENCE = 1.0
"""s that whoever stops a cycle waits for a frame that is just being sent; an interface may hang for ever."""


class Cycle:
    """One message on its grid; ends by `stop`, after which no frame of it leaves any more."""

    def __init__(
        self,
        identifier: int,
        *,
        period: int,
        start: int,
        send: Callable[[], None],
        error: CycleError,
        failed: Callable[[Exception], None],
    ) -> None:
        self.identifier = identifier
        self.period = period
        self.deadline = start
        """The slot to wake for, ns of the bench's clock."""
        self.stopped = False
        self._owed = start  # the first slot that no frame has been sent for
        self._send = send
        self._error = error
        self._failed = failed
        self._lock = threading.RLock()

    def __lt__(self, other: Cycle) -> bool:
        return self.deadline < other.deadline

    def stop(self) -> None:
        """Send no more; stopping twice is fine."""
        self.stopped = True
        if self._lock.acquire(timeout=PATIENCE):
            self._lock.release()

    def turn(self, now: int) -> None:
        """Send the frame that is due at `now`, or put it off, and set the next deadline.

        With less than half a cycle to the next slot it waits for that one, but not twice in a row.
        """
        gone, into = divmod(now - self.deadline, self.period)
        slot = self.deadline + gone * self.period
        if into > self.period // 2 and self.deadline == self._owed:
            self.deadline = slot + self.period
            return
        with self._lock:
            if self.stopped:
                return
            try:
                self._send()
                self._error.add(self.identifier, now - self._owed, (slot - self._owed) // self.period)
            except Exception as problem:  # noqa: BLE001  whatever one frame meets, the others go on
                self._failed(problem)
        self.deadline = self._owed = slot + self.period


class Scheduler:
    """Sends for all networks of a bench. Its thread begins with the first cycle and ends by `close`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[Cycle] = []
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._begun = 0
        self._interval = sys.getswitchinterval()
        self.priority = "ordinary"
        """What the machine let the thread have."""

    def every(
        self,
        identifier: int,
        period: int,
        send: Callable[[], None],
        error: CycleError,
        failed: Callable[[Exception], None],
    ) -> Cycle:
        """Call `send` every `period` ns from now on, in the scheduler's thread; `error` counts, `failed` is told."""
        if period <= 0:
            raise ValueError(f"a cycle must be at least 1 ns, got {period}")
        with self._lock:
            start = self._clock.now() + self._begun * SPREAD % min(period, SPREAD_WITHIN)
            self._begun += 1
            cycle = Cycle(identifier, period=period, start=start, send=send, error=error, failed=failed)
            heappush(self._heap, cycle)
            if self._thread is None and not self._closed:
                sys.setswitchinterval(SWITCH_INTERVAL)
                self._thread = threading.Thread(target=self._run, name="restbus", daemon=True)
                self._thread.start()
        self._wake.set()
        return cycle

    def close(self) -> None:
        """Stop every cycle and end the thread; closing twice is fine."""
        with self._lock:
            self._closed = True
            cycles, self._heap = self._heap, []
            thread, self._thread = self._thread, None
        for cycle in cycles:
            cycle.stopped = True
        self._wake.set()
        if thread is not None:
            thread.join(PATIENCE)
            sys.setswitchinterval(self._interval)

    def _run(self) -> None:
        self.priority = make_urgent()
        while not self._closed:
            self._wake.clear()
            with self._lock:
                left = self._heap[0].deadline - self._clock.now() if self._heap else None
                cycle = heappop(self._heap) if left is not None and left <= 0 else None
            if cycle is None:
                if not self._closed:
                    self._rest(left)
                continue
            cycle.turn(self._clock.now())
            if not cycle.stopped:
                with self._lock:
                    if not self._closed:
                        heappush(self._heap, cycle)

    def _rest(self, left: int | None) -> None:
        """Until something changes, or a deadline that is `left` ns away."""
        if left is None or left > NAPS_BEGIN:
            self._wake.wait(None if left is None else (left - NAPS_BEGIN) / S)
            return
        deadline = self._clock.now() + left
        while (left := deadline - self._clock.now()) > 0:
            time.sleep(left / 2 / S if left > NAPS_END else 0)
