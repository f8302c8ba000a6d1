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
    made = 0
    for number, (path, name, target) in enumerate(list(_wanted(source.resolve(), to, out)), start=1):
        target.parent.mkdir(parents=True, exist_ok=True)
        count, trouble = convert_file(path, target, name if to in NAMED else _number(path, number, source))
        made += 1
        if trouble:
            console.print(
                f"{path} is cut off: {count} whole frames converted ({trouble})", highlight=False, markup=False
            )
    if not made:
        raise UsageError(f"{source} holds no recorded CAN; start with `hil run`, or name a file")
    where = (out or source).resolve() if source.is_file() or out else source.resolve() / "converted"
    console.print(f"{made} files converted to {to}: {where}", highlight=False)


def _number(path: Path, number: int, source: Path) -> int:
    """A network's number: 0-based as python-can counts; one file keeps its own."""
    return 0 if source.is_file() else sorted(path.parent.glob("*.blf")).index(path) if number else 0


def _wanted(source: Path, to: Format, out: Path | None) -> Iterator[tuple[Path, str, Path]]:
    """Each file with the name of its network and where it goes."""
    if source.is_file():
        target = (out or source.parent) / f"{source.stem}.{to}"
        if target.resolve() == source:
            raise UsageError(f"{source} is {to} already; choose another format, or a folder with --out")
        yield source, source.stem, target
        return
    if not source.is_dir():
        raise UsageError(f"there is neither a run nor a file {source}")
    root = source / RECORDINGS if (source / RECORDINGS).is_dir() else source
    for folder, about in recordings_in(root):
        for network in about.networks:
            if (folder / f"{network}.blf").exists():
                yield (
                    folder / f"{network}.blf",
                    network,
                    (out or source / "converted") / folder.name / f"{network}.{to}",
                )


def convert_file(source: Path, target: Path, channel: str | int) -> tuple[int, str]:
    """Frames written, and what cut the source off, in words. Raises `UsageError` for a file that cannot be read."""
    try:
        reader: Any = can.LogReader(source)
    except (ValueError, OSError, *CUT_OFF) as error:
        raise UsageError(f"{source} cannot be read: {error or 'it is empty'}") from error
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
            if not source.samefile(target) if target.exists() else True:
                frame.channel = channel
            writer.on_message_received(frame)
            count += 1
    finally:
        writer.stop()
        reader.stop()
    half.replace(target)
    return count, trouble


def _format(target: Path) -> Format:
    found: Format = next(each for each in WRITERS if target.suffix == f".{each}")
    return found


def _short(source: Path) -> str:
    """Whether a BLF has fewer bytes than its header says."""
    if source.suffix != ".blf":
        return ""
    head = source.read_bytes()[:32]
    if len(head) < 32:
        return "not even its header is whole"
    said, size = struct.unpack_from("<Q", head, 16)[0], source.stat().st_size
    return f"{size} of {said} bytes" if size < said else ""
