"""Frames recorded per second: a timeline's columns in bulk, beside python-can's writer, which takes one by one."""

from __future__ import annotations

import tempfile
from array import array
from pathlib import Path

import can

from harness.recording.blf import BlfWriter, gathered
from harness.units import MS, S
from tests.benchmarks.measure import rate

TRACKS = 40
"""Messages of a busy network."""


def payload(number: int, at: int) -> bytes:
    """A counter and six bytes that stay."""
    return bytes((number, at % 256, *b"signal"))


def ours(frames: int) -> float:
    """Frames a second, out of tracks as a timeline has them, to a BLF."""
    each = frames // TRACKS
    parts = [
        (0x100 + number, 0, array("q", range(number, each * MS, MS)), [payload(number, at) for at in range(each)])
        for number in range(TRACKS)
    ]

    def write() -> None:
        with tempfile.TemporaryDirectory() as folder:
            writer = BlfWriter(Path(folder) / "body.blf", 1_790_000_000 * S)
            writer.write(gathered(parts))
            writer.close()

    return rate(write, each * TRACKS)


def theirs(frames: int) -> float:
    """The same to `can.BLFWriter`, its messages made beforehand, at the same level of compression."""
    each = frames // TRACKS
    messages = [
        can.Message(at / 1000, 0x100 + number, is_extended_id=False, data=payload(number, at))
        for at in range(each)
        for number in range(TRACKS)
    ]

    def write() -> None:
        with (
            tempfile.TemporaryDirectory() as folder,
            can.BLFWriter(f"{folder}/body.blf", compression_level=1) as writer,
        ):
            for message in messages:
                writer.on_message_received(message)

    return rate(write, len(messages))
