"""What several commands are told: clauses, bench, seed, jobs; and the bench file that a word means."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from hil.errors import UsageError
from hil.sources import ROOT

Clauses = Annotated[list[str] | None, typer.Option("--clause", "-c", help="Only tests of this clause, such as B-10.")]
Bench = Annotated[Path, typer.Option("--bench", "-b", help="The bench file.")]
Seed = Annotated[int, typer.Option(min=0, help="Decides every jitter and latency of an emulated bench.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes side by side; all cores by default.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Faults = Annotated[list[Path] | None, typer.Option("--faults", help="A Python file with seeded faults of your own.")]

EMULATED = Path("benches/emulated.toml")
CORES = os.cpu_count() or 1


def bench_path(file: Path) -> Path:
    """`file` as given, or below the project."""
    for path in (file.resolve(), ROOT / file):
        if path.is_file():
            return path
    known = ", ".join(sorted(f"benches/{path.name}" for path in (ROOT / "benches").glob("*.toml")))
    raise UsageError(f"there is no bench file {file}; known are {known}")
