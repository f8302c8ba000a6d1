"""A bench on wall time kept for one run, from its first suite to its last; and how the run before it ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape

import harness.bench
from harness.bench.lock import BenchLock, ends, peek
from harness.bench.watchdog import tell


@contextmanager
def reserved(bench: Path, console: Console) -> Iterator[None]:
    """While open, only this run's suites may open the bench. Raises `BenchError` that names who has it."""
    file = harness.bench.load(bench)
    lock = BenchLock(ends(file), str(bench), "run")
    lock.take()
    try:
        if last := peek(file):
            console.print(f"[yellow]{escape(tell(last))}[/]", highlight=False)
        yield
    finally:
        lock.release()
        lock.close(tidy=True)
