"""Runs that are ended at random moments, in six ways, and how long the bench then takes to be safe.

Used by `tests/safety/test_kills.py` (a small draw) and by `make bench` (50 of each).
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from harness.bench import load
from harness.bench.lock import FOLDER_VARIABLE, peek
from tests.safety.outputs import Outputs
from tests.serving import ROOT, served

KINDS = ("SIGINT", "SIGTERM", "SIGKILL", "exception", "instrument gone", "CAN gone")

OPENING_S = 0.6
"""Opening takes about so long; every third run is ended within this, the others once they have the bench open."""
OUTPUTS = ("supply", "switch", "generator", "network_tester")
LATEST_S = 1.0
"""So long after that at the latest."""
GONE_S = 0.3
"""An instrument or a CAN interface is away for so long."""
GOES_ON_S = 0.1
"""A run that has lost an instrument, and did not need it just now, is ended after this."""
ENDS_S = 60.0


@dataclass
class Case:
    """How one run ended: seconds to safe, whether it had come to open the bench, whether anything had been on."""

    kind: str
    seed: int
    moment_s: float
    safe_after_s: float
    opened: bool
    was_on: bool
    words: str


class Arena:
    """One served bench, and a warm interpreter to fork runs from."""

    def __init__(self, bench_file: Path, folder: Path) -> None:
        self.file = load(bench_file)
        self.folder = folder
        self.outputs = Outputs(self.file)
        assert self.file.offboard is not None
        self._offboard = httpx.Client(base_url=self.file.offboard.url, timeout=10)
        self._warm = subprocess.Popen(
            [sys.executable, "-m", "tests.safety.driver", str(bench_file)],
            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def case(self, kind: str, seed: int) -> Case:
        """One run, ended as `kind` says at a random moment."""
        dice = random.Random(f"{kind} {seed}")
        early = kind != "exception" and dice.random() < 1 / 3
        moment = dice.uniform(0.0, OPENING_S if early else LATEST_S)
        log = self.folder / f"{kind.replace(' ', '-')}-{seed}.log"
        start = time.monotonic()
        pid = self._ask(seed=seed, moment_s=moment if kind == "exception" else None, log=str(log))["pid"]
        try:
            if not early:
                _heard(log, "opened")
                start = time.monotonic()
            time.sleep(max(0.0, start + moment - time.monotonic()))
            was_on = bool(self.outputs.on())  # a look of some 30 ms, which moves the moment
            end = self._end(kind, pid, dice, log)
            self.outputs.wait_off()
            safe = time.monotonic() - end
            self._wait(pid)
            assert not self.outputs.on(), f"switched on again by a run that ended by {kind}"
        except BaseException:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            raise
        words = log.read_text() if log.exists() else ""
        opened = words.startswith("opened")
        return Case(kind, seed, moment, safe, opened, was_on, words)

    def reopens(self) -> str:
        """Open the bench once more, and close it; what that run said."""
        log = self.folder / "again.log"
        pid = self._ask(seed=0, moment_s=0.0, log=str(log))["pid"]
        self._wait(pid)
        return log.read_text()

    def trouble(self, where: str, what: str, seconds: float | None = None) -> None:
        """Something goes wrong on the way to the bench, for some seconds or until `no_troubles`."""
        lasts = None if seconds is None else round(seconds * 1e9)
        self._offboard.post("/bench/troubles", json={"where": where, "what": what, "for": lasts}).raise_for_status()

    def no_troubles(self) -> None:
        """Every trouble is over."""
        self._offboard.delete("/bench/troubles").raise_for_status()

    def calls(self) -> list[dict[str, Any]]:
        """Calls that go on, as the emergency centre has them."""
        return [call for call in self._offboard.get("/emergency/calls").json() if call["ended"] is None]

    def wait_for_call(self) -> None:
        """Wait until the emergency centre has a call."""
        deadline = time.monotonic() + ENDS_S
        while not self.calls():
            assert time.monotonic() < deadline, f"no call within {ENDS_S} s"
            time.sleep(0.1)

    def last_report(self, pid: int) -> dict[str, Any]:
        """What the watchdog says of the run that was process `pid`, once it has said so."""
        deadline = time.monotonic() + ENDS_S
        while (last := peek(self.file)) is None or "took_ms" not in last or last["who"]["pid"] != pid:
            assert time.monotonic() < deadline, f"the watchdog has said nothing within {ENDS_S} s"
            time.sleep(0.02)
        return last

    def close(self) -> None:
        """Let go of everything."""
        self._warm.communicate(timeout=ENDS_S)
        self._offboard.close()

    def _end(self, kind: str, pid: int, dice: random.Random, log: Path) -> float:
        """End the run; returns when it was ended."""
        if kind == "exception":
            return float(_heard(log, "fixture").split()[-1])
        if kind.startswith("SIG"):
            os.kill(pid, signal.Signals[kind])
            return time.monotonic()
        where = "can.body" if kind == "CAN gone" else f"instrument.{dice.choice(OUTPUTS)}"
        self.trouble(where, "refuses", GONE_S)
        time.sleep(GOES_ON_S)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        return time.monotonic()

    def _wait(self, pid: int) -> int:
        return int(self._ask(wait=pid)["code"])

    def _ask(self, **request: Any) -> dict[str, Any]:
        assert self._warm.stdin is not None
        assert self._warm.stdout is not None
        self._warm.stdin.write(json.dumps(request) + "\n")
        self._warm.stdin.flush()
        answer: dict[str, Any] = json.loads(self._warm.stdout.readline())
        return answer


def _heard(log: Path, word: str) -> str:
    """Wait until a run has said `word`; what it has said by then."""
    deadline = time.monotonic() + ENDS_S
    while not (log.exists() and word in (said := log.read_text()) and said.endswith("\n")):
        assert time.monotonic() < deadline, f"a run did not say {word!r} within {ENDS_S} s: {log.read_text()}"
        time.sleep(0.01)
    return said


@contextmanager
def arena(*arguments: str) -> Iterator[Arena]:
    """A served bench with locks of its own, and what ends runs on it."""
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        before = os.environ.get(FOLDER_VARIABLE)
        os.environ[FOLDER_VARIABLE] = folder  # locks and reports of this bench alone
        try:
            with served(*arguments) as bench:
                made = Arena(bench.file, Path(folder))
                try:
                    assert made.reopens().startswith("opened")  # and closed: a served bench begins with its cell on
                    yield made
                finally:
                    made.close()
        finally:
            os.environ.pop(FOLDER_VARIABLE)
            if before is not None:
                os.environ[FOLDER_VARIABLE] = before
