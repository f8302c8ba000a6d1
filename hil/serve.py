"""`hil serve`: the emulated bench in a process of its own, behind real wires, and the bench file that reaches it."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated

import typer

import harness.bench
from harness.errors import BenchError
from harness.plugins import plugins
from hil.errors import UsageError
from hil.options import EMULATED, Faults, Seed, bench_path
from hil.served_file import served_file
from hil.sources import ROOT

SERVED = ROOT / "benches" / "served.toml"
"""The file that reaches a bench at the usual ports; it also says what to run there."""

Ecus = list[str] | None


def serve(
    *,
    bench: Annotated[Path, typer.Argument(help="The bench file of an emulated bench.")] = EMULATED,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port_base: Annotated[int, typer.Option(min=0, max=65_000, help="First port; 0: every port a free one.")] = 47_000,
    seed: Seed = 1,
    fault: Annotated[list[str] | None, typer.Option(help="A seeded fault to serve the car with.")] = None,
    faults: Faults = None,
    only: Annotated[Ecus, typer.Option(help="Serve this ECU alone, and others named so.")] = None,
    without: Annotated[Ecus, typer.Option(help="Leave this ECU out: it is real, or the harness plays it.")] = None,
    can: Annotated[
        list[str] | None, typer.Option(help="Another network to join, as INTERFACE:CHANNEL; such as socketcan:vcan0.")
    ] = None,
    mirror: Annotated[bool, typer.Option(help="Show every frame by UDP multicast on this machine.")] = True,
    token_file: Annotated[
        Path | None, typer.Option(help="File with the token to ask for; needed where others reach HOST.")
    ] = None,
    write: Annotated[Path | None, typer.Option(help="Write the bench file that reaches it here as well.")] = None,
    links: Annotated[Path | None, typer.Option(help="Folder for device files of the serial ports.")] = None,
) -> None:
    """Serve the emulated car and lab on the wall clock behind real wires, until Ctrl-C; prints the bench file."""
    file = harness.bench.load(bench_path(bench))
    servers = plugins("connect_hil.serve")
    if file.bench.clock not in servers:
        raise UsageError(f"{bench} has the clock {file.bench.clock!r}: only an emulated bench can be served")
    source = Path(file.path).read_text(encoding="utf-8")
    token = _token(token_file)

    def announce(addresses: Mapping[str, str], ecus: Collection[str]) -> None:
        more = SERVED.read_text(encoding="utf-8") if SERVED.is_file() else ""
        text = served_file(source, addresses, ecus, more=more, token_file=token_file)
        if write is not None:
            _write(write, _findable(text, write, file))
        sys.stdout.write(text)
        sys.stdout.flush()

    try:
        told = servers[file.bench.clock].load()(
            announce,
            seed=seed,
            faults=fault or (),
            fault_files=faults or (),
            only=only or (),
            without=without or (),
            host=host,
            port_base=port_base,
            token=token,
            links=links.absolute() if links else None,
            can=tuple(can or ()),
            mirror=mirror,
        )
    except ValueError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        part = "; ".join(getattr(error, "__notes__", ()))
        raise UsageError(f"cannot serve {part} on {host}: {error}; --port-base chooses other ports") from error
    except RuntimeError as error:
        raise BenchError(f"the emulated bench broke, so that serving ended: {error}") from error
    sys.stderr.write(f"hil: served until told to end; {told}\n")


def _token(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise UsageError(f"the token cannot be read: {error}") from error


def _findable(text: str, path: Path, file: harness.bench.BenchFile) -> str:
    """The text with absolute names for files of `file` that are not in reach of where it is written."""
    for table in file.can.values():
        for name in filter(None, (table.database, table.e2e, table.diagnostics)):
            if not any((folder / name).exists() for folder in path.absolute().parents):
                text = text.replace(f'"{name}"', f'"{file.locate(name)}"')
    return text


def _write(path: Path, text: str) -> None:
    """Whole or not at all: who finds the file may use it."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.write_text(text, encoding="utf-8")
    half.replace(path)
