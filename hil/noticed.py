"""Which test noticed each seeded fault last time: the order in which `hil qualify` tries, never a proof."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path

from reports.coverage import Proof

HEADING = """\
# Which test noticed each seeded fault when `hil qualify --remember` was last run. It is tried first, which makes a
# first qualification three times as fast; nothing counts as proved by what stands here.
"""


def load(file: Path) -> dict[str, tuple[str, ...]]:
    """Fault -> the tests to try first; empty where there is no such file."""
    if not file.is_file():
        return {}
    return {fault: (test,) for fault, test in tomllib.loads(file.read_text(encoding="utf-8")).items()}


def save(file: Path, proofs: Iterable[Proof]) -> None:
    """Write down the first test that noticed each fault, without its parameters; faults that survived are left out."""
    noticed = {proof.fault: proof.killed_by[0].partition("[")[0] for proof in proofs if proof.killed_by}
    lines = (f"{fault} = {json.dumps(test, ensure_ascii=False)}\n" for fault, test in sorted(noticed.items()))
    file.write_text(HEADING + "\n" + "".join(lines), encoding="utf-8")
