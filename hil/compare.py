"""`hil compare`: whether two runs measured the same, such as one on the served bench and one on the emulated one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from rich.console import Console

from harness.judge import Quantity, agree
from harness.judge.statistics import Agreement
from hil.errors import UsageError
from hil.summary import CAR_FAILED, PASSED

MEASURED_ONLY_ONCE = "of {} there is none that both runs measured; {} has {}"


class Pair(NamedTuple):
    """One measurement of both runs."""

    test: str
    first: Quantity
    second: Quantity

    @property
    def agreement(self) -> Agreement:
        """Their difference, against its expanded uncertainty."""
        return agree(self.first.name, [self.first], [self.second])


def compare(
    *,
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    other: Annotated[Path, typer.Argument(help="Folder of the other.")],
    measurement: Annotated[
        list[str] | None, typer.Option("--measurement", "-n", help="Only those of this name, such as 'SOS threshold'.")
    ] = None,
) -> None:
    """Hold what two runs measured against each other. Ends with 1 where a difference exceeds its uncertainty."""
    first, second = measurements(run), measurements(other)
    found = pairs(first, second, measurement or ())
    if not found:
        names = ", ".join(sorted({quantity.name for quantity in first.values()})) or "no measurement"
        wanted = ", ".join(measurement or ()) or "all measurements"
        raise UsageError(MEASURED_ONLY_ONCE.format(wanted, run, names))
    console = Console(soft_wrap=True)
    for pair in found:
        agreement = pair.agreement
        word = "agree" if agreement.agrees else "DISAGREE"
        said = f"{pair.first} and {pair.second} {word}: {agreement.difference}, E_n = {agreement.e_n:.2f}"
        console.print(f"{pair.test}: {said}", highlight=False, markup=False)
    raise typer.Exit(PASSED if all(pair.agreement.agrees for pair in found) else CAR_FAILED)


def measurements(run: Path) -> dict[tuple[str, str], Quantity]:
    """What a run measured, by test and name; a name that a test has twice is left out."""
    file = run.resolve() / "summary.json"
    if not file.is_file():
        raise UsageError(f"{run} holds no finished run; `hil run` prints the folder of one")
    rows = list(_rows(json.loads(file.read_text(encoding="utf-8"))))
    keys = [key for key, _quantity in rows]
    return {key: quantity for key, quantity in rows if keys.count(key) == 1}


def pairs(
    first: dict[tuple[str, str], Quantity], second: dict[tuple[str, str], Quantity], names: tuple[str, ...] | list[str]
) -> list[Pair]:
    """What both have, by the names given or all."""
    both = [key for key in first if key in second and (not names or key[1] in names)]
    return [Pair(key[0], first[key], second[key]) for key in both]


def _rows(summary: dict[str, Any]) -> Iterator[tuple[tuple[str, str], Quantity]]:
    for entry in summary["entries"]:
        for row in entry["measurements"]:
            yield (entry["test"], row["name"]), Quantity(row["name"], row["value"], row["unit"], row["u"])
