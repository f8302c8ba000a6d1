"""One run from its empty folder to its summary."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from datetime import datetime
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Literal

from rich.console import Console

from harness.clock import WallClock
from harness.units import H
from hil.progress import PLAIN_STEP, Watch
from hil.reserved import reserved
from hil.sources import LAST, OUT, ROOT, digest
from hil.suites import Ended, Setting, commands, merge_robot, pytest_total, run_all, together
from hil.summary import Run, span
from reports.claims import Claim
from reports.journal import Entry, Outcome, read


def run_tests(
    chosen: Sequence[Claim],
    bench: Path,
    seed: int,
    jobs: int,
    *,
    everything: bool,
    console: Console,
    wall: bool = False,
    record: Literal["all", "failed", "none"] = "all",
) -> Run:
    """Run `chosen` in both suites and write `out/<run>`; `out/last` points at it from the first moment on.

    On a bench on `wall` time one suite runs after the other.
    """
    setting = Setting(ROOT, new_folder(OUT), bench, seed, jobs, side_by_side=not wall, record=record)
    _point(LAST, setting.out)
    return carry_out(chosen, setting, everything=everything, console=console, wall=wall)


def new_folder(parent: Path) -> Path:
    """An empty folder of the present second's name; where another run has that, one with a number behind it."""
    name = datetime.now().astimezone().strftime("%Y-%m-%d_%H-%M-%S")
    for number in count(1):
        folder = parent / (name if number == 1 else f"{name}_{number}")
        with suppress(FileExistsError):
            folder.mkdir(parents=True)
            return folder
    raise AssertionError  # numbers do not end


def carry_out(chosen: Sequence[Claim], setting: Setting, *, everything: bool, console: Console, wall: bool) -> Run:
    """Run `chosen` as `setting` says, in its folder, to the summary."""
    bench, seed = setting.bench, setting.seed
    robots = sum(claim.suite == "robot" for claim in chosen)
    functions = sum(claim.suite == "pytest" for claim in chosen)
    console.print(
        f"{functions} test functions and {robots} Robot procedures on {bench.stem}, seed {seed}", highlight=False
    )
    sources = digest()
    clock = WallClock()
    keep = reserved(bench, console) if wall and setting.replay is None else nullcontext()
    with (
        keep,
        Watch(setting.out, console, lambda: robots + pytest_total(setting.out), 1 if wall else PLAIN_STEP) as watch,
    ):
        try:
            made = commands(chosen, setting, everything=everything)
            ended = run_all(together(made, setting.out), setting, watch.look)
            troubles = tuple(end.trouble for end in ended if end.trouble) or _silence(chosen, ended, read(setting.out))
        except KeyboardInterrupt as ended_by:
            by = str(ended_by) or "Ctrl-C"
            troubles = (f"Interrupted by {by}: the tests that had ended by then are counted, the others did not run.",)
    if not wall:
        troubles += unannounced(chosen, read(setting.out))
    done = Run(
        setting.out.name, bench.stem, seed, setting.jobs, clock.now(), tuple(read(setting.out)), troubles, sources, wall
    )
    done.save(setting.out)
    _environment(done, setting.out)
    merge_robot(setting.out)
    return done


def green(bench: str, seed: int) -> frozenset[str]:
    """Tests that the last run passed with all their parameters, on this bench and seed and from these very sources."""
    file = LAST / "summary.json"
    last = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    if (last.get("bench"), last.get("seed"), last.get("sources")) != (bench, seed, digest()) or last["troubles"]:
        return frozenset()
    red = {entry["test"].partition("[")[0] for entry in last["entries"] if entry["outcome"] != Outcome.PASSED}
    return frozenset(entry["test"].partition("[")[0] for entry in last["entries"]) - red


def unannounced(chosen: Sequence[Claim], entries: Sequence[Entry]) -> tuple[str, ...]:
    """Tests that lasted longer than an hour, and than they say: on wall time nobody would expect it."""
    says = {claim.test.partition("[")[0]: max(claim.lasts, 1 * H) for claim in chosen}
    lasted = {entry.test: entry.simulated_ns for entry in entries}
    longer = [test for test, duration in lasted.items() if duration > says.get(test.partition("[")[0], duration)]
    names = ", ".join(f"{test} ({span(lasted[test])})" for test in longer)
    return (f'Longer than an hour, and than they say: {names}. Mark them with lasts("...").',) if longer else ()


def _silence(chosen: Sequence[Claim], ended: Sequence[Ended], entries: Sequence[Entry]) -> tuple[str, ...]:
    """Tests that should have run and left no word: a library that could not be imported, a worker that died."""
    heard = {entry.test.partition("[")[0] for entry in entries}
    silent = [claim.test for claim in chosen if claim.test.partition("[")[0] not in heard]
    if not silent:
        return ()
    logs = "\n".join(end.last_words for end in ended if end.code)
    return (f"{len(silent)} tests left no word: {', '.join(silent)}.\n{logs}",)


def _point(link: Path, target: Path) -> None:
    """Make `link` point at `target`, in one step, so that nobody ever finds it missing."""
    fresh = link.with_name(f"{link.name}.{os.getpid()}")
    fresh.symlink_to(target.name)
    fresh.replace(link)


def _environment(done: Run, out: Path) -> None:
    """What the report's front page says of the run."""
    said = {"bench": done.bench, "seed": str(done.seed)}
    for entry in done.entries:
        said |= {f"ECU {name}": software for name, software in sorted(entry.ecus.items())}
    said |= {name: version(name) for name in ("connect-hil", "pytest", "robotframework", "python-can", "cantools")}
    folder = out / "allure-results"
    folder.mkdir(exist_ok=True)
    lines = (f"{name.replace(' ', '_')} = {value}" for name, value in said.items())
    (folder / "environment.properties").write_text("\n".join(lines) + "\n", encoding="utf-8")
    executor = {"name": "hil run", "type": "local", "buildName": f"{done.name}, seed {done.seed}"}
    (folder / "executor.json").write_text(json.dumps(executor), encoding="utf-8")
