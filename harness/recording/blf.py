"""Frames to a Binary Logging File and back, in bulk: what python-can's writer does one by one, numpy does at once.

The file is the standard one (python-can and Vector's tools read it): CAN_MESSAGE and CAN_FD_MESSAGE objects with stamps
in ns, in LOG_CONTAINERs that zlib packed. Each ends with an object, so a file that was cut off holds all but its last.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
from can.util import len2dlc
from numpy.typing import NDArray

from harness.errors import BenchError
from harness.timeline import BIT_RATE_SWITCH, ERROR_STATE, EXTENDED, FD, REMOTE
from harness.units import MS, S

_FILE = struct.Struct("<4sLBBBBBBBBQQLL8H8H")
_FILE_SIZE = 144
_BASE = struct.Struct("<4sHHLL")
_CONTAINER = struct.Struct("<H6xL4x")

CONTAINER, CLASSIC_OBJECT, FD_OBJECT = 10, 1, 100
IN_NS = 2
"""Flag of an object whose stamp is in ns."""
CONTAINER_SIZE = 128 * 1024
"""Bytes in a container before packing: what Vector's own writer and python-can's take."""
LEVEL = 1
"""zlib's fastest: the higher ones halve the speed for a tenth less (docs/recording.md)."""

_HEAD = [
    ("signature", "S4"), ("header_size", "<u2"), ("header_version", "<u2"), ("size", "<u4"), ("type", "<u4"),
    ("in_ns", "<u4"), ("client", "<u2"), ("version", "<u2"), ("time", "<u8"),
    ("channel", "<u2"), ("flags", "u1"), ("dlc", "u1"), ("identifier", "<u4"),
]  # fmt: skip
_CLASSIC = np.dtype([*_HEAD, ("data", "u1", (8,))])
_FD = np.dtype(
    [
        *_HEAD,
        ("length", "<u4"),
        ("bits", "u1"),
        ("fd", "u1"),
        ("valid", "u1"),
        ("pad", "u1", (5,)),
        ("data", "u1", (64,)),
    ]
)
_HEAD_SIZE = 32

REMOTE_BIT, EXTENDED_BIT = 0x80, 0x8000_0000
_DLC = np.array([len2dlc(length) for length in range(65)], dtype=np.uint8)


class Frames(NamedTuple):
    """Frames of one network in order of time, side by side; `times` in ns, `data` of shape (n, 8) or (n, 64)."""

    times: NDArray[np.int64]
    identifiers: NDArray[np.uint32]
    flags: NDArray[np.uint8]
    lengths: NDArray[np.uint8]
    data: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.times)

    def in_order(self) -> Frames:
        """By time; a file has our own frames where they were filed, which may be a little later."""
        order = np.argsort(self.times, kind="stable")
        times, identifiers, flags, lengths, data = self
        return Frames(times[order], identifiers[order], flags[order], lengths[order], data[order])

    def payloads(self) -> list[bytes]:
        """Each frame's data as long as it is."""
        width, whole = self.data.shape[1], self.data.tobytes()
        lengths = self.lengths.tolist()
        return [whole[at : at + length] for at, length in zip(range(0, len(whole), width), lengths, strict=True)]


def gathered(parts: Sequence[tuple[int, int, Sequence[int], Sequence[bytes]]]) -> Frames:
    """Frames of tracks (identifier, flags, instants, payloads), in order of time."""
    counts = [len(times) for _, _, times, _ in parts]
    width = 64 if any(flags & FD for _, flags, _, _ in parts) else 8
    data = np.zeros((sum(counts), width), dtype=np.uint8)
    lengths = np.empty(len(data), dtype=np.uint8)
    at = 0
    for _, _, _, payloads in parts:
        end = at + len(payloads)
        sizes = {len(payload) for payload in payloads}
        if len(sizes) == 1:
            size = sizes.pop()
            lengths[at:end] = size
            if size:
                data[at:end, :size] = np.frombuffer(b"".join(payloads), dtype=np.uint8).reshape(-1, size)
        else:
            lengths[at:end] = [len(payload) for payload in payloads]
            padded = b"".join(payload.ljust(width, b"\0") for payload in payloads)
            data[at:end] = np.frombuffer(padded, dtype=np.uint8).reshape(-1, width)
        at = end
    times = np.concatenate([np.asarray(times, dtype=np.int64) for _, _, times, _ in parts] or [np.empty(0, np.int64)])
    identifiers = np.repeat(np.array([part[0] for part in parts], dtype=np.uint32), counts)
    flags = np.repeat(np.array([part[1] for part in parts], dtype=np.uint8), counts)
    return Frames(times, identifiers, flags, lengths, data).in_order()


class BlfWriter:
    """A file that grows by whole containers. `start` is the instant 0 of the stamps, in ns since 1970."""

    def __init__(self, path: Path, start: int, channel: int = 1) -> None:
        self._file = path.open("wb")
        self._start = start // MS * MS  # the header's dates have ms
        self._shift = start - self._start
        self._channel = channel
        self._uncompressed = _FILE_SIZE
        self._count = 0
        self._last = 0
        self._write_header()

    def write(self, frames: Frames) -> None:
        """Append frames, and hand them to the operating system."""
        if not len(frames):
            return
        self._last = int(frames.times[-1])
        self._count += len(frames)
        objects, ends = self._objects(frames)
        begin = 0
        while begin < len(objects):  # whole objects, as many as fit
            index = int(np.searchsorted(ends, begin + CONTAINER_SIZE, side="right"))
            end = int(ends[max(index - 1, 0)])
            self._write_container(objects[begin:end].tobytes())
            begin = end
        self._write_header()
        self._file.flush()

    def close(self) -> None:
        """Close the file; it is whole after each `write` as well."""
        self._file.close()

    def _objects(self, frames: Frames) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Bytes of all objects, one after the other, and where each ends."""
        is_fd = (frames.flags & FD) != 0
        if not is_fd.any():
            whole = self._made(frames, _CLASSIC, CLASSIC_OBJECT)
            return whole.view(np.uint8), np.arange(1, len(whole) + 1, dtype=np.int64) * _CLASSIC.itemsize
        ends = np.cumsum(np.where(is_fd, _FD.itemsize, _CLASSIC.itemsize)).astype(np.int64)
        objects = np.empty(int(ends[-1]), dtype=np.uint8)
        for chosen, layout, kind in ((~is_fd, _CLASSIC, CLASSIC_OBJECT), (is_fd, _FD, FD_OBJECT)):
            made = self._made(Frames(*(column[chosen] for column in frames)), layout, kind)
            starts = ends[chosen] - layout.itemsize
            objects[starts[:, None] + np.arange(layout.itemsize)] = made.view(np.uint8).reshape(-1, layout.itemsize)
        return objects, ends

    def _made(self, frames: Frames, layout: np.dtype[np.void], kind: int) -> NDArray[np.void]:
        made = np.zeros(len(frames), dtype=layout)
        made["signature"], made["header_size"], made["header_version"] = b"LOBJ", _HEAD_SIZE, 1
        made["size"], made["type"], made["in_ns"] = layout.itemsize, kind, IN_NS
        made["time"] = frames.times + self._shift
        made["channel"] = self._channel
        made["flags"] = np.where(frames.flags & REMOTE, REMOTE_BIT, 0)
        made["identifier"] = frames.identifiers | np.where(
            frames.flags & EXTENDED, np.uint32(EXTENDED_BIT), np.uint32(0)
        )
        made["data"] = frames.data[:, : 64 if kind == FD_OBJECT else 8]
        if kind == CLASSIC_OBJECT:
            made["dlc"] = frames.lengths
            return made
        made["dlc"] = _DLC[frames.lengths]
        made["valid"] = frames.lengths
        made["fd"] = (
            1 + 2 * ((frames.flags & BIT_RATE_SWITCH) != 0).astype(np.uint8) + 4 * ((frames.flags & ERROR_STATE) != 0)
        )
        return made

    def _write_container(self, content: bytes) -> None:
        packed = zlib.compress(content, LEVEL)
        size = _BASE.size + _CONTAINER.size + len(packed)
        self._file.write(_BASE.pack(b"LOBJ", _BASE.size, 1, size, CONTAINER))
        self._file.write(_CONTAINER.pack(2, len(content)))
        self._file.write(packed + bytes(size % 4))  # readers skip size % 4 bytes, odd as it is
        self._uncompressed += len(content) + _BASE.size + _CONTAINER.size

    def _write_header(self) -> None:
        """How much there is so far; in place, as the file is readable at any time."""
        self._file.seek(0, 2)
        size = max(self._file.tell(), _FILE_SIZE)
        stop = self._start + self._shift + self._last
        self._file.seek(0)
        self._file.write(
            _FILE.pack(
                b"LOGG", _FILE_SIZE, 5, 0, 0, 0, 2, 6, 8, 1, size, self._uncompressed, self._count, 0,
                *_system_time(self._start), *_system_time(stop),
            ).ljust(_FILE_SIZE, b"\0")
        )  # fmt: skip
        self._file.seek(0, 2)


def read_blf(path: Path, start: int) -> Frames:
    """The frames of a file that `BlfWriter` made, stamps to the ns; of one that was cut off, as far as it is whole.

    `start` as the writer had it. Raises `BenchError` where the file is no such file.
    """
    content = path.read_bytes()
    if content[:4] != b"LOGG":
        raise BenchError(f"{path} is no Binary Logging File: it begins with {content[:4]!r}, not with LOGG")
    whole = b"".join(containers(content))
    shift = start - start // MS * MS
    if len(whole) % _CLASSIC.itemsize == 0:
        made = np.frombuffer(whole, dtype=_CLASSIC)
        if (made["size"] == _CLASSIC.itemsize).all():
            return _read(made, shift, 8)
    starts, at = [], 0
    while at + _BASE.size <= len(whole):
        starts.append(at)
        at += _BASE.unpack_from(whole, at)[3]
    octets, places = np.frombuffer(whole, dtype=np.uint8), np.array(starts, dtype=np.int64)
    kinds = np.array([_BASE.unpack_from(whole, each)[4] for each in starts])
    parts = []
    for layout, kind in ((_CLASSIC, CLASSIC_OBJECT), (_FD, FD_OBJECT)):
        chosen = places[kinds == kind]
        made = octets[chosen[:, None] + np.arange(layout.itemsize)].reshape(-1).view(layout)
        parts.append(_read(made, shift, 64))
    return Frames(*(np.concatenate(pair) for pair in zip(*parts, strict=True))).in_order()


def containers(content: bytes) -> Iterator[bytes]:
    """What each container of a file holds, unpacked; ends where one is cut off."""
    at = _FILE_SIZE
    while at + _BASE.size + _CONTAINER.size <= len(content):
        _, _, _, size, _ = _BASE.unpack_from(content, at)
        packed = content[at + _BASE.size + _CONTAINER.size : at + size]
        if at + size > len(content):
            return
        yield zlib.decompress(packed)
        at += size + size % 4


def _read(made: NDArray[np.void], shift: int, width: int) -> Frames:
    is_fd = "fd" in (made.dtype.names or ())
    flags = (made["identifier"] >> 31).astype(np.uint8) * EXTENDED + ((made["flags"] & REMOTE_BIT) != 0) * REMOTE
    if is_fd:
        flags += FD + ((made["fd"] & 2) != 0) * BIT_RATE_SWITCH + ((made["fd"] & 4) != 0) * ERROR_STATE
    data = np.zeros((len(made), width), dtype=np.uint8)
    data[:, : made["data"].shape[1]] = made["data"]
    return Frames(
        made["time"].astype(np.int64) - shift,
        made["identifier"] & np.uint32(0x1FFF_FFFF),
        flags.astype(np.uint8),
        made["valid"] if is_fd else made["dlc"],
        data,
    )


def _system_time(instant: int) -> tuple[int, ...]:
    """An instant (ns since 1970) as Windows' SYSTEMTIME, in UTC."""
    at = datetime.fromtimestamp(instant // S, UTC)
    return at.year, at.month, at.isoweekday() % 7, at.day, at.hour, at.minute, at.second, instant % S // MS
