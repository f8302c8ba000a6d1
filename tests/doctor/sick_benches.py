"""Bench files with one thing wrong, made from the emulated bench's, and what the doctor finds of them."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.bench.doctor import examine
from harness.bench.doctor_findings import Finding, Level

ROOT = Path(__file__).parents[2]
EMULATED = (ROOT / "benches/emulated.toml").read_text()
DATABASE = (ROOT / "vehicle/body.dbc").read_text()


@contextmanager
def folder() -> Iterator[Path]:
    """A folder below this checkout, so that a bench file in it finds the car's data."""
    (ROOT / "out").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="doctor-", dir=ROOT / "out") as path:
        yield Path(path)


def changed(text: str, *changes: tuple[str, str]) -> str:
    """`text` with each first occurrence replaced; what is not there is a mistake of the test."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def findings_of(*changes: tuple[str, str], files: dict[str, str] | None = None, **options) -> list[Finding]:
    """What the doctor finds of the emulated bench, changed; `files` lie beside it."""
    with folder() as place:
        for name, text in (files or {}).items():
            (place / name).write_text(text)
        path = place / "sick.toml"
        path.write_text(changed(EMULATED, *changes))
        return examine(path, **options)


def complaints(findings: list[Finding]) -> list[Finding]:
    """All that is not well."""
    return [finding for finding in findings if finding.level is not Level.OK]


def named(findings: list[Finding], subject: str, check: str) -> Finding:
    """The complaint about one thing; the test fails where there is none."""
    found = [finding for finding in complaints(findings) if (finding.subject, finding.check) == (subject, check)]
    assert found, f"no complaint {subject} {check} among {complaints(findings)}"
    return found[0]


def shifted_identifiers(database: str, by: int = 0x100) -> str:
    """Another car's database: the same messages under other identifiers."""
    pattern = r"^((?:BO_|VAL_|SIG_GROUP_|BO_TX_BU_|SIG_VALTYPE_) |CM_ (?:BO_|SG_) |BA_ \"\w+\" (?:BO_|SG_) )(\d+)"
    return re.sub(pattern, lambda found: f"{found[1]}{int(found[2]) + by}", database, flags=re.MULTILINE)
