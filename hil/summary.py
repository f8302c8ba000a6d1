"""What a run came to: counts by clause, what did not pass and why, simulated time; and the exit code that follows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.units import pretty
from reports.journal import Entry, Outcome, decisive, simulated
from reports.restbus import of_run

COLUMNS = (Outcome.PASSED, Outcome.FAILED, Outcome.BROKEN, Outcome.INCONCLUSIVE, Outcome.INTERLOCK)
COLOURS = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.BROKEN: "magenta",
    Outcome.INCONCLUSIVE: "yellow",
    Outcome.INTERLOCK: "bold red",
    Outcome.SKIPPED: "dim",
}

PASSED, CAR_FAILED, USAGE, NOT_DECIDED = 0, 1, 2, 3
"""Exit codes of `hil`: all passed; the car failed; wrong usage; the bench broke or a verdict could not be given."""


@dataclass(frozen=True)
class Run:
    """One finished run: how it was set and what each test said."""

    name: str
    bench: str
    seed: int
    jobs: int
    wall_ns: int
    entries: tuple[Entry, ...]
    troubles: tuple[str, ...]
    """What makes the run worth less than its verdicts: suites that did not take place, in their own last words."""
    sources: str = ""
    """Digest of the sources that ran (`hil.sources`)."""
    wall: bool = False
    """Whether it ran on wall time."""

    @property
    def exit_code(self) -> int:
        """A failed car outweighs a broken bench: 0, 1 or 3."""
        outcomes = {entry.outcome for entry in decisive(self.entries)}
        if Outcome.FAILED in outcomes:
            return CAR_FAILED
        whole = outcomes <= {Outcome.PASSED, Outcome.SKIPPED} and Outcome.PASSED in outcomes
        return PASSED if whole and not self.troubles else NOT_DECIDED

    def counts(self) -> Counter[Outcome]:
        """Tests by outcome, each by its last attempt."""
        return Counter(entry.outcome for entry in decisive(self.entries))

    def save(self, out: Path) -> None:
        """Write `summary.json` into the run's folder."""
        whole = asdict(self) | {
            "simulated_ns": simulated(self.entries),
            "counts": {outcome.value: count for outcome, count in self.counts().items()},
            "exit_code": self.exit_code,
            "restbus": of_run(self.entries),
        }
        (out / "summary.json").write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def show(run: Run, console: Console) -> None:
    """Print the table by clause, what did not pass, and the closing lines."""
    console.print(_table(run.entries, "on the bench" if run.wall else "simulated"))
    for entry in run.entries:
        if entry.outcome not in {Outcome.PASSED, Outcome.SKIPPED}:
            again = f" in attempt {entry.attempt}, and ran again" if entry.retried else ""
            console.print(f"[{COLOURS[entry.outcome]}]{entry.outcome}{again}[/] {escape(entry.test)}", highlight=False)
            console.print(f"    {escape(entry.message.strip())}", highlight=False)
    for trouble in run.troubles:
        console.print(f"[magenta]Trouble.[/] {escape(trouble)}", highlight=False)
    counts = run.counts()
    said = ", ".join(f"{counts[outcome]} {outcome.value}" for outcome in Outcome if counts[outcome]) or "no test ran"
    simulated_ns = simulated(run.entries)
    took = f"{span(simulated_ns)} {'on the bench' if run.wall else 'of simulated time'} in {span(run.wall_ns)}"
    retried = sum(entry.retried for entry in run.entries)
    more = f" {retried} ran again because the bench had broken." if retried else ""
    console.print(f"{said} on {run.bench}, seed {run.seed}: {took}.{more}", highlight=False)
    if restbus := of_run(run.entries):
        console.print(f"Restbus: {restbus}.", highlight=False)


def _table(entries: Sequence[Entry], time: str) -> Table:
    table = Table(title="Verdicts by clause", title_justify="left", header_style="bold", row_styles=["", "dim"])
    table.add_column("clause")
    for outcome in COLUMNS:
        table.add_column(outcome.value, justify="right", style=COLOURS[outcome])
    table.add_column(time, justify="right")
    for clause in sorted({clause for entry in entries for clause in entry.clauses}):
        mine = [entry for entry in entries if clause in entry.clauses]
        counts = Counter(entry.outcome for entry in decisive(mine))
        numbers = [str(counts[outcome] or "") for outcome in COLUMNS]
        table.add_row(clause, *numbers, span(simulated(mine)))
    return table


def span(duration: int) -> str:
    """`duration` (ns) as a person says it: `2 h 05 min`, `3 min 20 s`, `12.3 s`."""
    whole = round(duration / 1e9)
    if whole >= 3600:
        return f"{whole // 3600} h {whole % 3600 // 60:02} min"
    if whole >= 60:
        return f"{whole // 60} min {whole % 60:02} s"
    return pretty(round(duration, -8)) if duration else "0 s"
