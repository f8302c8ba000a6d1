"""The car as data, read once a process: what is on its network (`body.dbc`), protected how, diagnosed how."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import cantools
from cantools.database.can import Database, Message

from emulation.ecus.base.e2e import Protection

FILES = Path(__file__).parents[3] / "vehicle"

SignalValue = float | str
"""A physical value, or a name of the signal's value table."""


@cache
def database() -> Database:
    """The messages of network `body`."""
    found = cantools.database.load_file(FILES / "body.dbc")
    assert isinstance(found, Database)  # a DBC never holds diagnostics
    return found


@cache
def message(name: str) -> Message:
    """One message of network `body`. Raises KeyError where there is none of that name."""
    return database().get_message_by_name(name)


@cache
def start_values(name: str) -> tuple[dict[str, SignalValue], bytes]:
    """Start values (GenSigStartValue, 0 where there is none) of a message, and their payload. Not to be changed."""
    found = message(name)
    scaled = {signal.name: signal.raw_to_scaled(signal.raw_initial or 0) for signal in found.signals}
    values = {key: value if isinstance(value, (int, float)) else str(value) for key, value in scaled.items()}
    return values, found.encode(values)


@cache
def protections() -> dict[str, Protection]:
    """E2E protection by message name."""
    entries = tomllib.loads((FILES / "body.e2e.toml").read_text())
    return {name: Protection.of(entry) for name, entry in entries.items()}


@lru_cache(maxsize=8192)
def decode(identifier: int, data: bytes) -> dict[str, SignalValue]:
    """All signals of a frame, names for what has a value table. Shared between callers: not to be changed."""
    found = database().get_message_by_frame_id(identifier)
    signals = found.decode(data)
    assert isinstance(signals, dict)  # only container messages decode to a list
    return {name: value if isinstance(value, (int, float)) else str(value) for name, value in signals.items()}


@dataclass(frozen=True)
class TroubleCode:
    """A trouble code by its `name`: three bytes on the wire, and what a workshop reads."""

    name: str
    code: int
    text: str


@dataclass(frozen=True)
class Routine:
    """A UDS routine and what it asks for before it starts."""

    name: str
    session: str = "default"
    security: bool = False
    option: str = ""


@dataclass(frozen=True)
class Diagnostics:
    """UDS data of one ECU: identifiers on CAN, texts of data identifiers, trouble codes, routines."""

    name: str
    node: str
    request: int
    response: int
    functional: int
    padding: int
    p2_ms: int
    p2_extended_ms: int
    s3_ms: int
    vin: str
    sessions: dict[int, str]
    data: dict[int, str]
    trouble_codes: dict[str, TroubleCode]
    routines: dict[int, Routine]
    security_mask: int | None


@cache
def diagnostics() -> dict[str, Diagnostics]:
    """UDS data of every ECU by node."""
    root = tomllib.loads((FILES / "diagnostics.toml").read_text())
    found = [_diagnostics(name, entry, root) for name, entry in root["ecu"].items()]
    return {entry.node: entry for entry in found}


def _diagnostics(name: str, entry: dict[str, Any], root: dict[str, Any]) -> Diagnostics:
    timing = root["timing"]
    return Diagnostics(
        name=name,
        node=entry["node"],
        request=entry["request"],
        response=entry["response"],
        functional=root["functional"],
        padding=root["padding"],
        p2_ms=timing["p2"],
        p2_extended_ms=timing["p2_extended"],
        s3_ms=timing["s3"],
        vin=root["vin"],
        sessions={number: session for session, number in root["sessions"].items()},
        data={int(key, 16): text for key, text in {"F190": root["vin"], **entry["did"]}.items()},
        trouble_codes={key: TroubleCode(key, **value) for key, value in entry["dtc"].items()},
        routines={int(key, 16): Routine(**value) for key, value in entry.get("routine", {}).items()},
        security_mask=entry.get("security_mask"),
    )
