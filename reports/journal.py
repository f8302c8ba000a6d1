"""The run's journal: one line of JSON a test, written by pytest and Robot alike, read by `hil` while it grows.

Both suites call `write` once a test, when its outcome is known. The line goes to `$CONNECT_HIL_OUT/journal/`, into a
file of the process's own, so nothing is locked and a killed run keeps every line. Without `CONNECT_HIL_OUT` (a plain
`pytest`, an editor's test runner) nothing is written.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from harness.errors import Inconclusive, InterlockError

OUT_VARIABLE = "CONNECT_HIL_OUT"
"""Names the environment variable that holds the run's folder, `out/<run>`."""


ROBOT_COMPLAINTS = (
    "No keyword with name",
    "Multiple keywords",
    "Variable '",
    "Resolving variable",
    "Keyword '",
    "Parent suite setup failed",
    "Several failures occurred",
    "Execution terminated by signal",
    "Test timeout",
    "Setup failed",
    "Teardown failed",
)
"""How Robot Framework 7 begins a message when the suite, not the car, is at fault."""


class Outcome(StrEnum):
    """How a test ended, by whose fault: see `harness.errors`."""

    PASSED = "passed"
    FAILED = "failed"
    """The car did not do what the manual promises."""
    BROKEN = "broken"
    """The bench, or the test itself, broke: nothing is known about the car."""
    INCONCLUSIVE = "inconclusive"
    INTERLOCK = "interlock"
    SKIPPED = "skipped"


def outcome_of(error: BaseException | None) -> Outcome:
    """The outcome of a test that ended with `error`, or with none."""
    match error:
        case None:
            return Outcome.PASSED
        case AssertionError():  # ExpectationError among them
            return Outcome.FAILED
        case Inconclusive():
            return Outcome.INCONCLUSIVE
        case InterlockError():
            return Outcome.INTERLOCK
        case _:
            return Outcome.BROKEN


def outcome_of_message(message: str) -> Outcome:
    """The outcome of a failed Robot test: Robot keeps of an error only its class and text (`BenchError: no answer`).

    Robot leaves the class out for a plain assertion; its own complaints about a suite start with the words below.
    """
    found = re.match(r"(?:[\w.]+\.)?(\w+): ", message)
    name = found.group(1) if found else ""
    if name == "InterlockError":
        return Outcome.INTERLOCK
    if name in {"Inconclusive", "HostWasLate"}:
        return Outcome.INCONCLUSIVE
    if name == "ExpectationError":
        return Outcome.FAILED
    if name.endswith(("Error", "Exception")) or message.startswith(ROBOT_COMPLAINTS):
        return Outcome.BROKEN
    return Outcome.FAILED


@dataclass(frozen=True)
class Entry:
    """One test of a run.

    `test` is what selects it again (a pytest node id, a Robot long name), `procedure` its id in the catalogue. Each
    measurement is a row of the measurement table, a `reports.evidence.Measurement` as a dict. `simulated_ns` is the
    bench's time at the end of the test.
    """

    test: str
    suite: str
    procedure: str
    title: str
    clauses: tuple[str, ...]
    outcome: Outcome
    simulated_ns: int
    seed: int
    bench: str = ""
    message: str = ""
    measurements: tuple[dict[str, Any], ...] = field(default=())
    ecus: dict[str, str] = field(default_factory=dict)
    """Software version of each ECU by name, as the ECU itself reported it over UDS (F195)."""
    restbus: dict[str, dict[str, Any]] = field(default_factory=dict)
    """How late the frames of played ECUs left, by network (`CycleError.told()`); on the wall clock only."""
    attempt: int = 1
    """Which attempt of this test it is."""
    retried: bool = False
    """Whether another attempt followed, because the bench had broken: then that one decides."""


def write(entry: Entry) -> None:
    """Append `entry` to this process's file of the journal; nothing without `CONNECT_HIL_OUT`."""
    out = os.environ.get(OUT_VARIABLE)
    if not out:
        return
    folder = Path(out) / "journal"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{entry.suite}-{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")


def read(out: Path) -> list[Entry]:
    """Every whole line of the journal in `out`, by suite and test: the order of writing differs between runs."""
    entries = (_entry(line) for file in sorted((out / "journal").glob("*.jsonl")) for line in _whole_lines(file))
    return sorted(entries, key=lambda entry: (entry.suite, entry.test, entry.attempt))


def decisive(entries: Iterable[Entry]) -> list[Entry]:
    """One entry a test: the last attempt's."""
    return [entry for entry in entries if not entry.retried]


def simulated(entries: Iterable[Entry]) -> int:
    """Simulated time of `entries` in sum, in ns."""
    return sum(entry.simulated_ns for entry in entries)


def _whole_lines(file: Path) -> Iterator[str]:
    """Lines up to the last line feed: a run that was killed, or that still writes, may end in half a line."""
    for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            yield line


@lru_cache(maxsize=4096)
def _entry(line: str) -> Entry:  # remembered, as a journal is read again and again while it grows
    fields = json.loads(line)
    fields["clauses"] = tuple(fields["clauses"])
    fields["measurements"] = tuple(fields["measurements"])
    return Entry(**fields | {"outcome": Outcome(fields["outcome"])})
