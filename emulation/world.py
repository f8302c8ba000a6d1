"""The engine of emulated time: a deterministic queue of events in integer nanoseconds.

A *process* is a generator that yields what it waits for, and goes on once that has happened:

>>> from harness.units import MS, S
>>> world = World(seed=1)
>>> bell = world.condition("bell")
>>> def ringer():
...     yield 250 * MS                          # a plain delay: a positive int
...     bell.happen("ding")
>>> def listener():
...     late = world.after(1 * S)
...     yield bell | late                       # whichever comes first; `&` waits for both
...     print(world.now // MS, "ms:", bell.value if bell.happened else "nothing")
>>> _ = world.spawn(ringer(), "ringer"), world.spawn(listener(), "listener")
>>> world.run(until=2 * S)
250 ms: ding
False

Order within one instant: first everything that was due (delays, callbacks, timers, what they make happen), in the
order it was asked for; then the processes that a condition woke. So a process that waits for `released | after(d)`
finds `released.happened` true when both fall on one nanosecond, and decides the tie itself.

Nothing here reads a wall clock. Same seed and same processes, same run, event for event.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Generator
from heapq import heappop, heappush
from itertools import count
from typing import Any

from emulation.condition import Condition, Timer
from emulation.turns import Turns

__all__ = ["FOREVER", "Condition", "Idle", "Livelock", "Periodic", "Process", "Task", "World"]

Process = Generator["Condition | int", None, Any]
"""What a process function returns: it yields a `Condition`, or an `int` of nanoseconds to sleep."""

FOREVER = 1 << 62
"""Later than any instant a run reaches (146 years)."""

LIVELOCK_STEPS = 100_000
"""Steps at one instant after which a run is called stuck; a busy bench needs tens."""


class Idle(RuntimeError):
    """A run without a deadline found nothing left that could ever happen; says who waits for what."""


class Livelock(RuntimeError):
    """Processes wake each other for ever without time going on."""


class Task(Condition):
    """A running process; itself a condition that happens when the process ends, with its return value."""

    __slots__ = ("_generator", "_resume", "_send", "_world", "waits_for")

    def __init__(self, world: World, generator: Process, name: str) -> None:
        super().__init__(name)
        self._world = world
        self._generator = generator
        self._send = generator.send
        self._resume = self._step
        self.waits_for: Condition | None = None

    def stop(self) -> None:
        """End the process where it stands; its `finally` blocks run."""
        if not self.happened:
            if self.waits_for is not None:
                self.waits_for.forget(self)
            self._world._tasks.discard(self)
            self._generator.close()
            self.happen()

    def wake(self, _condition: Condition) -> None:
        """Go on, at this instant."""
        self._world._ready.append(self)

    def _step(self, _argument: object = None) -> None:
        if self.happened:  # stopped while its wake-up was on the way
            return
        world = self._world
        self.waits_for = None
        try:
            wanted = self._send(None)
        except StopIteration as end:
            world._tasks.discard(self)
            self.happen(end.value)
            return
        except Exception as error:
            world._tasks.discard(self)
            self.happened = True
            error.add_note(f"in process {self.name} at {world.now} ns of simulated time, seed {world.seed}")
            raise
        if type(wanted) is int and wanted > 0:
            heappush(world._heap, (world.now + wanted, next(world._order), self._resume, None))
        elif isinstance(wanted, Condition):
            self.waits_for = wanted
            if wanted.happened:
                world._ready.append(self)
            else:
                wanted.remember(self)
        else:
            self.stop()
            raise TypeError(
                f"process {self.name} yielded {wanted!r}: expected a Condition, or a delay as a positive int of "
                f"nanoseconds (for example `yield 20 * MS`)"
            )


class Periodic:
    """A callback on a fixed grid of time, without the cost of a process; `period` may change while it runs."""

    __slots__ = ("_callback", "_world", "period", "running")

    def __init__(self, world: World, period: int, callback: Callable[[], None]) -> None:
        self._world = world
        self._callback = callback
        self.period = period
        self.running = True

    def stop(self) -> None:
        """Never call again."""
        self.running = False

    def _fire(self, due: int) -> None:
        if self.running:
            world = self._world
            next_due = due + self.period
            heappush(world._heap, (next_due, next(world._order), self._fire, next_due))
            self._callback()


_NEVER = Condition("never")
"""What a run waits for that only a deadline ends."""


class World:
    """Simulated time: what is due when, and the processes that wait.

    `seed` decides every random number that a component takes from `random(name)`.
    """

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self.now = 0
        self.lock = Turns()
        self._running = False
        self._order = count()
        self._heap: list[tuple[int, int, Callable[[Any], None], Any]] = []
        self._ready: deque[Task] = deque()
        self._tasks: set[Task] = set()

    def random(self, component: str) -> random.Random:
        """A random source of `component`'s own: adding a component elsewhere does not move its numbers."""
        return random.Random(f"{self.seed}/{component}")

    def condition(self, name: str = "condition") -> Condition:
        """A condition that somebody will make happen."""
        return Condition(name)

    def after(self, delay: int) -> Condition:
        """A condition that happens `delay` ns from now; at once where `delay` is not positive."""
        timer = Timer(self.now + delay)
        if delay > 0:
            heappush(self._heap, (timer.due, next(self._order), timer.happen, None))
        else:
            timer.happen()
        return timer

    def spawn(self, process: Process, name: str) -> Task:
        """Start `process` at the present instant, after what is already due."""
        task = Task(self, process, name)
        self._tasks.add(task)
        self._ready.append(task)
        return task

    def call_at(self, time: int, callback: Callable[[Any], None], argument: Any = None) -> None:
        """Call `callback(argument)` at `time` (ns; the present instant where that has passed)."""
        heappush(self._heap, (time if time > self.now else self.now, next(self._order), callback, argument))

    def every(self, period: int, callback: Callable[[], None], offset: int = 0) -> Periodic:
        """Call `callback` at now + `offset` and every `period` ns from there, until `stop()`."""
        if period <= 0:
            raise ValueError(f"a period must be positive, got {period} ns")
        periodic = Periodic(self, period, callback)
        self.call_at(self.now + offset, periodic._fire, self.now + offset)
        return periodic

    @property
    def due(self) -> int | None:
        """The instant of what comes next (ns; the present one where a process is ready); None where nothing will."""
        if self._ready:
            return self.now
        return self._heap[0][0] if self._heap else None

    def run(self, until: int | None = None, condition: Condition | None = None) -> bool:
        """Let time pass to `until` (ns, inclusive) or to the moment `condition` happens, whichever is first.

        Returns whether `condition` has happened. Raises `Idle` when there is no deadline and nothing left to come,
        `Livelock` when time stands still, and whatever a process raised. One thread runs the world at a time;
        others wait their turn.
        """
        with self.lock:
            if self._running:
                raise RuntimeError("a process blocked on its own world: inside the world, yield instead of waiting")
            self._running = True
            try:
                return self._run(FOREVER if until is None else until, condition or _NEVER)
            finally:
                self._running = False

    def _run(self, limit: int, condition: Condition) -> bool:
        heap, ready = self._heap, self._ready
        now = self.now
        while True:
            began = now
            for _ in range(LIVELOCK_STEPS):
                if condition.happened:
                    return True
                if ready and not (heap and heap[0][0] <= now):
                    ready.popleft()._step()
                elif heap and heap[0][0] <= limit:
                    now, _order, callback, argument = heappop(heap)
                    self.now = now
                    callback(argument)
                elif limit == FOREVER:
                    raise Idle(self._who_waits(condition))
                else:
                    self.now = max(now, limit)
                    return False
            if now == began and (ready or heap):
                busy = ready[0].name if ready else getattr(heap[0][2], "__qualname__", heap[0][2])
                raise Livelock(f"{LIVELOCK_STEPS} steps at {began} ns of simulated time without an end, now of {busy}")

    def _who_waits(self, condition: Condition) -> str:
        waiting = sorted(f"{task.name} waits for {task.waits_for}" for task in self._tasks)
        wanted = "nothing more is due" if condition is _NEVER else f"{condition} can no longer happen"
        return f"the world is idle at {self.now} ns: {wanted}; " + ("; ".join(waiting) or "no process is left")
