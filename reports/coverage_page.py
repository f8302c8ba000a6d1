"""The coverage page: every clause of every manual on one static HTML page, without scripts, readable offline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from harness.catalogue import Catalogue
from harness.promises import Clause
from reports.coverage import Row, State
from reports.results import Result

STYLE = """
:root { --ink: #1f2430; --faint: #667085; --rule: #e4e7ec; --page: #f6f7f9; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 36px 0 10px; }
p.lead { color: var(--faint); margin: 0 0 20px; max-width: 75ch; }
.counts { display: flex; gap: 12px; flex-wrap: wrap; }
.counts div { background: white; border: 1px solid var(--rule); border-radius: 8px; padding: 10px 18px; }
.counts b { display: block; font-size: 26px; line-height: 1.2; }
table { width: 100%; border-collapse: collapse; background: white; border: 1px solid var(--rule); }
th { text-align: left; font-weight: 600; color: var(--faint); font-size: 13px; }
th, td { padding: 9px 12px; border-bottom: 1px solid var(--rule); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
tr:target td { background: #fff8db; }
td:nth-child(2) { width: 36%; } td.id { font-weight: 600; white-space: nowrap; } td.kind, .none { color: var(--faint); }
.state { border-radius: 20px; padding: 2px 10px; font-size: 13px; white-space: nowrap; }
.proved { background: #d3f9d8; color: #1b5e20; } .claimed { background: #fff3bf; color: #7a4b00; }
.inspection { background: #dbe4ff; color: #233a8b; } .open { background: #f1f3f5; color: #495057; }
details summary { cursor: pointer; } ul { margin: 4px 0; padding-left: 18px; } a { color: #1864ab; }
[lang=fr] { display: block; color: var(--faint); font-size: 13px; }
.failed::after { content: " failed"; color: #c92a2a; } .broken::after { content: " broken"; color: #ae3ec9; }
code { font-size: 13px; }
"""

CLASSES = {State.PROVED: "proved", State.CLAIMED: "claimed", State.INSPECTION: "inspection", State.OPEN: "open"}
WORDS = {
    State.PROVED: "covered, and a seeded fault proves it",
    State.CLAIMED: "covered by procedures, not proved",
    State.INSPECTION: "covered by inspection",
    State.OPEN: "not covered yet",
}


def page(rows: Sequence[Row], catalogue: Catalogue, results: Sequence[Result], *, report: str = "index.html") -> str:
    """The page; tests link to their place in `report`, or are plain text where that is empty."""
    by_clause: dict[str, list[Result]] = {}
    for result in results:
        for clause in result.clauses:
            by_clause.setdefault(clause, []).append(result)
    counts = "".join(
        f"<div><b>{sum(row.state is state for row in rows)}</b>{words}</div>" for state, words in WORDS.items()
    )
    back = f'<p><a href="{escape(report)}">Back to the report</a></p>' if report else ""
    manuals = "".join(
        f"<h2>{escape(manual.title)}</h2>{_table([r for r in rows if r.manual == name], by_clause, report, catalogue)}"
        for name, manual in catalogue.manuals.items()
        if any(row.manual == name for row in rows)
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Coverage</title>'
        f"<style>{STYLE}</style></head><body><main>{back}<h1>Coverage of {len(rows)} clauses</h1>"
        '<p class="lead">A clause counts as covered when a procedure that names it was seen to fail on a car that '
        f'breaks it.</p><div class="counts">{counts}</div>{manuals}</main></body></html>\n'
    )


def _table(rows: Sequence[Row], results: Mapping[str, Sequence[Result]], report: str, catalogue: Catalogue) -> str:
    head = "".join(f"<th>{word}</th>" for word in ("clause", "what is promised", "kind", "state", "tests", "proved by"))
    body = "".join(_row(row, results.get(row.id, ()), report, catalogue.clauses[row.id]) for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(row: Row, results: Sequence[Result], report: str, clause: Clause) -> str:
    french = (
        f'<span lang="fr"><b>{escape(clause.title_fr)}.</b> {escape(clause.text_fr)}</span>' if clause.title_fr else ""
    )
    proved = "<br>".join(f"<code>{escape(fault)}</code>" for fault in row.proved_by)
    told = "<br>".join(filter(None, [row.why_not and _none(row.why_not), proved]))
    return (
        f'<tr id="{row.id}" class="clause"><td class="id">{row.id}</td><td>{escape(row.title)}{french}</td>'
        f'<td class="kind">{row.kind}</td><td><span class="state {CLASSES[row.state]}">{row.state}</span></td>'
        f"<td>{_tests(row, results, report)}</td><td>{told}</td></tr>"
    )


def _tests(row: Row, results: Sequence[Result], report: str) -> str:
    """The clause's tests of this run, or those that claim it where the run left them out."""
    if results:
        items = "".join(f"<li>{_link(result, report)}</li>" for result in results)
        red = sum(result.status != "passed" for result in results)
        words = f"{len(results)} in this run" + (f", {red} not passed" if red else "")
        return f"<details><summary>{words}</summary><ul>{items}</ul></details>"
    return _none(f"{len(row.covered_by)}, none in this run" if row.covered_by else "none")


def _link(result: Result, report: str) -> str:
    name = escape(result.name)
    if not report:
        return f'<span class="{result.status}">{name}</span>'
    return f'<a class="{result.status}" href="{escape(report)}#{result.anchor}">{name}</a>'


def _none(words: str) -> str:
    return f'<span class="none">{escape(words)}</span>'
