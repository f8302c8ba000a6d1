"""The `hil` command and its exit codes; each larger command has a module of its own.

Exit codes: 0 all passed; 1 the car failed (`qualify`: a fault survived); 2 wrong usage; 3 the bench broke, or a verdict
could not be given.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

import harness.bench
from harness import catalogue
from harness.bench.lock import peek
from harness.bench.watchdog import tell
from harness.errors import BenchError
from hil import noticed
from hil.compare import compare
from hil.convert import convert
from hil.doctor import doctor
from hil.errors import UsageError
from hil.options import CORES, EMULATED, AsJson, Bench, Clauses, Faults, Jobs, Seed, bench_path
from hil.qualify import alone, sample
from hil.qualify import faults as list_faults
from hil.qualify import qualify as try_faults
from hil.replay import replay
from hil.run import run
from hil.running import green
from hil.serve import serve
from hil.sources import LAST, NOTICED, OUT, QUALIFY, ROOT, digest
from hil.suites import Setting, clean
from hil.summary import CAR_FAILED, NOT_DECIDED, PASSED, USAGE
from reports.allure import generate
from reports.claims import collect
from reports.coverage import Proof, Qualification, State, coverage

app = typer.Typer(
    help="Drives a car on a bench, real or emulated, judges it, and tells what is proved.",
    epilog="Exit codes: 0 passed, 1 the car failed or a fault survived, 2 wrong usage, 3 bench broken or undecided.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
console = Console(width=None if sys.stdout.isatty() else 120)
complaints = Console(stderr=True, soft_wrap=True)

STATE_COLOURS = {State.PROVED: "green", State.CLAIMED: "yellow", State.INSPECTION: "blue", State.OPEN: "red"}


app.command("run")(run)


@app.command()
def report(
    results: Annotated[Path, typer.Argument(help="Folder of a run.", show_default="the last run")] = LAST,
) -> None:
    """Make the Allure report of a run, with the coverage page beside it."""
    folder = results.resolve()
    if not (folder / "summary.json").is_file():
        raise UsageError(f"{results} holds no finished run; start with `hil run`")
    rows = coverage(catalogue.load(), collect(ROOT), Qualification.load(QUALIFY).proofs)
    index = generate(folder, rows, catalogue.load(), ROOT)
    console.print(f"Report: {index}\nCoverage: {index.with_name('coverage.html')}", highlight=False)


@app.command("coverage")
def show_coverage(as_json: AsJson = False) -> None:
    """Clause by clause: covered by which procedures, proved by which fault, or why not."""
    last = Qualification.load(QUALIFY)
    rows = coverage(catalogue.load(), collect(ROOT), last.proofs)
    stale = bool(last.proofs) and last.sources != digest()
    if as_json:
        whole = {
            "clauses": [row.as_json() for row in rows],
            "proofs_are_of_these_sources": bool(last.proofs) and not stale,
        }
        sys.stdout.write(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
        return
    table = Table(header_style="bold")
    for heading in ("clause", "title", "state", "tests", "proved by, or why not"):
        table.add_column(heading, justify="right" if heading == "tests" else "left")
    for row in rows:
        state = f"[{STATE_COLOURS[row.state]}]{row.state}[/]"
        table.add_row(
            row.id, escape(row.title), state, str(len(row.covered_by) or ""), row.why_not or ", ".join(row.proved_by)
        )
    console.print(table)
    counts = ", ".join(f"{sum(row.state is state for row in rows)} {state}" for state in State)
    console.print(f"{len(rows)} clauses: {counts}.", highlight=False)
    if stale:
        console.print("[yellow]The proofs are of an earlier state of the sources; run `hil qualify` again.[/]")


@app.command()
def qualify(
    *,
    clause: Clauses = None,
    faults: Faults = None,
    bench: Bench = EMULATED,
    seed: Seed = 1,
    jobs: Jobs = CORES,
    as_json: AsJson = False,
    each: Annotated[int, typer.Option(min=0, help="At most so many faults of each clause; 0: all of them.")] = 0,
    remember: Annotated[
        bool, typer.Option("--remember", help="Keep which test noticed each fault, to be tried first from now on.")
    ] = False,
) -> None:
    """Break the car on purpose, one clause at a time, and see whether its procedures notice."""
    files = tuple(file.resolve() for file in faults or ())
    tried = list_faults([word.upper() for word in clause or ()], files)
    tried = sample(tried, each) if each else tried
    setting = Setting(ROOT, OUT / "qualify", bench_path(bench), seed, jobs, fault_files=files)

    def told(proof: Proof) -> None:
        word = f"killed by {proof.killed_by[0]}" if proof.killed_by else f"SURVIVED: {proof.note}"
        complaints.print(f"{proof.breaks} {proof.fault}: {word}", highlight=False, markup=False)

    last = Qualification.load(QUALIFY)
    killers = noticed.load(NOTICED) | {proof.fault: proof.killed_by for proof in last.proofs if proof.killed_by}
    passed = green(setting.bench.stem, seed)
    with alone(setting.out):
        clean(setting.out)
        proofs = try_faults(tried, collect(ROOT), setting, told, green=passed, killers=killers)
    if not files:
        last = last.renewed(proofs, digest())
        last.save(QUALIFY)
        if remember:
            noticed.save(NOTICED, last.proofs)
    survivors = [proof for proof in proofs if not proof.killed_by]
    if as_json:
        sys.stdout.write(json.dumps([vars(proof) for proof in proofs], indent=1, ensure_ascii=False) + "\n")
    else:
        console.print(_matrix(proofs))
        console.print(f"{len(proofs) - len(survivors)} of {len(proofs)} faults were noticed.", highlight=False)
    raise typer.Exit(CAR_FAILED if survivors else PASSED)


@app.command("bench")
def show_bench(file: Annotated[Path, typer.Argument(help="The bench file.")] = EMULATED) -> None:
    """Say what a bench file means, resolved."""
    table = Table(title=str(file), title_justify="left", show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    loaded = harness.bench.load(bench_path(file))
    for row in harness.bench.describe(loaded):
        table.add_row(*map(escape, row))
    console.print(table)
    if last := peek(loaded):
        console.print(f"[yellow]{escape(tell(last))}[/]", highlight=False)


app.command("serve")(serve)
app.command("compare")(compare)
app.command("doctor")(doctor)
app.command("replay")(replay)
app.command("convert")(convert)


def _matrix(proofs: list[Proof]) -> Table:
    table = Table(title="Fault by procedure", title_justify="left", header_style="bold")
    for heading in ("clause", "fault", "what goes wrong", "noticed by"):
        table.add_column(heading)
    for proof in proofs:
        noticed = "\n".join(map(escape, proof.killed_by)) or f"[red]SURVIVED[/]: {escape(proof.note)}"
        table.add_row(proof.breaks, proof.fault, escape(proof.story), noticed)
    return table


def main() -> None:
    """Entry point: a user's mistake is one line and exit code 2, a broken bench one line and exit code 3."""
    try:
        app(prog_name="hil")
    except UsageError as error:
        _complain(str(error), USAGE)
    except BenchError as error:
        _complain(str(error), NOT_DECIDED)


def _complain(message: str, code: int) -> None:
    complaints.print(f"hil: {message}", highlight=False, markup=False)
    sys.exit(code)
