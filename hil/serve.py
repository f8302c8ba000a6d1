"""`hil serve`: the emulated bench in a process of its own, behind real wires, and the bench file that reaches it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

import harness.bench
from harness.errors import BenchError
from harness.plugins import plugins
from hil.errors import UsageError
from hil.sources import ROOT

HEADING = """\
# The emulated car, laboratory and world outside, served by `hil serve`: the same bench behind real wires, on the wall
# clock. `hil serve` prints this file; docs/served-bench.md tells what stands behind each port.
"""


def serve(
    *,
    bench: Annotated[Path, typer.Argument(help="The bench file of an emulated bench.")] = Path("benches/emulated.toml"),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port_base: Annotated[int, typer.Option(min=0, max=65_000, help="First port; 0: every port a free one.")] = 47_000,
    seed: Annotated[int, typer.Option(min=0, help="Decides every jitter and latency.")] = 1,
    fault: Annotated[list[str] | None, typer.Option(help="A seeded fault to serve the car with.")] = None,
    faults: Annotated[list[Path] | None, typer.Option(help="A Python file with seeded faults of your own.")] = None,
    write: Annotated[Path | None, typer.Option(help="Write the bench file that reaches it here as well.")] = None,
) -> None:
    """Serve the emulated car and lab on the wall clock behind real wires, until Ctrl-C; prints the bench file."""
    file = harness.bench.load(bench if bench.is_file() else ROOT / bench)
    servers = plugins("connect_hil.serve")
    if file.bench.clock not in servers:
        raise UsageError(f"{bench} has the clock {file.bench.clock!r}: only an emulated bench can be served")
    source = Path(file.path).read_text(encoding="utf-8")

    def announce(addresses: Mapping[str, str]) -> None:
        text = reaching(source, addresses)
        sys.stdout.write(text)
        sys.stdout.flush()
        if write is not None:
            _write(write, text)

    try:
        told = servers[file.bench.clock].load()(
            announce, seed=seed, faults=fault or (), fault_files=faults or (), host=host, port_base=port_base
        )
    except ValueError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"cannot listen on {host}: {error}; choose other ports with --port-base") from error
    except Exception as error:
        notes = "; ".join(getattr(error, "__notes__", ()))
        raise BenchError(f"the emulated bench broke: {type(error).__name__}: {error} ({notes})") from error
    sys.stderr.write(f"hil: {told}\n")


def reaching(source: str, addresses: Mapping[str, str]) -> str:
    """The bench file `source` of an emulated bench, its wires led to `addresses`."""
    host, _, port = addresses["can.body"].rpartition(":")
    replaced: dict[str, dict[str, Any]] = {
        "bench": {"name": '"served"', "clock": '"wall"'},
        "visa": {"backend": '"@py"'},
        "can.body": {"interface": '"socketcand"', "channel": f'"body"\noptions = {{ host = "{host}", port = {port} }}'},
        "offboard": {"url": f'"{addresses["offboard"]}"'},
    }
    for name, address in addresses.items():
        kind, _, _part = name.partition(".")
        if kind in {"serial", "instrument"}:
            replaced[name] = {"url" if kind == "serial" else "resource": f'"{address}"'}
    table, lines = "", []
    for line in source.splitlines():
        if found := re.match(r"\[([\w.]+)\]", line):
            table = found[1]
        key = line.partition("=")[0].strip()
        lines.append(f"{key} = {replaced[table][key]}" if key in replaced.get(table, {}) else line)
    body = "\n".join(lines).lstrip()
    return HEADING + re.sub(r"\A(#.*\n)+", "", body) + "\n"


def _write(path: Path, text: str) -> None:
    """Whole or not at all: who finds the file may use it."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.write_text(text, encoding="utf-8")
    half.replace(path)
