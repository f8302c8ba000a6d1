"""`hil replay`: judge a run again from its recordings, without a bench, and compare the verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fixtures.recordings import NO_RECORDING, RECORDINGS
from harness.recording.folder import About, recordings_in
from harness.recording.player import PROCEDURE_NOW
from hil.errors import UsageError
from hil.running import carry_out
from hil.sources import LAST, ROOT
from hil.suites import Setting, clean
from hil.summary import CAR_FAILED, NOT_DECIDED, PASSED
from reports.claims import Claim, collect
from reports.journal import Entry, Outcome, read


@dataclass(frozen=True)
class Comparison:
    """Verdicts of a run and of its replay."""

    equal: int
    different: tuple[str, ...]
    """Tests with another verdict or other quantities, in words."""
    could_not: tuple[str, ...]
    """Tests that could not be judged again, in words."""
    quantities: int

    @property
    def exit_code(self) -> int:
        """0 all equal, 1 something different, 3 something could not be judged."""
        if self.different:
            return CAR_FAILED
        return NOT_DECIDED if self.could_not or not self.equal else PASSED


def replay(
    *,
    run: Annotated[Path, typer.Argument(help="Folder of a run.", show_default="the last run")] = LAST,
    test: Annotated[list[str] | None, typer.Option("--test", "-t", help="Only tests with this in their names.")] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes side by side.")] = 2,
) -> None:
    """Judge a run again from its recordings, without a bench: 0 same verdicts, 1 others, 3 some cannot be judged."""
    console = Console()
    folder = run.resolve()
    known = {about.test: about for _, about in recordings_in(folder / RECORDINGS)}
    if not known:
        raise UsageError(f"{run} holds no recordings; start with `hil run`, and not with --record none")
    before = [entry for entry in read(folder) if entry.outcome is not Outcome.SKIPPED]
    wanted = [entry for entry in before if not test or any(word in entry.test for word in test)]
    if not wanted:
        raise UsageError(f"{run} has no finished test with {' or '.join(test or ('any name',))} in its name")
    recorded = [entry for entry in wanted if entry.test in known]
    if recorded:
        after = _judge_again(recorded, known, folder, jobs, console)
        result = compare(wanted, after)
    else:
        result = compare(wanted, ())
    for word, tests in (("different", result.different), ("not judged again", result.could_not)):
        for line in tests:
            console.print(f"{word}: {line}", highlight=False, markup=False)
    console.print(
        f"{result.equal} verdicts equal with {result.quantities} measured quantities, {len(result.different)} "
        f"different, {len(result.could_not)} not judged again. Results: {replayed(folder)}",
        highlight=False,
    )
    raise typer.Exit(result.exit_code)


def replayed(folder: Path) -> Path:
    """Where the results of a run's replay go."""
    return folder.with_name(f"{folder.name}-replay")


def _judge_again(
    entries: Sequence[Entry], known: dict[str, About], folder: Path, jobs: int, console: Console
) -> Sequence[Entry]:
    """Run the recorded tests as they are now, with recordings for a bench."""
    first = known[entries[0].test]
    setting = Setting(
        ROOT, replayed(folder), Path(first.bench), first.seed, jobs,
        faults=first.faults, fault_files=tuple(map(Path, first.fault_files)), replay=folder / RECORDINGS,
    )  # fmt: skip
    clean(setting.out)
    chosen = list(chosen_for(entries, collect(ROOT)))
    done = carry_out(chosen, setting, everything=False, console=console, wall=False) if chosen else None
    for trouble in done.troubles if done else ():
        console.print(f"Trouble. {trouble}", highlight=False, markup=False)
    text = json.dumps({"run": folder.name, "sources": done.sources if done else ""}, indent=1)
    (setting.out / "replay.json").write_text(text + "\n", encoding="utf-8")
    return done.entries if done else ()


def chosen_for(entries: Iterable[Entry], claims: Sequence[Claim]) -> Iterable[Claim]:
    """The tests that there still are, each with its parameters."""
    by_test = {claim.test: claim for claim in claims}
    for entry in entries:
        claim = by_test.get(entry.test.partition("[")[0])
        if claim is not None:
            yield replace(claim, test=entry.test)


def compare(before: Sequence[Entry], after: Sequence[Entry]) -> Comparison:
    """Verdict by verdict, quantity by quantity."""
    again = {entry.test: entry for entry in after}
    equal, quantities, different, could_not = 0, 0, [], []
    for old in before:
        new = again.get(old.test)
        if new is None:
            could_not.append(f"{old.test}: was {old.outcome}; it did not run again (renamed, or not recorded)")
        elif PROCEDURE_NOW in new.message or NO_RECORDING in new.message:
            could_not.append(f"{old.test}: was {old.outcome}; {new.message}")
        elif new.outcome is not old.outcome:
            different.append(f"{old.test}: was {old.outcome}, is {new.outcome}. {new.message}".rstrip())
        elif changed := _changed(old, new):
            different.append(f"{old.test}: {old.outcome} as before, but {changed}")
        else:
            equal += 1
            quantities += len(old.measurements)
    return Comparison(equal, tuple(different), tuple(could_not), quantities)


def _changed(old: Entry, new: Entry) -> str:
    """The first quantity that is not the same."""
    if len(old.measurements) != len(new.measurements):
        return f"{len(new.measurements)} quantities in the place of {len(old.measurements)}"
    for was, now in zip(old.measurements, new.measurements, strict=True):
        if was != now:
            keys = [key for key in was if was[key] != now.get(key)]
            return f"{was['name']}: " + ", ".join(f"{key} was {was[key]}, is {now.get(key)}" for key in keys)
    return ""
