"""One wire between the emulated bench and whoever tests it: whether it is whole, and what it does to what it carries.

Every way in asks the link of its place (`bench.link("serial.modem")`), the plug-ins of this process and the servers of
a served bench alike; `emulation.troubles` sets it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from emulation.can_bus import ERROR, Frame

LINE_ENDS = b"\r\n"
HIGH = 0x80


class Server(Protocol):
    """What serves a wire to other processes."""

    def disconnect(self) -> None:
        """Close every connection at once."""

    def refuse(self, on: bool) -> None:
        """Take no new connection, or take them again."""


class Link:
    """The state of one wire; `where` is its place. Whole, unless a trouble says otherwise. `draw` makes its noise."""

    def __init__(self, where: str, draw: Callable[[int, int], int]) -> None:
        self.where = where
        self.touched = False
        """Whether anything ever was wrong with it: while not, nobody need ask for more."""
        self.epoch = 0
        """One more at each break: a connection made in an earlier epoch is dead."""
        self.refuses = False
        """Nobody gets a new connection."""
        self.silent = False
        """It swallows what it carries, both ways."""
        self.garbage = False
        """What it carries to the tester is noise."""
        self.delay = 0
        """An answer comes so much later, in ns."""
        self.closes = False
        """Every exchange is broken off in its middle (off-board)."""
        self.off = False
        """The tester's CAN controller takes no part in the traffic."""
        self.lost: Callable[[Frame], bool] | None = None
        """Which CAN frames do not reach the tester."""
        self._draw = draw
        self._servers: list[Server] = []

    def serve(self, server: Server) -> None:
        """`server` carries this wire to other processes: it breaks off and refuses with the link."""
        self._servers.append(server)

    def break_off(self) -> None:
        """Every connection there is ends now."""
        self.touched = True
        self.epoch += 1
        for server in self._servers:
            server.disconnect()

    def refuse(self, on: bool) -> None:
        """Take no new connection, or take them again."""
        self.touched = self.touched or on
        self.refuses = on
        for server in self._servers:
            server.refuse(on)

    def misses(self, frame: Frame) -> bool:
        """Whether a CAN frame does not reach the tester. An error frame is the controller's own and always does."""
        if frame.flags & ERROR:
            return False
        return self.off or (self.lost is not None and self.lost(frame))

    def spoiled(self, data: bytes) -> bytes:
        """What comes through of `data` on its way to the tester."""
        if self.silent:
            return b""
        return self.noise(data) if self.garbage else data

    def noise(self, data: bytes) -> bytes:
        """As many bytes that mean nothing; ends of lines stay, so that whoever reads lines gets some."""
        return bytes(byte if byte in LINE_ENDS else self._draw(HIGH, 256) for byte in data)
