"""The bench file that reaches a served bench: that of the emulated bench, its wires led to the served addresses."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

HEADING = """\
# The emulated car, laboratory and world outside, served by `hil serve`: the same bench behind real wires, on the wall
# clock. `hil serve` prints this file; docs/served-bench.md tells what stands behind each port.
"""

Table = tuple[str, list[str]]
"""A table's name, and its lines with the heading."""


def served_file(
    source: str, addresses: Mapping[str, str], ecus: Collection[str], *, more: str = "", token_file: Path | None = None
) -> str:
    """The text of bench file `source`, with the wires at `addresses` and the ECUs that are served.

    Where an ECU is missing, those served are real to the harness, and it plays the missing ones. Tables that only the
    bench file `more` has are taken from there, such as what to run on the wall clock.
    """
    tables = _tables(source)
    tables += [(name, lines) for name, lines in _tables(more) if name not in dict(tables)]
    there = [name for name, _lines in tables]
    known = [line.partition("=")[0].strip() for line in _lines_of(tables, "ecu") if "=" in line]
    complete = set(known) <= set(ecus)
    changes = _changes(addresses, token_file)
    if not complete:
        changes["ecu"] = {ecu: '"real"' if ecu in ecus else '"emulated"' for ecu in known}
        for name in there:
            if name.startswith("can."):
                changes[name]["restbus"] = '"harness"'
    gone = {name for name in there if name.startswith("serial.") and name not in addresses}
    gone |= set() if complete else {"run"}  # what runs on a whole car
    parts = ["\n".join(_changed(lines, changes.get(name, {}))) for name, lines in tables if name not in gone]
    return HEADING + "\n" + "\n\n".join(parts) + "\n"


def _changes(addresses: Mapping[str, str], token_file: Path | None) -> dict[str, dict[str, str]]:
    """Table -> key -> value as TOML."""
    changes: dict[str, dict[str, str]] = {
        "bench": {"name": '"served"', "clock": '"wall"'},
        "visa": {"backend": '"@py"'},
    }
    for name, address in addresses.items():
        kind, _, part = name.partition(".")
        if kind == "can":
            host, _, port = address.rpartition(":")
            options = f'{{ host = "{host}", port = {port} }}'
            changes[name] = {"interface": '"socketcand"', "channel": f'"{part}"', "options": options}
        elif kind == "offboard":
            changes[name] = {"url": f'"{address}"'}
            if token_file is not None:
                changes[name]["token_file"] = f'"{token_file.absolute()}"'
        elif kind in {"serial", "instrument"}:
            changes[name] = {"url" if kind == "serial" else "resource": f'"{address}"'}
    return changes


def _tables(source: str) -> list[Table]:
    """The tables in their order; what stands before the first is left out."""
    tables: list[Table] = []
    for line in source.splitlines():
        if found := re.match(r"\[([\w.]+)\]", line):
            tables.append((found[1], [line]))
        elif tables:
            tables[-1][1].append(line)
    for _name, lines in tables:
        while not lines[-1].strip():
            del lines[-1]
    return tables


def _lines_of(tables: list[Table], wanted: str) -> list[str]:
    return next((lines for name, lines in tables if name == wanted), [])


def _changed(lines: list[str], values: Mapping[str, str]) -> list[str]:
    """The lines of a table with other values; what it has not is added."""
    left = dict(values)
    changed = []
    for line in lines:
        key = line.partition("=")[0].strip()
        changed.append(f"{key} = {left.pop(key)}" if key in left else line)
    return changed + [f"{key} = {value}" for key, value in left.items()]
