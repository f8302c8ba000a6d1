"""`hil doctor`: prints what a bench's examination found, a line each, the wrong ones with what to do."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.bench.doctor import examine
from harness.bench.doctor_findings import Finding, Level
from harness.clock import WallClock
from harness.units import S, seconds
from hil.options import EMULATED, AsJson, Seed, bench_path
from hil.summary import NOT_DECIDED, PASSED

MARKS = {Level.OK: "[green]ok[/]", Level.WARNING: "[yellow]warning[/]", Level.WRONG: "[bold red]WRONG[/]"}


def doctor(
    bench: Annotated[Path, typer.Argument(help="The bench file.")] = EMULATED,
    *,
    as_json: AsJson = False,
    exercise: Annotated[
        bool, typer.Option(help="Press, power and pulse within safe limits; without, only look.")
    ] = True,
    wait: Annotated[
        int, typer.Option(min=0, help="Seconds more for the modem to register, and GNSS to find a fix.")
    ] = 0,
    seed: Seed = 1,
) -> None:
    """Examine a bench in under 10 s: every wire, instrument, node, clock and line; what is wrong, where, what to do."""
    clock = WallClock()
    findings = examine(bench_path(bench), exercise=exercise, wait=wait * S, seed=seed)
    taken = seconds(clock.now())
    wrong = any(finding.level is Level.WRONG for finding in findings)
    if as_json:
        told = [finding.as_json() for finding in findings]
        whole = {"bench": str(bench), "fit": not wrong, "seconds": taken, "findings": told}
        sys.stdout.write(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
    else:
        console = Console(width=None if sys.stdout.isatty() else 140)
        console.print(table_of(findings, str(bench)))
        console.print(summary_of(findings, taken), highlight=False)
    raise typer.Exit(NOT_DECIDED if wrong else PASSED)


def table_of(findings: list[Finding], title: str) -> Table:
    """A row for each finding; what is not well says where and what to do below it."""
    table = Table(title=title, title_justify="left", header_style="bold", pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("what", no_wrap=True)
    table.add_column("check", no_wrap=True)
    table.add_column("expected and seen; where; what to do", overflow="fold")
    before = ""
    first = {finding.subject: number for number, finding in reversed(list(enumerate(findings)))}
    for finding in sorted(findings, key=lambda finding: first[finding.subject]):  # all of one table together
        text = escape(finding.seen)
        if finding.level is not Level.OK:
            text += f"\n[dim]{escape(finding.where)}[/]\n[italic]{escape(finding.todo)}[/]"
        table.add_row(MARKS[finding.level], "" if finding.subject == before else finding.subject, finding.check, text)
        before = finding.subject
    return table


def summary_of(findings: list[Finding], taken: float) -> str:
    """One line: how many of which, and whether a run makes sense."""
    counts = Counter(finding.level for finding in findings)
    said = ", ".join(f"{counts[level]} {level}" for level in Level)
    fit = "not fit for a run" if counts[Level.WRONG] else "fit for a run"
    return f"{said}, in {taken:.1f} s: the bench is {fit}."
