"""Runs ended in six ways at 50 random moments each: how many, and the longest time until every output was off.

`python -m tests.benchmarks.kills [COUNT]` by itself. Two served benches side by side, about eight minutes; a lane that
is not through by `LONGEST_S` stops there, and the table shows how far it came. The moments are the same every time.
Below the table stands how late the host itself was meanwhile: what it takes from a thread that only waits, the safe
state loses as well.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Self

from rich import box
from rich.console import Console
from rich.table import Table

from tests.safety.kills import KINDS, arena
from tests.serving import ROOT

COUNT = 50
LONGEST_S = 720.0
LANES = (KINDS[0::2], KINDS[1::2])
LOOK_S = 0.01


@dataclass
class Tally:
    """What came of one kind."""

    safe_s: list[float] = field(default_factory=list)
    opened: int = 0
    was_on: int = 0
    failures: list[str] = field(default_factory=list)


def lane(kinds: tuple[str, ...], count: int) -> None:
    """The cases of some kinds in turn, each as a line of JSON."""
    end = time.monotonic() + LONGEST_S
    with arena() as ground:
        for seed in range(count):
            for kind in kinds:
                if time.monotonic() > end:
                    return
                try:
                    case = ground.case(kind, seed)
                except AssertionError as error:
                    told = {"kind": kind, "failure": f"seed {seed}: {error}"}
                else:
                    told = {"kind": kind, "safe_s": case.safe_after_s, "opened": case.opened, "on": case.was_on}
                    if "cannot be opened" in case.words:
                        told["failure"] = f"seed {seed}: {case.words.strip().splitlines()[-1]}"
                sys.stdout.write(json.dumps(told) + "\n")
                sys.stdout.flush()


class Host:
    """How long a thread that only waits was kept waiting beyond its time, in s, within a `with` block."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="host", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        last = time.monotonic()
        while not self._ended.wait(LOOK_S):
            now = time.monotonic()
            self.longest_s = max(self.longest_s, now - last - LOOK_S)
            last = now


def main(console: Console, count: int = COUNT) -> None:
    """End runs, and print one table."""
    with Host() as host, ThreadPoolExecutor(len(LANES)) as pool:
        lines = [line for said in pool.map(lambda kinds: _lane(kinds, count), LANES) for line in said.splitlines()]
    tallies = {kind: Tally() for kind in KINDS}
    for told in map(json.loads, lines):
        tally = tallies[told["kind"]]
        if "failure" in told:
            tally.failures.append(told["failure"])
        if "safe_s" in told:
            tally.safe_s.append(told["safe_s"])
            tally.opened += told["opened"]
            tally.was_on += told["on"]
    table = Table(title="Runs ended at random moments, until every output is off (at most 2 s)", box=box.SIMPLE)
    for heading in ("ended by", "runs", "bench was open", "something was on", "median s", "longest s", "failures"):
        table.add_column(heading, justify="left" if heading == "ended by" else "right")
    for kind, tally in tallies.items():
        times = sorted(tally.safe_s) or [float("nan")]
        numbers = (len(tally.safe_s), tally.opened, tally.was_on)
        shown = (f"{times[len(times) // 2]:.2f}", f"{times[-1]:.2f}", str(len(tally.failures)))
        table.add_row(kind, *map(str, numbers), *shown)
    console.print(table)
    console.print(f"The host kept a thread that only waits back for up to {host.longest_s:.2f} s meanwhile")
    for tally in tallies.values():
        for failure in tally.failures:
            console.print(failure, highlight=False, markup=False)


def _lane(kinds: tuple[str, ...], count: int) -> str:
    arguments = [sys.executable, "-m", "tests.benchmarks.kills", "lane", str(count), *kinds]
    return subprocess.run(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout


if __name__ == "__main__":
    if sys.argv[1:2] == ["lane"]:
        lane(tuple(sys.argv[3:]), int(sys.argv[2]))
    else:
        main(Console(width=110), int(sys.argv[1]) if sys.argv[1:] else COUNT)
