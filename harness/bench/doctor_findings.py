"""What `hil doctor` finds: good, doubtful or wrong, where in the bench file, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from harness.bench.schema import BenchFile
from harness.errors import BenchFileError
from harness.toml_file import Key, Lines, find_lines, read_text


class Level(StrEnum):
    """How bad a finding is. Only `WRONG` makes a bench unfit."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One row: `subject` is a table of the bench file, `seen` one sentence, `todo` empty where all is well."""

    level: Level
    subject: str
    check: str
    seen: str
    todo: str = ""
    where: str = ""

    def as_json(self) -> dict[str, Any]:
        """As `hil doctor --json` prints it."""
        return {name: str(getattr(self, name)) for name in ("level", "subject", "check", "seen", "todo", "where")}


Findings = Iterator[Finding]

NOT_NESTED = (("bench",), ("ecu",), ("offboard",))
"""Tables that hold keys, not tables by name."""


@dataclass
class Place:
    """Makes the findings about one table of the bench file: `sheet.at("instrument", "scope").ok("identity", ...)`."""

    sheet: Sheet
    key: Key

    @property
    def subject(self) -> str:
        """The table as the file writes it, without brackets."""
        return ".".join(map(str, self.key))

    def ok(self, check: str, seen: str) -> Finding:
        """All is well."""
        return Finding(Level.OK, self.subject, check, seen, "", self.sheet.where(self.key))

    def warning(self, check: str, seen: str, todo: str) -> Finding:
        """It may be meant so, or it could not be told."""
        return Finding(Level.WARNING, self.subject, check, seen, todo, self.sheet.where(self.key))

    def wrong(self, check: str, seen: str, todo: str, *key: str) -> Finding:
        """It is not as the file says. `key` leads to the line within the table."""
        return Finding(Level.WRONG, self.subject, check, seen, todo, self.sheet.where((*self.key, *key)))


@dataclass
class Sheet:
    """The bench file as text: where each table stands."""

    path: str
    lines: Lines = field(default_factory=lambda: Lines({}))

    @classmethod
    def of(cls, file: BenchFile) -> Sheet:
        """Read anew, for the lines; a file that is only in memory has none."""
        try:
            return cls(file.path, find_lines(read_text(Path(file.path))[0]))
        except BenchFileError:
            return cls(file.path)

    def at(self, *key: str) -> Place:
        """The place of a table."""
        return Place(self, key)

    def where(self, key: Key) -> str:
        """`benches/lab.toml:41 [instrument.scope]`."""
        table = ".".join(map(str, key[: 1 if key[:1] in NOT_NESTED else 2]))
        return f"{self.path}:{self.lines.of(key)} [{table}]" if key else self.path
