"""How a run looks while it runs: one live bar in a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from reports.journal import Entry, Outcome, decisive, read

PLAIN_STEP = 20
"""Tests between two lines where a test takes no time worth telling."""


class Watch:
    """Follows a run's journal. `total` is asked again each time: pytest tells its number of tests late.

    Where the output is no terminal, a line after every `step` tests, and one for each that did not pass.
    """

    def __init__(self, out: Path, console: Console, total: Callable[[], int], step: int = PLAIN_STEP) -> None:
        self._step = step
        self._out, self._console, self._total = out, console, total
        self._told: set[str] = set()
        self._steps = 0
        self._bar = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, disable=not console.is_terminal,
        )  # fmt: skip
        self._task = self._bar.add_task("starting", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def look(self) -> None:
        """Show what the journal says by now."""
        entries = read(self._out)
        counts = Counter(entry.outcome for entry in decisive(entries))
        words = ", ".join(f"{counts[outcome]} {outcome.value}" for outcome in Outcome if counts[outcome])
        self._bar.update(
            self._task, completed=len(decisive(entries)), total=self._total() or None, description=words or "starting"
        )
        for entry in entries:
            self._tell(entry)
        if not self._console.is_terminal and len(entries) // self._step > self._steps:
            self._steps = len(entries) // self._step
            self._console.print(f"{len(entries)} of {self._total() or '?'}: {words}", highlight=False)

    def _tell(self, entry: Entry) -> None:
        if entry.outcome in {Outcome.PASSED, Outcome.SKIPPED} or entry.test in self._told:
            return
        self._told.add(entry.test)
        self._console.print(f"{entry.outcome.value}: {entry.test}", highlight=False, markup=False)
