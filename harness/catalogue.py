"""What the manuals promise: clauses, procedures and limits, read from `catalogue/` and checked against each other.

A limit's number stands in one file and is asked for by name: `limit("sos_hold")` is 2 s in ns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from harness.errors import CatalogueError
from harness.toml_file import find_lines, nearest, read_text, read_toml
from harness.units import DURATIONS, S

FOLDER = Path(__file__).parents[1] / "catalogue"

Text = Annotated[str, Field(min_length=1)]
ClauseId = Annotated[str, Field(pattern=r"^[A-Z]-\d\d$")]
Wire = Literal["CAN", "AT", "LINE", "HMI", "OFF", "UDS"]
Kind = Literal["behaviour", "limit", "precondition", "rule", "advice"]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Manual(_Entry):
    """An owner's manual: an epic of the report, with its chapters in order."""

    id: Text
    title: Text
    source: Text
    chapters: tuple[Text, ...]
    language: Literal["en", "fr"] = "en"
    """What it is written in; its clauses and procedures are told in that language as well."""


class Clause(_Entry):
    """One promise. `reason` tells why a bench cannot fail an advice."""

    id: ClauseId
    title: Text
    text: Text
    kind: Kind
    chapter: Text
    seen_by: tuple[Wire, ...] = Field(min_length=1)
    title_fr: str = ""
    text_fr: str = ""
    reason: str = ""
    manual: str = ""

    @model_validator(mode="after")
    def _advice_has_a_reason(self) -> Clause:
        if (self.kind == "advice") != bool(self.reason):
            raise ValueError(f"{self.id} is {self.kind}: expected a reason for an advice, and for nothing else")
        return self


class Procedure(_Entry):
    """Something that the manual lets its reader do: a story of the report. `text` tells what is done, in our words."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    manual: Text
    chapter: Text
    title: Text
    clauses: tuple[ClauseId, ...] = Field(min_length=1)
    title_fr: str = ""
    text: str = ""
    text_fr: str = ""

    @property
    def story(self) -> str:
        """Its title, in the manual's own language as well where that is not English."""
        return f"{self.title} / {self.title_fr}" if self.title_fr else self.title


class Limit(_Entry):
    """A number that a procedure judges by; fills `harness.judge.Bounded`.

    `lower` and `upper` are its bounds in `unit`, `s` for durations; `number` is the one that stands in the file.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    clause: ClauseId
    text: Text
    source: Text
    value: str | None = None
    min: str | None = None
    max: str | None = None
    below: str | None = None

    @field_validator("value", "min", "max")
    @classmethod
    def _is_a_number(cls, text: str | None) -> str | None:
        if text is not None:
            parse(text)
        return text

    @model_validator(mode="after")
    def _says_one_thing(self) -> Limit:
        bounds = [text for text in (self.min, self.max) if text is not None]
        if (self.value is None) != bool(bounds) or (self.below is not None and self.value is None):
            raise ValueError(f"{self.id}: expected `value` (with or without `below`), or `min`, `max` or both")
        if len({_in_unit(text)[1] for text in bounds}) > 1:
            raise ValueError(f"{self.id}: min and max are in different units")
        return self

    @property
    def number(self) -> float:
        """What the file says: ns (an int) for a duration, otherwise a number in `unit`. For both bounds, the lower."""
        return parse(self.value or self.min or self.max or "")[0]

    @property
    def unit(self) -> str:
        """`s` for every duration, otherwise the unit in the file; empty for a count."""
        return _in_unit(self.value or self.min or self.max or "")[1]

    @property
    def lower(self) -> float | None:
        """The lower bound, or None."""
        if self.value is not None:
            return _in_unit(self.value)[0] - _in_unit(self.below)[0] if self.below else None
        return None if self.min is None else _in_unit(self.min)[0]

    @property
    def upper(self) -> float | None:
        """The upper bound, or None; a `value` with `below` is one."""
        if self.value is not None:
            return _in_unit(self.value)[0] if self.below else None
        return None if self.max is None else _in_unit(self.max)[0]


def parse(text: str) -> tuple[float, str]:
    """`2 s` as (2000000000, `s`), `150 m` as (150.0, `m`), `3` as (3, empty). Raises `ValueError` for anything else."""
    match = re.fullmatch(r"(-?\d+(?:\.\d+)?)(?: ([A-Za-z%]+))?", text)
    if match is None:
        raise ValueError(f"expected a number and its unit, as in '2 s', got {text!r}")
    number, unit = match[1], match[2] or ""
    if unit in DURATIONS:
        return round(float(number) * DURATIONS[unit]), "s"
    return float(number) if unit or "." in number else int(number), unit


def _in_unit(text: str) -> tuple[float, str]:
    number, unit = parse(text)
    return number / S if unit == "s" else float(number), unit


class _Manuals(_Entry):
    manual: tuple[Manual, ...]


class _Clauses(_Entry):
    manual: Text
    clause: tuple[Clause, ...]


class _Procedures(_Entry):
    procedure: tuple[Procedure, ...]


class _Limits(_Entry):
    limit: tuple[Limit, ...]


@dataclass(frozen=True)
class Catalogue:
    """Everything by its id, in the order of the files."""

    manuals: dict[str, Manual]
    clauses: dict[str, Clause]
    procedures: dict[str, Procedure]
    limits: dict[str, Limit]

    def clause(self, clause: str) -> Clause:
        """The clause, or `CatalogueError` with the nearest one."""
        return _known("clause", clause, self.clauses)

    def procedure(self, procedure: str) -> Procedure:
        """The procedure, or `CatalogueError` with the nearest one."""
        return _known("procedure", procedure, self.procedures)

    def limit(self, limit: str) -> Limit:
        """The limit, or `CatalogueError` with the nearest one."""
        return _known("limit", limit, self.limits)

    def procedure_of(self, clause: str) -> Procedure:
        """The first procedure that lists `clause`."""
        self.clause(clause)
        return next(each for each in self.procedures.values() if clause in each.clauses)


@cache
def load(folder: Path = FOLDER) -> Catalogue:
    """The catalogue in `folder`, once a process. Raises `CatalogueError`, its message `file:line: ...`."""
    manuals_file, procedures_file, limits_file = (
        folder / f"{name}.toml" for name in ("manuals", "procedures", "limits")
    )
    clause_files = sorted((folder / "clauses").glob("*.toml"))
    manuals = _by_id(manuals_file, read_toml(manuals_file, _Manuals, CatalogueError).manual, "manual")
    clauses: dict[str, Clause] = {}
    for file in clause_files:
        told = read_toml(file, _Clauses, CatalogueError)
        mine = [clause.model_copy(update={"manual": clause.manual or told.manual}) for clause in told.clause]
        clauses |= _by_id(file, mine, "clause", clauses)
        for number, clause in enumerate(mine):
            _check_chapter(file, "clause", number, clause, manuals)
            _check_language(file, clause, manuals)
    procedures = _by_id(procedures_file, read_toml(procedures_file, _Procedures, CatalogueError).procedure, "procedure")
    for number, procedure in enumerate(procedures.values()):
        _check_chapter(procedures_file, "procedure", number, procedure, manuals)
        _check_language(procedures_file, procedure, manuals)
        for clause_id in procedure.clauses:
            _refer(procedures_file, ("procedure", number, "clauses"), clause_id, clauses)
    listed = {clause for procedure in procedures.values() for clause in procedure.clauses}
    for clause_id in clauses.keys() - listed:
        raise CatalogueError(
            f"{procedures_file}:1: no procedure lists clause {clause_id}: add it to the one that it belongs to"
        )
    limits = _by_id(limits_file, read_toml(limits_file, _Limits, CatalogueError).limit, "limit")
    for number, limit_ in enumerate(limits.values()):
        _refer(limits_file, ("limit", number, "clause"), limit_.clause, clauses)
    return Catalogue(manuals, clauses, procedures, dict(_resolved(limits_file, limits)))


def limit(name: str) -> int:
    """The number of a limit in ns, or a count. Raises `CatalogueError` for one in another unit."""
    found = load().limit(name)
    if isinstance(found.number, int):
        return found.number
    raise CatalogueError(
        f"limit {name} is {found.number} {found.unit}, neither a duration nor a count: ask load().limit({name!r})"
    )


Named = TypeVar("Named", Manual, Clause, Procedure, Limit)


def _by_id(file: Path, entries: Iterable[Named], kind: str, others: dict[str, Any] | None = None) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for number, entry in enumerate(entries):
        if entry.id in found or entry.id in (others or {}):
            _complain(file, (kind, number, "id"), f"two entries have the id {entry.id!r}: each {kind} needs its own")
        found[entry.id] = entry
    return found


def _check_language(file: Path, entry: Clause | Procedure, manuals: dict[str, Manual]) -> None:
    """What a manual in French promises is told in French as well."""
    if manuals[entry.manual].language == "fr" and not (entry.text and entry.title_fr and entry.text_fr):
        told = "title, text, title_fr and text_fr"
        raise CatalogueError(f"{file}:1: {entry.id} is of a manual in French: expected {told}")


def _check_chapter(file: Path, kind: str, number: int, entry: Clause | Procedure, manuals: dict[str, Manual]) -> None:
    _refer(file, (kind, number, "manual"), entry.manual, manuals)
    chapters = manuals[entry.manual].chapters
    if entry.chapter not in chapters:
        _complain(
            file, (kind, number, "chapter"), f"unknown chapter {entry.chapter!r}{nearest(entry.chapter, chapters)}"
        )


def _refer(file: Path, place: tuple[str | int, ...], name: str, known: dict[str, Any]) -> None:
    if name not in known:
        _complain(file, place, f"unknown {str(place[-1]).removesuffix('s')} {name!r}{nearest(name, list(known))}")


def _resolved(file: Path, limits: dict[str, Limit]) -> Iterator[tuple[str, Limit]]:
    """Limits with `below` as a number, where it was another limit's id."""
    for number, (name, entry) in enumerate(limits.items()):
        below = entry.below
        if below in limits:
            below = limits[below].value
        elif below is not None and not re.match(r"[\d.]", below):
            _refer(file, ("limit", number, "below"), below, limits)
        yield name, entry.model_copy(update={"below": below})


def _complain(file: Path, place: tuple[str | int, ...], text: str) -> None:
    lines = find_lines(read_text(file, CatalogueError)[0])
    raise CatalogueError(f"{file}:{lines.of(place)}: {text}")


def _known(kind: str, name: str, known: dict[str, Named]) -> Named:
    if name not in known:
        raise CatalogueError(f"the catalogue has no {kind} {name!r}{nearest(name, list(known))}")
    return known[name]
