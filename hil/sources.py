"""Where the project stands on disk, and a digest of what a qualification depends on."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The project's folder: catalogue, vehicle data and both suites stand beside the `hil` package."""

RESULTS_VARIABLE = "CONNECT_HIL_RESULTS"
"""Environment variable: the folder that runs are kept in, where it is not `out` of the project."""
OUT = Path(os.environ.get(RESULTS_VARIABLE) or ROOT / "out").resolve()
LAST = OUT / "last"
"""A link to the newest run."""

QUALIFY = OUT / "qualify.json"
NOTICED = ROOT / "hil" / "noticed.toml"

JUDGED = ("catalogue", "emulation", "fixtures", "harness", "instruments", "procedures", "robot", "vehicle")
SUFFIXES = {".py", ".robot", ".resource", ".toml", ".dbc", ".asn"}


def digest(root: Path = ROOT) -> str:
    """SHA-256 over everything that decides whether a fault is noticed; another digest means: qualify again."""
    sha = hashlib.sha256()
    for folder in JUDGED:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix in SUFFIXES:
                sha.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    return sha.hexdigest()
