"""The evidence of one test, attached to its Allure result: what was seen, what was measured, on failure the raw logs.

Works the same inside pytest and Robot Framework, because both adapters take attachments through the same hook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10

import allure
from allure_commons.types import AttachmentType

from harness.pictures import Picture
from harness.timeline import Timeline
from reports.lanes import lanes_of
from reports.picture import Span, picture
from reports.results import DISPLAY, PICTURE, TABLE

__all__ = ["Measurement", "Span", "attach_evidence", "measurement_table"]

COVERAGE_FACTOR = 2
"""k of the expanded uncertainty U that tables show: about 95 % (JCGM 100, 6.2)."""

STYLE = """
body { font: 14px/1.5 system-ui, sans-serif; color: #1f2430; margin: 12px; }
table { border-collapse: collapse; }
th, td { padding: 4px 14px 4px 0; text-align: left; border-bottom: 1px solid #e6e9ef; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th { color: #5b6475; font-weight: 600; }
.pass { color: #2b8a3e; } .fail { color: #c92a2a; } .inconclusive { color: #b35c00; }
"""


@dataclass(frozen=True)
class Measurement:
    """A row of the measurement table: a quantity and what was decided about it.

    `u` is the standard uncertainty, in `unit` like `value` and `margin`; `limit` is the limit in words (`>= 2 s`);
    `verdict` is `pass`, `fail`, `inconclusive`, or empty where nothing was decided; `margin` is the distance to the
    limit, positive on the good side.
    """

    name: str
    value: float
    unit: str
    u: float
    limit: str = ""
    verdict: str = ""
    margin: float | None = None


def attach_evidence(
    timeline: Timeline,
    measurements: Sequence[Measurement],
    *,
    title: str,
    failed: bool,
    limits: Sequence[Span] = (),
    logs: Mapping[str, str] | None = None,
    restbus: str = "",
    displays: Sequence[Picture] = (),
) -> None:
    """Attach picture and measurements to the running test, and `logs` (file name -> text) where it `failed`.

    `restbus` says how late the harness's own cyclic frames were, where it sent any on the wall clock; `displays` are
    the pictures that the test took.
    """
    allure.attach(picture(lanes_of(timeline), title=title, limits=limits), PICTURE, AttachmentType.SVG)
    if measurements:
        allure.attach(measurement_table(measurements), TABLE, AttachmentType.HTML)
    for number, taken in enumerate(displays, 1):
        allure.attach(taken.png, f"{DISPLAY}{number}: {taken.page}", AttachmentType.PNG)
    if restbus:
        allure.attach(restbus, "restbus.txt", AttachmentType.TEXT)
    if failed:
        for name, text in (logs or {}).items():
            allure.attach(text or "(empty)", name, AttachmentType.TEXT)


def measurement_table(measurements: Sequence[Measurement]) -> str:
    """An HTML page with one row a measurement, readable without scripts."""
    rows = "".join(_row(measurement) for measurement in measurements)
    head = "".join(f"<th>{word}</th>" for word in ("quantity", "value", "U (k = 2)", "limit", "margin", "verdict"))
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><table><tr>{head}</tr>{rows}</table>"


def _row(m: Measurement) -> str:
    margin = "" if m.margin is None else f"{m.margin:+.6g} {m.unit}"
    value, uncertainty = _rounded(m.value, COVERAGE_FACTOR * m.u)
    return (
        f"<tr><td>{escape(m.name)}</td><td class=number>{value} {escape(m.unit)}</td>"
        f"<td class=number>{uncertainty} {escape(m.unit)}</td><td>{escape(m.limit)}</td>"
        f'<td class=number>{escape(margin)}</td><td class="{escape(m.verdict)}">{escape(m.verdict)}</td></tr>'
    )


def _rounded(value: float, uncertainty: float) -> tuple[str, str]:
    """The uncertainty to two significant digits, the value to the same decimals (JCGM 100, 7.2.6)."""
    if uncertainty <= 0:
        return f"{value:.9g}", "0"
    decimals = max(0, 1 - floor(log10(uncertainty)))
    return f"{value:.{decimals}f}", f"{uncertainty:.{decimals}f}"
