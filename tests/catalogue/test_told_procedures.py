"""Robot tells the manual's procedures: each once, in the manual's order, below its chapter."""

from pathlib import Path

import pytest

from harness.catalogue import load
from reports.claims import collect

ROOT = Path(__file__).parents[2]
TOLD = [claim for claim in collect(ROOT) if claim.suite == "robot"]
ORDER = list(load().procedures)


@pytest.mark.parametrize("claim", TOLD, ids=lambda claim: claim.name)
def test_a_told_procedure_stands_in_the_catalogue_below_its_chapter(claim):
    (named,) = claim.procedures
    procedure = load().procedure(named)
    assert set(procedure.clauses) <= set(claim.clauses)
    assert procedure.chapter.split()[0] == claim.file.name.split("_")[0]
    assert procedure.manual == claim.file.parent.name.replace("_", "-")


def test_each_is_told_once_and_in_the_manual_s_order():
    for manual in load().manuals:
        told = [named for claim in TOLD for named in claim.procedures if load().procedure(named).manual == manual]
        places = [ORDER.index(named) for named in told]
        assert places == sorted(set(places))
