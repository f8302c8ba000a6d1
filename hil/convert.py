"""`hil convert`: CAN of a run, or of one file, as ASC, BLF, MF4 or candump, by python-can's readers and writers."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import can
import typer
from rich.console import Console

from fixtures.recordings import RECORDINGS
from harness.recording.folder import recordings_in
from hil.errors import UsageError
from hil.sources import LAST

Format = Literal["asc", "blf", "mf4", "log"]

WRITERS: dict[Format, Callable[..., Any]] = {
    "asc": can.ASCWriter,
    "blf": can.BLFWriter,
    "mf4": can.MF4Writer,
    "log": can.CanutilsLogWriter,
}
"""By the ending that a file has; `log` is what `candump -l` writes."""
NAMED: tuple[Format, ...] = ("log",)
"""Formats that name a channel; the others number it from 1."""

BLF_HEADER = 144
"""Bytes."""
CUT_OFF = (struct.error, zlib.error, can.io.blf.BLFParseError, EOFError, ValueError, IndexError)
"""What readers raise where a file ends in the middle."""


def convert(
    *,
    source: Annotated[Path, typer.Argument(help="Folder of a run, or a file.", show_default="the last run")] = LAST,
    to: Annotated[Format, typer.Option(help="Format to write.")],
    out: Annotated[Path | None, typer.Option(help="Folder to write to; by default beside the source.")] = None,
) -> None:
    """Convert recorded CAN to another format. A file that was cut off is converted as far as it is whole."""
    console = Console(stderr=True, soft_wrap=True)
    source = source.resolve()
    into = out or (source.parent if source.is_file() else source / "converted")
    made = 0
    for path, target, channel in _wanted(source, into, to):
        target.parent.mkdir(parents=True, exist_ok=True)
        count, trouble = convert_file(path, target, channel)
        made += 1
        if trouble:
            console.print(f"{path} is cut off: {count} whole frames converted ({trouble})", markup=False)
    if not made:
        raise UsageError(f"{source} holds no recorded CAN; start with `hil run`, or name a file")
    console.print(f"{made} files converted to {to}: {into.resolve()}", highlight=False)


def _wanted(source: Path, into: Path, to: Format) -> Iterator[tuple[Path, Path, str | int | None]]:
    """Each file, where it goes, and what its channel is called there; None: as in the file."""
    if source.is_file():
        target = into / f"{source.stem}.{to}"
        if target.resolve() == source:
            raise UsageError(f"{source} is {to} already; choose another format, or a folder with --out")
        yield source, target, None
        return
    if not source.is_dir():
        raise UsageError(f"there is neither a run nor a file {source}")
    root = source / RECORDINGS if (source / RECORDINGS).is_dir() else source
    for folder, about in recordings_in(root):
        for number, network in enumerate(about.networks):
            if (path := folder / f"{network}.blf").exists():
                yield path, into / folder.name / f"{network}.{to}", network if to in NAMED else number


def convert_file(source: Path, target: Path, channel: str | int | None = None) -> tuple[int, str]:
    """Frames written, and what cut the source off, in words. Raises `UsageError` for a file that cannot be read.

    `channel`: what the frames' channel is called, or its number from 0; None: as in the source.
    """
    reader = _reader(source)
    count, trouble = 0, _short(source)
    half = target.with_name(f".{target.name}")
    writer = WRITERS[_format(target)](half)
    try:
        frames = iter(reader)
        while True:
            try:
                frame = next(frames, None)
            except CUT_OFF as error:
                trouble = trouble or str(error) or type(error).__name__
                break
            if frame is None:
                break
            frame.channel = frame.channel if channel is None else channel
            writer.on_message_received(frame)
            count += 1
    finally:
        writer.stop()
        reader.stop()
    half.replace(target)
    return count, trouble


def _reader(source: Path) -> Any:
    """What reads `source`, with absolute instants."""
    head = source.read_bytes()[:BLF_HEADER] if source.suffix == ".blf" else b""
    if source.suffix == ".blf" and (len(head) < BLF_HEADER or head[:4] != b"LOGG"):
        raise UsageError(f"{source} cannot be read: it does not begin as a BLF does, with LOGG and 144 bytes")
    options = {"relative_timestamp": False} if source.suffix == ".asc" else {}
    try:
        return can.LogReader(source, **options)
    except (OSError, *CUT_OFF) as error:
        raise UsageError(f"{source} cannot be read: {error}") from error


def _format(target: Path) -> Format:
    found: Format = next(each for each in WRITERS if target.suffix == f".{each}")
    return found


def _short(source: Path) -> str:
    """Whether a BLF has fewer bytes than its header says."""
    if source.suffix != ".blf":
        return ""
    said, size = struct.unpack_from("<Q", source.read_bytes(), 16)[0], source.stat().st_size
    return f"{size} of {said} bytes" if size < said else ""
