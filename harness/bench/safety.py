"""The safe state: calls hung up, outputs off, relays open, each read back, all of them tried; also when a run is ended.

Serves the rule that a bench is left safe whatever happens. A watchdog outside the process may use `SAFE_ORDER` as well.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

from harness import ports
from harness.bench.loader import fills
from harness.errors import BenchError

SAFE_ORDER = (ports.Generator, ports.Switch, ports.Supply, ports.NetworkTester)
"""First what presses buttons, then what connects it, then the car's power, then the cell; others have no outputs."""

Step = tuple[str, Callable[[], None]]


class Terminated(KeyboardInterrupt):
    """SIGTERM: ends the run as Ctrl-C does, so that everything on the way out is put right."""


def steps(instruments: Mapping[str, Any]) -> list[Step]:
    """What makes the instruments safe, in the order of `SAFE_ORDER` and of the bench file."""

    def rank(name: str) -> int:
        roles = (index for index, role in enumerate(SAFE_ORDER) if fills(type(instruments[name]), role))
        return next(roles, len(SAFE_ORDER))

    return [(name, instruments[name].make_safe) for name in sorted(instruments, key=rank)]


def do_all(wanted: list[Step]) -> None:
    """Take every step, also after one has failed. Raises one `BenchError` that tells all failures."""
    failures = []
    for name, step in wanted:
        try:
            step()
        except (BenchError, OSError, ArithmeticError, LookupError, TypeError, ValueError, RuntimeError) as error:
            failures.append(f"{name}: {type(error).__name__}: {error}")
    if failures:
        raise BenchError("the bench is NOT in its safe state:\n" + "\n".join(failures) + "\nSwitch it off by hand")


@contextmanager
def signals_end_the_run() -> Iterator[None]:
    """While open, SIGTERM raises `Terminated` in the main thread, where nobody else handles it.

    SIGINT does so by itself, and a test runner with handlers of its own ends its tests in order.
    """
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return

    def terminate(_number: int, _frame: FrameType | None) -> NoReturn:
        raise Terminated("SIGTERM")

    signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


@contextmanager
def undisturbed() -> Iterator[None]:
    """While open, SIGINT and SIGTERM wait: nothing may interrupt the way to the safe state. They come right after."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    came: list[int] = []
    for watched in kept:
        signal.signal(watched, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for watched, handler in kept.items():
            signal.signal(watched, handler)
        for number in dict.fromkeys(came):
            signal.raise_signal(number)
