"""One part of the bench with several ways in, such as a serial line by RFC 2217, TCP and a device file."""

from __future__ import annotations

from typing import Protocol


class Server(Protocol):
    """One wire of a served bench."""

    @property
    def address(self) -> str:
        """As a bench file writes it."""

    async def start(self) -> None:
        """Listen. Raises `OSError` where the port is taken."""

    async def close(self) -> None:
        """Close the port and every connection."""

    def disconnect(self) -> None:
        """Close every connection at once, as a device does that restarts; the port goes on listening."""

    def refuse(self, on: bool) -> None:
        """Close new connections as soon as they come, or take them again."""


class Ways:
    """Servers of one part by what they speak; together they are a server. A bench file takes the first."""

    def __init__(self, **servers: Server) -> None:
        self.servers = {name.replace("_", " "): server for name, server in servers.items()}

    @property
    def address(self) -> str:
        """The first way's."""
        return next(iter(self.servers.values())).address

    async def start(self) -> None:
        """Open every way."""
        for server in self.servers.values():
            await server.start()

    async def close(self) -> None:
        """Close every way."""
        for server in self.servers.values():
            await server.close()

    def disconnect(self) -> None:
        """Whichever way somebody came, the connection closes."""
        for server in self.servers.values():
            server.disconnect()

    def refuse(self, on: bool) -> None:
        """On every way."""
        for server in self.servers.values():
            server.refuse(on)
