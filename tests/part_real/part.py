"""A part bench file of `benches/`, led to the ports of a bench that is being served."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.bench import BenchFile, load
from tests.serving import ROOT, Served

ADDRESSES = ("url", "resource", "port")


def bench_of(name: str, served: Served) -> BenchFile:
    """`benches/NAME.toml`, its addresses replaced by those at which `served` listens."""
    text = (ROOT / "benches" / f"{name}.toml").read_text()
    there = dict(_addresses(tomllib.loads(served.file.read_text())))
    for place, default in _addresses(tomllib.loads(text)):
        old, new = (value if isinstance(value, str) else f"port = {value}" for value in (default, there[place]))
        assert old in text, old
        text = text.replace(old, new)
    path = Path(served.file).with_name(f"{name}.toml")
    path.write_text(text)
    return load(path)


def _addresses(table: dict[str, Any], place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _addresses(value, (*place, key))
        elif key in ADDRESSES:
            yield (*place, key), value
