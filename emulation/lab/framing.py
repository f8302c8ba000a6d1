"""Where a program message ends: at a newline, except inside the data of a block (IEEE 488.2, 7.5 and 7.7.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

MARK = re.compile(rb"[\n\"'#]")
BLOCK = "#BLOCK"
"""What stands for a block once a message is text: no command here takes one, and none is cut by what is in it."""


class Framer:
    """Cuts a stream of bytes into program messages, without their newlines."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._position = 0
        self._quote = b""

    @property
    def pending(self) -> int:
        """Bytes of a message that has not ended yet."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The messages that `data` completes."""
        self._buffer += data
        while (found := MARK.search(self._buffer, self._position)) is not None:
            mark = found[0]
            if mark == b"\n":
                message = bytes(self._buffer[: found.start()])
                del self._buffer[: found.end()]
                self._position, self._quote = 0, b""
                yield message
            elif mark == b"#" and not self._quote:
                end = _block_end(self._buffer, found.start())
                if end is None:
                    self._position = found.start()  # look again once its length is here
                    return
                self._position = end
                if end > len(self._buffer):
                    return
            else:
                self._position = found.end()
                if not self._quote and mark != b"#":
                    self._quote = mark
                elif mark == self._quote:
                    self._quote = b""
        self._position = max(self._position, len(self._buffer))

    def flush(self) -> bytes:
        """What END closes without a newline."""
        rest = bytes(self._buffer)
        self.clear()
        return rest

    def clear(self) -> None:
        """Forget an unfinished message."""
        self._buffer.clear()
        self._position, self._quote = 0, b""


def _block_end(data: bytes | bytearray, start: int) -> int | None:
    """Where what begins with `#` ends: after a definite-length block, else after the `#`; None if not yet known."""
    if len(data) == start + 1:
        return None
    digit = data[start + 1] - ord("0")
    if not 1 <= digit <= 9:
        return start + 1  # a number such as #H1F, or an error that the parser will tell
    length = bytes(data[start + 2 : start + 2 + digit])
    if length and not length.isdigit():
        return start + 1
    return start + 2 + digit + int(length) if len(length) == digit else None


def split(message: bytes) -> list[bytes]:
    """The program messages in `message`, which END closes; empty ones are left out."""
    framer = Framer()
    return [line for line in (*framer.feed(message), framer.flush()) if line.strip()]


def without_blocks(message: bytes) -> bytes:
    """`message` with `BLOCK` in the place of each block."""
    parts: list[bytes] = []
    position, quote = 0, b""
    copied = 0
    while (found := MARK.search(message, position)) is not None:
        mark = found[0]
        position = found.end()
        if mark == b"#" and not quote:
            end = _block_end(message, found.start())
            if end is not None and end > found.end():
                parts += [message[copied : found.start()], BLOCK.encode()]
                copied = position = min(end, len(message))
        elif not quote and mark != b"#":
            quote = mark
        elif mark == quote:
            quote = b""
    return b"".join((*parts, message[copied:]))
