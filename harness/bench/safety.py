"""The safe state: calls hung up, outputs off, relays open, each read back, all of them tried; also when a run is ended.

Serves the rule that a bench is left safe whatever happens. What no process can do for itself, when it is killed
outright, is the watchdog's (`harness.bench.watchdog`, `harness.rescue`). docs/safety.md tells the whole.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from harness import ports
from harness.bench.loader import fills
from harness.errors import BenchError

SAFE_ORDER = (ports.Generator, ports.Switch, ports.Supply, ports.NetworkTester)
"""First what presses buttons, then what connects it, then the car's power, then the cell; others have no outputs."""

Step = tuple[str, Callable[[], None]]


ENDINGS = (signal.SIGTERM, signal.SIGHUP)
"""What ends a process at once unless somebody handles it; Ctrl-C (SIGINT) is Python's own already."""


class Terminated(KeyboardInterrupt):
    """SIGTERM or SIGHUP: ends the run as Ctrl-C does, so that everything on the way out is put right."""


def steps(instruments: Mapping[str, Any]) -> list[Step]:
    """What makes the instruments safe, in the order of `SAFE_ORDER` and of the bench file."""
    return [(name, instruments[name].make_safe) for name in ranked(instruments)]


def ranked(instruments: Mapping[str, Any]) -> list[str]:
    """Names of instruments in the order of `SAFE_ORDER` and of the bench file."""

    def rank(name: str) -> int:
        roles = (index for index, role in enumerate(SAFE_ORDER) if fills(type(instruments[name]), role))
        return next(roles, len(SAFE_ORDER))

    return sorted(instruments, key=rank)


def do_all(wanted: list[Step], beside: Sequence[Step] = ()) -> None:
    """Take every step, also after one has failed. Raises one `BenchError` that tells all failures.

    Each step of `beside` has a thread of its own, so that an instrument that does not answer holds up no other.
    """
    if failures := attempt(wanted, beside):
        raise BenchError(unsafe(failures))


def unsafe(failures: Sequence[str]) -> str:
    """What is said of a bench that could not be made safe."""
    return "the bench is NOT in its safe state:\n" + "\n".join(failures) + "\nSwitch it off by hand"


def attempt(wanted: Sequence[Step], beside: Sequence[Step] = ()) -> list[str]:
    """Take every step, also after one has failed; returns what failed and why, in words."""
    failures: list[str] = []

    def take(name: str, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as error:  # noqa: BLE001  whatever fails, the next output has to go off
            failures.append(f"{name}: {type(error).__name__}: {error}")

    threads = [threading.Thread(target=take, args=step, name=f"safe {step[0]}") for step in beside]
    for thread in threads:
        thread.start()
    for name, step in wanted:
        take(name, step)
    for thread in threads:
        thread.join()
    return failures


@contextmanager
def signals_end_the_run() -> Iterator[None]:
    """While open, SIGTERM and SIGHUP raise `Terminated` in the main thread, where nobody else handles them.

    SIGINT does so by itself, and a test runner with handlers of its own ends its tests in order: where it has one for
    SIGTERM, SIGHUP goes there as well. Who started the run deaf to SIGHUP (nohup) keeps that.
    """
    mine = [number for number in ENDINGS if signal.getsignal(number) == signal.SIG_DFL]
    if threading.current_thread() is not threading.main_thread() or not mine:
        yield
        return

    def terminate(number: int, _frame: FrameType | None) -> None:
        if signal.getsignal(signal.SIGTERM) != terminate:
            signal.raise_signal(signal.SIGTERM)
            return
        raise Terminated(signal.Signals(number).name)

    for number in mine:
        signal.signal(number, terminate)
    try:
        yield
    finally:
        for number in mine:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def undisturbed() -> Iterator[None]:
    """While open, signals that end a run wait: nothing interrupts the way to the safe state. They come right after."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, *ENDINGS)}
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
