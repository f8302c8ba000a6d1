"""Which tests a command means: by clause, procedure, manual and suite; every word that matches nothing is an error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from harness.bench import BenchFile
from harness.catalogue import Catalogue
from hil.errors import UsageError, nearest
from reports.claims import Claim


@dataclass(frozen=True)
class Wanted:
    """What the user asked for; empty means all."""

    clauses: Sequence[str] = field(default=())
    procedures: Sequence[str] = field(default=())
    manuals: Sequence[str] = field(default=())
    suites: Sequence[str] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.clauses or self.procedures or self.manuals or self.suites)


def select(claims: Sequence[Claim], wanted: Wanted, catalogue: Catalogue) -> list[Claim]:
    """The claims that match every kind of wish; `UsageError` where a word is unknown or nothing is left."""
    clauses = [clause.upper() for clause in wanted.clauses]
    _known("clause", clauses, catalogue.clauses)
    _known("manual", wanted.manuals, catalogue.manuals)
    _known("procedure", wanted.procedures, {*catalogue.procedures, *(claim.name for claim in claims)})

    def of_manual(claim: Claim) -> bool:
        told = {catalogue.clauses[clause].manual for clause in claim.clauses if clause in catalogue.clauses}
        told |= {catalogue.procedure(place).manual for place in places(claim, catalogue)}
        return not told.isdisjoint(wanted.manuals)

    rules: list[tuple[Sequence[str], Callable[[Claim], bool]]] = [
        (clauses, lambda claim: not set(clauses).isdisjoint(claim.clauses)),
        (wanted.procedures, lambda claim: not {*places(claim, catalogue), claim.name}.isdisjoint(wanted.procedures)),
        (wanted.manuals, of_manual),
        (wanted.suites, lambda claim: claim.suite in wanted.suites),
    ]
    found = [claim for claim in claims if all(rule(claim) for words, rule in rules if words)]
    if not found:
        asked = ", ".join(word for words, _ in rules for word in words) or "everything"
        raise UsageError(f"no test of {len(claims)} matches {asked}; `hil coverage` shows which clause has which tests")
    return found


def split(claims: Iterable[Claim], longest: int) -> tuple[list[Claim], list[Claim]]:
    """Those that last at most `longest` ns by their own word, and the others."""
    fitting, longer = list[Claim](), list[Claim]()
    for claim in claims:
        (fitting if claim.lasts <= longest else longer).append(claim)
    return fitting, longer


def chosen_by(file: BenchFile, claims: Sequence[Claim], catalogue: Catalogue) -> list[Claim]:
    """What the `[run]` table of a bench file names, each test once; `UsageError` where a name is unknown."""
    try:
        _known("procedure", file.run.procedures, catalogue.procedures)
        _known("test", (_plain(name) for name in file.run.tests), [claim.name for claim in claims])
    except UsageError as error:
        raise UsageError(f"{file.path}: [run]: {error}") from None
    whole = [claim for claim in claims if not places(claim, catalogue).isdisjoint(file.run.procedures)]
    found = {claim.test: claim for claim in whole}
    for name in file.run.tests:
        claim = next(each for each in claims if each.name == _plain(name))
        if claim.test not in found:
            case = claim.test + name.removeprefix(claim.name)
            found[case] = replace(claim, test=case)
    return list(found.values())


def _plain(name: str) -> str:
    """The name of a test without the parameters of one of its cases."""
    return name.partition("[")[0]


def places(claim: Claim, catalogue: Catalogue) -> set[str]:
    """The procedures that a test belongs to: those it names, else that of its first clause; none without either."""
    first = next((clause for clause in claim.clauses if clause in catalogue.clauses), None)
    default = catalogue.procedure_of(first).id if first else ""
    return {named or default for named in claim.procedures} - {""}


def _known(kind: str, words: Iterable[str], known: Iterable[str]) -> None:
    known = sorted(known)
    for word in words:
        if word not in known:
            raise UsageError(f"there is no {kind} {word!r}{nearest(word, known) or ': known are ' + ', '.join(known)}")
