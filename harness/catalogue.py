"""What the manuals promise: clauses, procedures and limits, read from `catalogue/` and checked against each other.

A limit's number stands in one file and is asked for by name: `limit("sos_hold")` is 2 s in ns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from harness.errors import CatalogueError
from harness.promises import Clause, Entry, Limit, Manual, Procedure, Text
from harness.toml_file import find_lines, nearest, read_text, read_toml

FOLDER = Path(__file__).parents[1] / "catalogue"


class _Manuals(Entry):
    manual: tuple[Manual, ...]


class _Clauses(Entry):
    manual: Text
    clause: tuple[Clause, ...]


class _Procedures(Entry):
    procedure: tuple[Procedure, ...]


class _Limits(Entry):
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
