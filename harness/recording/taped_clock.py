"""The bench's clock with a tape beside it: when the wires were looked at, a condition asked, a wait over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident

from harness.clock import Clock, Pump, WallClock
from harness.recording.tape import Kind, Tape


class Looks:
    """What the wires ask while they note what they took: whether the clock's pump runs, and whose thread it is."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.quiet = False
        """While set, reading the clock is nobody's business: the interface's, or the wait's own."""
        self.pumping = False
        self._owner = get_ident()
        self._pending: int | None = None

    def is_mine(self) -> bool:
        """Whether this is the thread that the tape is of."""
        return get_ident() == self._owner

    def begin(self, now: int) -> None:
        """The clock's pump begins; noted once something was taken."""
        self._pending, self.pumping = now, True

    def end(self) -> None:
        """The clock's pump is done."""
        self._pending, self.pumping = None, False

    def taken(self) -> None:
        """Something is about to be noted as taken."""
        if self._pending is not None:
            self.tape.add(Kind.PUMP, self._pending)
            self._pending = None

    @contextmanager
    def silence(self, quiet: bool = True) -> Iterator[None]:
        """For the length of a `with` block."""
        before, self.quiet = self.quiet, quiet
        try:
            yield
        finally:
            self.quiet = before


class TapedClock:
    """Fills `harness.clock.Clock` beside a clock of simulated time."""

    def __init__(self, inner: Clock, looks: Looks) -> None:
        self._inner = inner
        self._looks = looks
        self._pumps: list[Pump] = []
        vars(self)["now"] = inner.now  # read a million times: no call of our own in between
        inner.attach(self._pump)

    def now(self) -> int:
        """The present instant in ns."""
        return self._inner.now()

    def unseen_since(self) -> int:
        """Now: time is simulated."""
        return self._inner.unseen_since()

    def sleep(self, duration: int) -> None:
        """Let `duration` ns pass."""
        tape = self._looks.tape
        tape.add(Kind.WAIT, self._inner.now())
        self._inner.sleep(duration)
        tape.add(Kind.DONE, self._inner.now())

    def wait(self, condition: Callable[[], bool], timeout: int) -> bool:
        """Let time pass until `condition()` holds, at most `timeout` ns. Returns whether it held."""
        add, now = self._looks.tape.add, self._inner.now
        add(Kind.WAIT, now())

        def asked() -> bool:
            add(Kind.ASK, now())
            return condition()

        held = self._inner.wait(asked, timeout)
        add(Kind.DONE, now(), held)
        return held

    def attach(self, pump: Pump) -> None:
        """Call `pump` whenever a wire may have received something."""
        self._pumps.append(pump)

    def detach(self, pump: Pump) -> None:
        """Stop calling `pump`."""
        self._pumps.remove(pump)

    def close(self) -> None:
        """End the time of this bench."""
        self._pumps.clear()
        self._inner.close()

    def _pump(self) -> None:
        self._looks.begin(self._inner.now())
        try:
            for pump in tuple(self._pumps):
                pump()
        finally:
            self._looks.end()


class TapedWallClock(WallClock):
    """A wall clock that also notes what it said to the test's thread: no two readings are alike."""

    def __init__(self, inner: WallClock, looks: Looks) -> None:
        vars(self).update(vars(inner))
        self._looks = looks
        self._taped: list[Pump] = []
        super().attach(self._pump)

    def now(self) -> int:
        """The present instant in ns."""
        return self._told(super().now())

    def unseen_since(self) -> int:
        """When the look before the last one began, in ns."""
        return self._told(super().unseen_since())

    def _told(self, instant: int) -> int:
        looks = self._looks
        if not looks.quiet and looks.is_mine():
            looks.tape.add(Kind.NOW, instant)
        return instant

    def sleep(self, duration: int) -> None:
        """Let `duration` ns pass."""
        tape = self._looks.tape
        tape.add(Kind.WAIT, super().now())
        with self._looks.silence():
            super().wait(lambda: False, duration)
        tape.add(Kind.DONE, super().now())

    def wait(self, condition: Callable[[], bool], timeout: int) -> bool:
        """Look at `condition` for `timeout` ns. Returns whether it held."""
        tape, looks, now = self._looks.tape, self._looks, super().now
        tape.add(Kind.WAIT, now())

        def asked() -> bool:
            tape.add(Kind.ASK, now())
            with looks.silence(quiet=False):
                return condition()

        with looks.silence():
            held = super().wait(asked, timeout)
        tape.add(Kind.DONE, now(), held)
        return held

    def attach(self, pump: Pump) -> None:
        """Call `pump` at every look."""
        self._taped.append(pump)

    def detach(self, pump: Pump) -> None:
        """Stop calling `pump`."""
        self._taped.remove(pump)

    def close(self) -> None:
        """Forget the pumps."""
        self._taped.clear()
        super().close()

    def _pump(self) -> None:
        looks = self._looks
        looks.begin(super().now())
        try:
            with looks.silence(quiet=False):
                for pump in tuple(self._taped):
                    pump()
        finally:
            looks.end()
