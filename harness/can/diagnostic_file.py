"""The file that says how ECUs are diagnosed: who answers where, sessions, routines, and what trouble codes mean."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from harness.errors import BenchError
from harness.toml_file import read_toml


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Dtc(_Table):
    code: Annotated[int, Field(ge=1, le=0xFFFFFF)]
    text: str


class _Routine(_Table):
    name: str
    session: Literal["default", "extended"] = "default"
    security: bool = False
    option: str = ""


class _Ecu(_Table):
    node: str
    request: Annotated[int, Field(ge=0, le=0x7FF)]
    response: Annotated[int, Field(ge=0, le=0x7FF)]
    security_mask: int | None = None
    did: dict[str, str | int] = Field(default_factory=dict)
    live_did: dict[str, str] = Field(default_factory=dict)
    dtc: dict[str, _Dtc] = Field(default_factory=dict)
    routine: dict[str, _Routine] = Field(default_factory=dict)


class _Did(_Table):
    name: str
    length: int


class _Timing(_Table):
    p2: int
    p2_extended: int
    s3: int


class DiagnosticFile(_Table):
    """`diagnostics.toml`: who answers where, and what the trouble codes mean."""

    vin: str = ""
    functional: int = 0x7DF
    padding: int = 0xAA
    timing: _Timing
    sessions: dict[str, int]
    did: dict[str, _Did] = Field(default_factory=dict)
    ecu: dict[str, _Ecu]


@cache
def load_diagnostics(path: Path) -> DiagnosticFile:
    """The diagnostic file at `path`. Raises `BenchError` with file and line."""
    return read_toml(path, DiagnosticFile, BenchError)
