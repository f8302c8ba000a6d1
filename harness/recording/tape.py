"""The order of everything between a harness and its wires: what happened when, and where what was said stands.

An entry is a kind, which part it is of, and a number (mostly an instant in ns). What was said itself (SCPI, AT, HTTP)
is a line of JSON beside it, one for each entry of the kinds in `SAID`; blocks of samples stand apart. All are files of
packed members that are appended whole, so that a file that was cut off is good up to its last member.
"""

from __future__ import annotations

import base64
import gzip
import json
import struct
import zlib
from array import array
from collections.abc import Iterator, Mapping
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple

from harness.recording.folder import BLOCKS, LINES, ORDER
from harness.recording.masking import without_secrets

_COUNT = struct.Struct("<I")
LEVEL = 1
INLINE = 256
"""Bytes of a block that stand in its line."""
_BLOCK = {"block": "next"}
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode


class Kind(IntEnum):
    """What an entry is; its number in brackets."""

    NOW = 0
    """The clock was read (what it said); on wall time only."""
    PUMP = 1
    """The clock let the wires be looked at, and they had something (when)."""
    CUT = 2
    """A network's frames were taken in the pump, up to this stamp (stamp)."""
    TOOK = 3
    """As CUT, outside the pump."""
    READ = 4
    """A port's bytes were taken (when)."""
    ACT = 5
    """Something was asked or told (when it was answered)."""
    FAULT = 6
    """A wire failed, or an error frame came (when)."""
    RENEW = 7
    """A played frame was made anew for its cycle (its identifier)."""
    WAIT = 8
    """A wait or sleep began (when)."""
    ASK = 9
    """A wait asked its condition (when)."""
    DONE = 10
    """A wait ended (when); the part is 1 where its condition held."""
    CLOSE = 11
    """The bench was about to be closed (when)."""


SAID = frozenset({Kind.READ, Kind.ACT, Kind.FAULT})


class Entry(NamedTuple):
    """One entry; `said` where it has a line."""

    kind: Kind
    part: int
    value: int
    said: Mapping[str, Any] | None = None


class Tape:
    """Written by one thread; `flush` may be called by another."""

    def __init__(self) -> None:
        self._heads = array("H")
        self._values = array("q")
        self._said: list[dict[str, Any]] = []
        self._flushed = 0
        self._told = 0
        self._ended = False

    def add(self, kind: int, value: int, part: int = 0) -> None:
        """Append an entry without a line."""
        if self._ended:
            return
        self._heads.append(part << 4 | kind)
        self._values.append(value)

    def say(self, kind: Kind, time: int, said: dict[str, Any]) -> None:
        """Append an entry with its line."""
        if self._ended:
            return
        self._said.append(said)
        self._heads.append(kind)
        self._values.append(time)

    def end(self, time: int) -> None:
        """The test ends here: what follows belongs to nobody's verdict."""
        self.add(Kind.CLOSE, time)
        self._ended = True

    def flush(self, folder: Path) -> None:
        """Append what is new to the files of `folder`; secrets are taken out on the way."""
        told, count = len(self._said), len(self._values)  # a line stands before its entry, a head before its value
        if told > self._told:
            blocks: list[bytes] = []
            text = "".join(
                _ENCODE({key: _value(value, line["on"], blocks) for key, value in line.items()}) + "\n"
                for line in self._said[self._told : told]
            )
            if blocks:
                _append(folder / BLOCKS, *map(_packed_samples, blocks))
            _append(folder / LINES, packed(text.encode()))
            self._told = told
        if count > self._flushed:
            heads, values = self._heads[self._flushed : count], self._values[self._flushed : count]
            _append(folder / ORDER, packed(_COUNT.pack(len(values)) + heads.tobytes() + values.tobytes()))
            self._flushed = count

    @staticmethod
    def read(folder: Path) -> list[Entry]:
        """The entries of a recording, up to where it is whole."""
        blocks = members(folder / BLOCKS)

        def revived(found: dict[str, Any]) -> Any:
            return next(blocks, b"") if found == _BLOCK else _revived(found)

        said = (json.loads(line, object_hook=revived) for line in whole_lines(folder / LINES))
        entries: list[Entry] = []
        for member in members(folder / ORDER):
            (count,) = _COUNT.unpack_from(member)
            heads, values = array("H"), array("q")
            heads.frombytes(member[_COUNT.size : _COUNT.size + 2 * count])
            values.frombytes(member[_COUNT.size + 2 * count :])
            for head, value in zip(heads, values, strict=True):
                kind = Kind(head & 15)
                line = next(said, None) if kind in SAID else None
                if kind in SAID and line is None:
                    return entries  # killed between the two files
                entries.append(Entry(kind, head >> 4, value, line))
        return entries


def packed(content: bytes) -> bytes:
    """`content` as a member of a gzip file."""
    return gzip.compress(content, LEVEL, mtime=0)


def _packed_samples(block: bytes) -> bytes:
    """As a member; samples with noise repeat no strings, so their frequencies alone are coded."""
    pack = zlib.compressobj(LEVEL, zlib.DEFLATED, 31, 9, zlib.Z_HUFFMAN_ONLY)
    return pack.compress(block) + pack.flush()


def _append(path: Path, *content: bytes) -> None:
    with path.open("ab") as file:
        file.writelines(content)


def members(path: Path) -> Iterator[bytes]:
    """What the whole members of a gzip file hold; nothing where there is no file."""
    rest = path.read_bytes() if path.exists() else b""
    while rest:
        unpack = zlib.decompressobj(31)
        try:
            content = unpack.decompress(rest)
        except zlib.error:
            return
        if not unpack.eof:
            return
        yield content
        rest = unpack.unused_data


def whole_lines(path: Path) -> Iterator[str]:
    """The lines of a packed text file, up to where it is whole."""
    for member in members(path):
        yield from member.decode().splitlines()


def _value(value: Any, wire: str, blocks: list[bytes] | None = None) -> Any:
    """`value` as it stands in a line; long blocks go to `blocks`, in the order of the lines."""
    if isinstance(value, str):
        return without_secrets(value, wire)
    if isinstance(value, (bytes, bytearray)):
        if blocks is not None and len(value) > INLINE:
            blocks.append(bytes(value))
            return _BLOCK
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, (list, tuple)):
        return [_value(each, wire, blocks) for each in value]
    if value is None or isinstance(value, (int, float)):
        return value
    return str(value)


def _revived(found: dict[str, Any]) -> Any:
    return base64.b64decode(found["base64"]) if found.keys() == {"base64"} else found


def comparable(value: Any, wire: str) -> Any:
    """`value` as it is read back from a tape: for comparison with what is asked now."""
    return json.loads(json.dumps(_value(value, wire)), object_hook=_revived)
