"""The watchdog as a run sees it: a process of its own session that makes the bench safe where the run cannot any more.

One for each bench that a process opens, started at the first opening and kept for the next ones. It and the run are the
two ends of a socket pair; whatever kills the run closes that, and the watchdog knows (`harness.rescue`).
"""

from __future__ import annotations

import atexit
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from harness import rescue
from harness.bench.lock import RUN_VARIABLE, BenchLock, ends, whoami
from harness.bench.schema import BenchFile
from harness.errors import BenchError
from harness.units import S

READY_WAIT = 60.0
"""Seconds for the process to import its drivers, on a machine with much else to do; it takes half of one."""
RESCUE_WAIT = (rescue.PATIENCE + 5 * S) / S
END_WAIT = 2.0
"""Seconds for a watchdog that has nothing to do to end with its run."""


class Watchdog:
    """One watchdog process, and the socket to it. Told `armed` before anything is on, `safe` once all is off."""

    def __init__(self, file: BenchFile, lock: BenchLock) -> None:
        self._where = file.path
        self._words = tempfile.TemporaryFile()  # noqa: SIM115  kept as long as the process
        self._line, theirs = socket.socketpair()
        self._locks = lock.descriptors
        handed = (theirs.fileno(), *self._locks)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "harness.rescue", str(theirs.fileno())],
                stdin=subprocess.DEVNULL, stdout=self._words, stderr=self._words, pass_fds=handed,
                start_new_session=True, env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )  # fmt: skip
        self._ready = False
        try:
            self._say(_watched(file, lock))
        except BenchError:
            self.close()
            raise

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def arm(self) -> None:
        """From now on the end of this process means that the bench has to be made safe."""
        self._say("armed")

    def wait_ready(self) -> None:
        """Wait until it could act at once. Raises `BenchError`: nothing may be switched on without it."""
        if not self._ready:
            self._answer(READY_WAIT, "did not start")
            self._ready = True

    def safe(self) -> None:
        """The bench is safe: nothing is to be done any more."""
        self._say("safe")

    def rescue(self) -> dict[str, Any]:
        """Let it try what this process could not; returns its report. Close everything first."""
        self.wait_ready()
        self._say("rescue")
        return self._answer(RESCUE_WAIT, "did not say whether the bench is safe")

    def shares(self, lock: BenchLock) -> bool:
        """Whether it holds these very locks."""
        return self._locks == lock.descriptors

    def close(self) -> bool:
        """Let go of it: it ends by itself, at once where it has nothing to do. Returns whether it has."""
        self._line.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_WAIT)
        ended = self._process.returncode is not None
        self.forget()
        return ended

    def forget(self) -> None:
        """What a forked child does: nothing of this is its own."""
        self._line.close()
        self._words.close()
        if self._process.returncode is None:
            self._process.returncode = 0  # it may live on: that is no resource of this process

    def _say(self, word: object) -> None:
        try:
            self._line.sendall(json.dumps(word).encode() + b"\n")
        except OSError as error:
            raise BenchError(self._gone(f"is gone ({error})")) from error

    def _answer(self, seconds: float, failed: str) -> dict[str, Any]:
        heard = bytearray()
        while not heard.endswith(b"\n"):
            there, _, _ = select.select([self._line], [], [], seconds)
            more = b""
            with suppress(ConnectionError):
                more = self._line.recv(65_536) if there else b""
            if not more:
                raise BenchError(self._gone(failed))
            heard += more
        answer: dict[str, Any] = json.loads(heard)
        return answer

    def _gone(self, failed: str) -> str:
        self._words.seek(0)
        last = self._words.read().decode(errors="replace").strip().splitlines()[-3:]
        why = " / ".join(last) or "it said nothing"
        return (
            f"the watchdog of {self._where} {failed}: {why}. Without it nothing makes the bench safe when the run is "
            "killed; `watchdog = false` in [bench] does without"
        )


class Guard:
    """Lock and watchdog of one bench in this process, from one opening to the next."""

    def __init__(self, file: BenchFile) -> None:
        wanted = ends(file)
        self.lock = BenchLock(wanted, file.path)
        self.last: dict[str, Any] | None = None
        """How the last run on this bench ended, where that was not in order."""
        self._run_lock = BenchLock(wanted, file.path, "run")
        self._file = file
        self._wanted = bool(file.instrument or "modem" in file.serial) and bool(file.bench.watchdog)
        self._dog: Watchdog | None = None

    def enter(self) -> None:
        """Take the bench, and start the watchdog; `wait_ready` before anything is switched on. Raises `BenchError`."""
        if RUN_VARIABLE not in os.environ:  # else the run that this process belongs to holds it
            self._run_lock.take()
        try:
            self.last = self.lock.take()
            if self._wanted:
                if self._dog is not None and not (self._dog.alive and self._dog.shares(self.lock)):
                    self._dog.close()
                    self._dog = None
                if self._dog is None:
                    self._dog = Watchdog(self._file, self.lock)
                self._dog.arm()
        except BaseException:
            self.leave()
            raise

    def wait_ready(self) -> None:
        """Wait until the watchdog could act."""
        if self._dog is not None:
            self._dog.wait_ready()

    def leave(self, problems: str = "", *, unseen: bool = False) -> dict[str, Any] | None:
        """Let go of the bench: it is safe, or else the watchdog tries, and its report is returned.

        Where parts were `unseen`, what the run before left behind is still to be told to the next one.
        """
        report = self.last if unseen else None
        try:
            if problems and self.lock.held:
                report = {"safe": False, "ended": "was left", "who": whoami("run"), "lines": problems.splitlines()}
                if self._dog is not None:
                    report = self._dog.rescue()
            if self._dog is not None and self.lock.held:
                self._dog.safe()
        finally:
            self.last = None
            self.lock.release(report if report and not report["safe"] else None)
            self._run_lock.release()
        return report

    def close(self) -> None:
        """Let go of files and process."""
        ended = self._dog is None or self._dog.close()
        self.lock.close(tidy=ended)
        self._run_lock.close(tidy=ended)

    def forget(self) -> None:
        """In a forked child: close what is the parent's, without a word to the watchdog."""
        if self._dog is not None:
            self._dog.forget()
            self._dog = None
        self.lock.close()
        self._run_lock.close()


def tell(last: Mapping[str, Any]) -> str:
    """How the last run ended, in a sentence for whoever opens the bench next."""
    who = last.get("who") or {}
    run = f"the last run ({who.get('user')}, {who.get('what')}, since {who.get('since')})"
    if last.get("safe"):
        return f"{run} {last.get('ended')}; the watchdog made the bench safe in {last.get('took_ms', 0) / 1000:.1f} s"
    lines = "; ".join(last.get("lines") or ())
    return f"{run} {last.get('ended', 'is gone')}, and the bench may NOT be safe: {lines}"


def _watched(file: BenchFile, lock: BenchLock) -> dict[str, Any]:
    modem = file.serial.get("modem")
    return {
        "bench": file.path,
        "holder": whoami("run"),
        "visa": file.visa.backend,
        "timeout": file.timeouts.instrument,
        "patience": rescue.PATIENCE,
        "instruments": [
            {"name": name, "driver": table.driver, "resource": table.resource, "options": table.options}
            for name, table in file.instrument.items()
        ],
        "modem": {"url": modem.url, "baudrate": modem.baudrate} if modem else None,
        "locks": lock.descriptors,
    }


_guards: dict[str, Guard] = {}


def guard(file: BenchFile) -> Guard | None:
    """The guard of `file` in this process; None for a bench that ends with its process (simulated time)."""
    if file.bench.clock != "wall" or not ends(file):
        return None
    key = f"{file.path} {file.model_dump_json()}"
    if key not in _guards:
        _guards[key] = Guard(file)
    return _guards[key]


def close_guards() -> None:
    """Let go of every bench that this process has closed; at its end, and in tests."""
    while _guards:
        _guards.popitem()[1].close()


def _forget_guards() -> None:
    while _guards:
        _guards.popitem()[1].forget()


atexit.register(close_guards)
os.register_at_fork(after_in_child=_forget_guards)
