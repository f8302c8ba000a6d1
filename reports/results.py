"""Allure's raw results, put right before the report is made: whose fault a failure is, where a test stands, evidence.

pytest's adapter calls only an assertion "failed"; Robot's calls everything so. A test without a place gets it from the
catalogue: epic = manual, feature = chapter, story = procedure, tags = clauses.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from harness.catalogue import Catalogue
from harness.promises import Procedure
from reports.claims import PROCEDURE_TAG
from reports.journal import Outcome, outcome_of_message

PICTURE, TABLE = "Timeline", "Measurements"
"""The names under which `reports.evidence` attaches what a test's page shows at once."""

DISPLAY = "Display "
"""And how the names of pictures of a display begin; a test's page shows the last `SHOWN` of them."""
SHOWN = 6

BEHAVIOUR = ("epic", "feature", "story")


@dataclass(frozen=True)
class Result:
    """One result as the report shows it: `anchor` is its address in the report, `index.html#<anchor>`."""

    anchor: str
    name: str
    status: str
    clauses: tuple[str, ...]


def put_right(folder: Path, catalogue: Catalogue, bench: str = "") -> list[Result]:
    """Correct every `*-result.json` of `folder` in place, and list them. Doing it twice changes nothing more.

    Of a test that ran again the last attempt is listed; Allure shows the others behind it, as retries.
    Allure tells the results of two benches apart only by a parameter: each gets `bench` where it has none.
    """
    return sorted(_put_right(folder, catalogue, bench), key=lambda result: result.name)


def _put_right(folder: Path, catalogue: Catalogue, bench: str) -> Iterator[Result]:
    in_fixtures = _evidence_in_fixtures(folder)
    earlier = _earlier_attempts(folder)
    for file in sorted(folder.glob("*-result.json")):
        result = json.loads(file.read_text(encoding="utf-8"))
        labels = list(result.get("labels", ()))
        if ("framework", "robotframework") in _pairs(labels):
            _blame(result)
        tags = [value for name, value in _pairs(labels) if name == "tag"]
        clauses = tuple(dict.fromkeys(tag for tag in tags if tag in catalogue.clauses))
        procedure = next((tag.removeprefix(PROCEDURE_TAG) for tag in tags if tag.startswith(PROCEDURE_TAG)), "")
        labels = [
            label for label in labels if not (label["name"] == "tag" and label["value"].startswith(PROCEDURE_TAG))
        ]
        have = {name for name, _ in _pairs(labels)}
        places = _places(catalogue, procedure, clauses)
        labels += [{"name": name, "value": places[name]} for name in BEHAVIOUR if name in places and name not in have]
        result["labels"] = labels
        if bench and not any(parameter["name"] == "bench" for parameter in result.get("parameters", ())):
            result["parameters"] = [*result.get("parameters", ()), {"name": "bench", "value": repr(bench)}]
        evidence = in_fixtures.get(result["uuid"], {}) | _evidence(result)
        told = _told(_procedure(catalogue, procedure, clauses))
        if evidence or told:
            result["descriptionHtml"] = told + _shown(folder, evidence, result.get("description", ""))
        file.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
        if result["uuid"] in earlier:
            continue
        yield Result(_anchor(result), result["name"], result["status"], clauses)


def _earlier_attempts(folder: Path) -> set[str]:
    """Results (their uuid) after which the same test ran again: Allure knows it by its history."""
    attempts: dict[str, list[tuple[int, str]]] = {}
    for file in folder.glob("*-result.json"):
        result = json.loads(file.read_text(encoding="utf-8"))
        if result.get("historyId"):
            attempts.setdefault(result["historyId"], []).append((result.get("start", 0), result["uuid"]))
    return {uuid for found in attempts.values() for _start, uuid in sorted(found)[:-1]}


def _pairs(labels: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    return [(label["name"], label["value"]) for label in labels]


def _blame(result: dict[str, Any]) -> None:
    """Robot's "failed" becomes "broken" where the message says that it was not the car."""
    message = result.get("statusDetails", {}).get("message", "")
    if result["status"] == "failed" and outcome_of_message(message) is not Outcome.FAILED:
        result["status"] = "broken"


def _procedure(catalogue: Catalogue, procedure: str, clauses: tuple[str, ...]) -> Procedure | None:
    """The procedure that a test names, else that of its first clause."""
    if procedure in catalogue.procedures:
        return catalogue.procedures[procedure]
    return catalogue.procedure_of(clauses[0]) if clauses else None


def _places(catalogue: Catalogue, procedure: str, clauses: tuple[str, ...]) -> dict[str, str]:
    """Epic, feature and story of a test."""
    found = _procedure(catalogue, procedure, clauses)
    if found is None:
        return {}
    return {"epic": catalogue.manuals[found.manual].title, "feature": found.chapter, "story": found.story}


def _told(procedure: Procedure | None) -> str:
    """What the manual has its reader do, in its own language beside English."""
    if procedure is None or not procedure.text:
        return ""
    french = f'<p lang="fr"><i>{escape(procedure.text_fr)}</i></p>' if procedure.text_fr else ""
    return f"<p>{escape(procedure.text)}</p>{french}"


def _evidence_in_fixtures(folder: Path) -> dict[str, dict[str, str]]:
    """Result (its uuid) -> evidence that a fixture attached: Allure keeps that apart, in a *container*."""
    found: dict[str, dict[str, str]] = {}
    for file in folder.glob("*-container.json"):
        container = json.loads(file.read_text(encoding="utf-8"))
        for fixture in [*container.get("befores", ()), *container.get("afters", ())]:
            for child in container.get("children", ()):
                found[child] = found.get(child, {}) | _evidence(fixture)
    return found


def _evidence(step: Mapping[str, Any]) -> dict[str, str]:
    """Name of the evidence -> its file, as attached to `step` or to one of the steps within."""
    found: dict[str, str] = {}
    for inner in step.get("steps", ()):
        found |= _evidence(inner)
    attached = ((a["name"], a["source"]) for a in step.get("attachments", ()))
    return found | {name: source for name, source in attached if name in {PICTURE, TABLE} or name.startswith(DISPLAY)}


def _shown(folder: Path, evidence: Mapping[str, str], words: str) -> str:
    """The description of a test with its evidence in it: seen at once, where an attachment waits to be opened."""
    html = f"<p>{escape(words)}</p>"
    if PICTURE in evidence:
        code = base64.b64encode((folder / evidence[PICTURE]).read_bytes()).decode()
        html += f'<img alt="{PICTURE}" style="max-width: 100%" src="data:image/svg+xml;base64,{code}">'
    for name in [name for name in evidence if name.startswith(DISPLAY)][-SHOWN:]:
        code = base64.b64encode((folder / evidence[name]).read_bytes()).decode()
        html += f'<img alt="{escape(name)}" style="max-width: 32%; margin: 4px" src="data:image/png;base64,{code}">'
    if TABLE in evidence:
        found = re.search(r"<table>.*</table>", (folder / evidence[TABLE]).read_text(encoding="utf-8"), re.DOTALL)
        html += found.group() if found else ""
    return html


def _anchor(result: Mapping[str, Any]) -> str:
    """Allure 3 names a result by the MD5 of its uuid."""
    return hashlib.md5(result["uuid"].encode(), usedforsecurity=False).hexdigest()
