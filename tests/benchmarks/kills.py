"""Runs ended in six ways at 50 random moments each: how many, and the longest time until every output was off.

`python -m tests.benchmarks.kills [COUNT]` by itself. Three served benches side by side, about five minutes; a lane that
is not through by `LONGEST_S` stops there, and the table shows how far it came. The moments are the same every time.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from rich import box
from rich.console import Console
from rich.table import Table

from tests.safety.kills import KINDS, arena
from tests.serving import ROOT

COUNT = 50
LONGEST_S = 330.0
LANES = (KINDS[0::3], KINDS[1::3], KINDS[2::3])


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


def main(console: Console, count: int = COUNT) -> None:
    """End runs, and print one table."""
    with ThreadPoolExecutor(len(LANES)) as pool:
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
