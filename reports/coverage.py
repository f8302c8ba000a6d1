"""Clause by clause: which tests claim it, which seeded fault proves them, or why it does not count (all clauses)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from harness.catalogue import Catalogue
from harness.errors import CatalogueError
from reports.claims import Claim

INSPECTION = "advice"
"""The kind of clause that no bench can fail: covered by inspection, with the catalogue's reason."""


class State(StrEnum):
    """What can be said of a clause."""

    PROVED = "proved"
    """Tests claim it, and a seeded fault that breaks it was noticed by one of them."""
    CLAIMED = "claimed"
    """Tests claim it, but no fault has shown that they would notice."""
    INSPECTION = "by inspection"
    OPEN = "not covered yet"


@dataclass(frozen=True)
class Proof:
    """What became of one seeded fault in the last `hil qualify`."""

    fault: str
    breaks: str
    story: str
    killed_by: tuple[str, ...]
    """Tests of the clause it breaks that failed because of it; empty: it survived."""
    ran: int = 0
    """How many tests of the clause ran against it."""
    note: str = ""


@dataclass(frozen=True)
class Qualification:
    """The last `hil qualify`, as `out/qualify.json` keeps it."""

    proofs: tuple[Proof, ...] = ()
    sources: str = ""
    """Digest of the sources it was made from (`hil.sources`)."""

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read it; an empty one where there is none yet."""
        if not file.exists():
            return cls()
        whole = json.loads(file.read_text(encoding="utf-8"))
        proofs = (Proof(**proof | {"killed_by": tuple(proof["killed_by"])}) for proof in whole["proofs"])
        return cls(tuple(proofs), whole["sources"])

    def renewed(self, proofs: Sequence[Proof], sources: str) -> Self:
        """With `proofs`, made from `sources`; earlier ones of other faults stay where they are of the same sources."""
        tried = {proof.fault for proof in proofs}
        kept = [proof for proof in self.proofs if self.sources == sources and proof.fault not in tried]
        return type(self)(tuple(sorted([*kept, *proofs], key=lambda proof: (proof.breaks, proof.fault))), sources)

    def save(self, file: Path) -> None:
        """Write it, and the folder where it is missing."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Row:
    """One clause of the coverage table."""

    id: str
    title: str
    kind: str
    manual: str
    state: State
    covered_by: tuple[Claim, ...]
    proved_by: tuple[str, ...]
    why_not: str

    def as_json(self) -> dict[str, Any]:
        """The row as `hil coverage --json` prints it; `covered` only where a fault proves it."""
        plain = {
            name: getattr(self, name) for name in ("id", "title", "kind", "manual", "state", "proved_by", "why_not")
        }
        return plain | {
            "covered": self.state is State.PROVED,
            "covered_by": [
                {"test": claim.test, "procedures": [named for named in claim.procedures if named]}
                for claim in self.covered_by
            ],
        }


def coverage(catalogue: Catalogue, claims: Sequence[Claim], proofs: Iterable[Proof]) -> list[Row]:
    """A row for every clause of the catalogue, in its order; `CatalogueError` for a test that names an unknown one."""
    for claim in claims:
        for clause in claim.clauses:
            if clause not in catalogue.clauses:
                raise CatalogueError(
                    f"{claim.file}:{claim.line}: {claim.name} names clause {clause}, which is not in the catalogue"
                )
    proofs = list(proofs)
    return [_row(catalogue, clause, claims, proofs) for clause in catalogue.clauses]


def _row(catalogue: Catalogue, clause_id: str, claims: Sequence[Claim], proofs: Sequence[Proof]) -> Row:
    clause = catalogue.clauses[clause_id]
    mine = tuple(claim for claim in claims if clause_id in claim.clauses)
    tried = [proof for proof in proofs if proof.breaks == clause_id]
    killed = tuple(proof.fault for proof in tried if proof.killed_by)
    survivors = [proof.fault for proof in tried if not proof.killed_by]
    if clause.kind == INSPECTION:
        state, why_not = State.INSPECTION, clause.reason or "nothing that a bench can fail"
    elif mine and killed and not survivors:
        state, why_not = State.PROVED, ""
    elif mine and survivors:
        state, why_not = State.CLAIMED, f"survived: {', '.join(survivors)}"
    elif mine:
        state, why_not = State.CLAIMED, "no seeded fault has tried its tests; run `hil qualify`"
    else:
        state, why_not = State.OPEN, "no procedure names it"
    return Row(clause_id, clause.title, clause.kind, clause.manual, state, mine, killed, why_not)
