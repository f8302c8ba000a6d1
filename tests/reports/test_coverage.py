"""A clause counts as covered only where a seeded fault proves it."""

from html import unescape
from pathlib import Path

import pytest

from harness import catalogue
from harness.errors import CatalogueError
from reports.claims import Claim
from reports.coverage import Proof, Qualification, State, coverage
from reports.coverage_page import page
from reports.results import Result

KNOWN = catalogue.load()
CLAIM = Claim(
    "procedures/test_sos.py::test_hold", "pytest", Path("procedures/test_sos.py"), 4, ("B-10",), ("sos-call",)
)
KILLED = Proof("EagerConsole", "B-10", "a press of 1.5 s already calls", (CLAIM.test,), 3)
SURVIVED = Proof("LateConsole", "B-10", "a press of 2.5 s is needed", (), 3)


def row(clause, claims=(), proofs=()):
    return next(row for row in coverage(KNOWN, claims, proofs) if row.id == clause)


def test_every_clause_has_a_row():
    assert [row.id for row in coverage(KNOWN, [], [])] == list(KNOWN.clauses)


@pytest.mark.parametrize(
    ("claims", "proofs", "state", "why_not"),
    [
        ([], [], State.OPEN, "no procedure names it"),
        ([CLAIM], [], State.CLAIMED, "no seeded fault has tried its tests; run `hil qualify`"),
        ([CLAIM], [KILLED], State.PROVED, ""),
        ([CLAIM], [KILLED, SURVIVED], State.CLAIMED, "survived: LateConsole"),
        ([], [KILLED], State.OPEN, "no procedure names it"),
    ],
)
def test_state_of_a_clause(claims, proofs, state, why_not):
    found = row("B-10", claims, proofs)
    assert (found.state, found.why_not) == (state, why_not)
    assert found.as_json()["covered"] is (state is State.PROVED)


def test_an_advice_is_covered_by_inspection_with_its_reason():
    advice = next(clause for clause in KNOWN.clauses.values() if clause.kind == "advice")
    assert (row(advice.id).state, row(advice.id).why_not) == (State.INSPECTION, advice.reason)


def test_a_test_that_names_an_unknown_clause_is_an_error_with_its_place():
    claim = Claim("procedures/test_sos.py::test_x", "pytest", Path("procedures/test_sos.py"), 9, ("B-99",))
    with pytest.raises(CatalogueError, match=r"procedures/test_sos\.py:9: test_x names clause B-99"):
        coverage(KNOWN, [claim], [])


def test_a_qualification_is_read_as_it_was_saved(tmp_path):
    saved = Qualification((KILLED, SURVIVED), "digest")
    saved.save(tmp_path / "out" / "qualify.json")
    assert Qualification.load(tmp_path / "out" / "qualify.json") == saved
    assert Qualification.load(tmp_path / "none.json") == Qualification()


def test_a_renewed_qualification_keeps_only_proofs_of_the_same_sources():
    last = Qualification((KILLED, SURVIVED), "then")
    mended = Proof("LateConsole", "B-10", "a press of 2.5 s is needed", (CLAIM.test,), 3)
    assert last.renewed([mended], "then").proofs == (KILLED, mended)
    assert last.renewed([mended], "now") == Qualification((mended,), "now")


def test_the_page_shows_every_clause_and_links_to_its_tests():
    rows = coverage(KNOWN, [CLAIM], [KILLED])
    html = page(rows, KNOWN, [Result("0a1b", "Holding <SOS>", "failed", ("B-10",))])
    assert html.count('class="clause"') == len(KNOWN.clauses)
    assert '<a class="failed" href="index.html#0a1b">Holding &lt;SOS&gt;</a>' in html
    assert "1 in this run, 1 not passed" in html
    assert "<code>EagerConsole</code>" in html
    assert "<script" not in html


def test_the_page_without_a_report_links_nowhere():
    html = page(coverage(KNOWN, [CLAIM], []), KNOWN, [Result("0a1b", "Holding SOS", "passed", ("B-10",))], report="")
    assert "href" not in html


def test_the_page_tells_a_french_clause_in_both_languages():
    html = unescape(page(coverage(KNOWN, [], []), KNOWN, []))
    clause = KNOWN.clauses["C-15"]
    assert f"{clause.title}<span" in html
    assert f'<span lang="fr"><b>{clause.title_fr}.</b> {clause.text_fr}</span>' in html
    assert html.count('lang="fr"') == sum(clause.manual == "plug-and-charge" for clause in KNOWN.clauses.values())
