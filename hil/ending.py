"""How a run is ended from outside: SIGINT, SIGTERM and SIGHUP reach each suite once, which then makes its bench safe.

Both suites end in order on SIGINT: fixtures and teardowns run, reports are written. So that is what they are sent,
whatever `hil run` itself got. A second Ctrl-C changes nothing; a suite that is not done after `GRACE_S` is killed, and
its watchdog does the rest.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Any, Self

from harness.clock import WallClock
from harness.units import S

GRACE = 30 * S
"""Longer than a bench takes that waits for each of its instruments in vain, and then for its watchdog."""
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(KeyboardInterrupt):
    """The run was ended from outside; the message names the signal."""


class Ending:
    """The suites that run now, and what ends them. `with` listens for signals, in the main thread."""

    def __init__(self) -> None:
        self.asked: signal.Signals | None = None
        """The signal that ended this run, once one came."""
        self._clock = WallClock()
        self._deadline = 0
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.RLock()
        self._kept: dict[signal.Signals, Any] = {}

    def run(self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], log: IO[str]) -> int:
        """Run `python -m MODULE ...` to its end, in a session of its own; returns its exit code."""
        with self._lock:
            if self.asked is not None:
                return -self.asked
            process = subprocess.Popen(  # noqa: S603 - our own command line
                [sys.executable, "-m", "hil.suite_process", *arguments[1:]],
                cwd=folder, env=os.environ | dict(environment), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
            self._running.add(process)
        try:
            return process.wait()
        finally:
            with self._lock:
                self._running.discard(process)

    def check(self) -> None:
        """Called a few times a second: kills what has not ended in time."""
        if self.asked is not None and self._clock.now() > self._deadline:
            self._tell(signal.SIGKILL)

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if self.asked is None:
            self.asked = signal.Signals(number)
            self._deadline = self._clock.now() + GRACE
            self._tell(signal.SIGINT)

    def _tell(self, number: signal.Signals) -> None:
        with self._lock:
            for process in self._running:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, number)  # pytest's workers as well

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in ENDINGS:
                kept = signal.getsignal(number)
                if kept != signal.SIG_IGN:  # who started it deaf (nohup, a shell's &) keeps that
                    self._kept[number] = kept
                    signal.signal(number, self._hear)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._kept.items():
            signal.signal(number, handler)
