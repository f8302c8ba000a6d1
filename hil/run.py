"""`hil run`: the procedures that were asked for, on a bench, and what came of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, Literal

import typer
from rich.console import Console

import harness.bench
from harness import catalogue
from harness.units import parse_duration
from hil.errors import UsageError
from hil.options import CORES, EMULATED, Bench, Clauses, Seed, bench_path
from hil.running import run_tests
from hil.selection import Wanted, chosen_by, select, split
from hil.sources import LAST, ROOT
from hil.summary import show, span
from reports.claims import Claim, collect


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
    longest: Annotated[
        str, typer.Option(metavar="DURATION", help="On wall time, leave out tests that say that they last longer.")
    ] = "1 h",
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
    at_most = _duration(longest)
    chosen, longer = split(chosen, at_most) if wall else (chosen, [])
    left_out = _told(longer, longest)
    if not chosen:
        raise UsageError(f"nothing is left to run. {left_out.rstrip()}")
    console.print(left_out, end="", highlight=False, markup=False)
    whole = not (wanted or of_the_file or longer)
    done = run_tests(chosen, path, seed, jobs, everything=whole, wall=wall, console=console, record=record)
    show(done, console)
    console.print(left_out, end="", highlight=False, markup=False)
    console.print(f"Results: {LAST.resolve()}. Next: hil report", highlight=False)
    raise typer.Exit(done.exit_code)


def _duration(text: str) -> int:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise UsageError(f"--longest: {error}") from None


def _told(longer: Sequence[Claim], longest: str) -> str:
    """Which tests are left out, in a line each, and what runs them."""
    names = "".join(f"    {claim.test}: {span(claim.lasts)}\n" for claim in longer)
    return f"Left out, as they last longer than {longest}; --longest runs them:\n{names}" if longer else ""
