"""`hil run`: the procedures that were asked for, on a bench, and what came of them."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer
from rich.console import Console

import harness.bench
from harness import catalogue
from hil.errors import UsageError
from hil.options import CORES, EMULATED, Bench, Clauses, Seed, bench_path
from hil.running import run_tests
from hil.selection import Wanted, chosen_by, select
from hil.sources import LAST, ROOT
from hil.summary import show
from reports.claims import collect


def run(
    *,
    clause: Clauses = None,
    procedure: Annotated[
        list[str] | None, typer.Option("--procedure", "-p", help="Id of a procedure, or a test's name.")
    ] = None,
    manual: Annotated[list[str] | None, typer.Option("--manual", "-m", help="Only clauses of this manual.")] = None,
    suite: Annotated[Literal["pytest", "robot"] | None, typer.Option("--suite", "-s", help="Only one suite.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All procedures, also where the bench file's [run] names some.")
    ] = False,
    bench: Bench = EMULATED,
    seed: Seed = 1,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, help="Processes side by side; all cores by default, one on wall time."),
    ] = None,
    record: Annotated[
        Literal["all", "failed", "none"], typer.Option(help="Whose wires are kept, to be judged again.")
    ] = "all",
) -> None:
    """Run the procedures and say what came of them. Everything lands in out/RUN; out/last is the newest."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    known = catalogue.load()
    wanted = Wanted(clause or (), procedure or (), manual or (), (suite,) if suite else ())
    path = bench_path(bench)
    file = harness.bench.load(path)
    of_the_file = bool(file.run) and not (wanted or everything)
    claims = collect(ROOT)
    chosen = chosen_by(file, claims, known) if of_the_file else select(claims, wanted, known)
    wall = file.bench.clock == "wall"
    if wall and (jobs or 1) > 1:
        raise UsageError(f"{bench} is one bench on wall time, where one test runs after another: leave out --jobs")
    jobs = 1 if wall else jobs or CORES
    whole = not (wanted or of_the_file)
    done = run_tests(chosen, path, seed, jobs, everything=whole, wall=wall, console=console, record=record)
    show(done, console)
    console.print(f"Results: {LAST.resolve()}. Next: hil report", highlight=False)
    raise typer.Exit(done.exit_code)
