"""What every TCP server of a served bench is: connections that can be counted, closed, and refused on purpose."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress

from emulation.pace import Pace

BACKLOG = 4 * 1024 * 1024
"""Bytes that wait for a client that does not read; what comes after them is lost."""

Admits = Callable[[str], bool]
"""Whether a peer at this IP address may use the raw wires."""


def everyone(_address: str) -> bool:
    """Whoever reaches a loopback port may use it."""
    return True


def put(writer: asyncio.StreamWriter, data: bytes) -> bool:
    """Send `data` without ever waiting. Returns False where it was lost: the client reads too slowly, or is gone."""
    if writer.is_closing() or writer.transport.get_write_buffer_size() > BACKLOG:
        return False
    writer.write(data)
    return True


class TcpServer(ABC):
    """Listens on `host`:`port` (0: any free one, told by `port` once it is started); a subclass fills `serve`.

    `admits` is asked for the address of each peer. What `serve` raises because a peer is gone ends that peer alone.
    """

    def __init__(self, pace: Pace, host: str, port: int) -> None:
        self.pace = pace
        self.host = host
        self.port = port
        self.admits: Admits = everyone
        self._listener: asyncio.Server | None = None
        self._peers: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._refuses = False

    @property
    def address(self) -> str:
        """How a bench file writes it."""
        return f"{self.host}:{self.port}"

    @abstractmethod
    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One peer, from its connection to its end."""

    async def start(self) -> None:
        """Listen. Raises `OSError` where the port is taken."""
        self._listener = await asyncio.start_server(self._accepted, self.host, self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Close the port and every connection."""
        if self._listener is not None:
            self._listener.close()
        tasks = list(self._peers)
        self.disconnect()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def disconnect(self) -> None:
        """Close every connection at once, as a device does that restarts; the port goes on listening."""
        for writer in tuple(self._peers.values()):
            writer.transport.abort()

    def refuse(self, on: bool) -> None:
        """Close new connections as soon as they come, or take them again."""
        self._refuses = on

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        address = (writer.get_extra_info("peername") or ("",))[0]
        if task is None or self._refuses or not self.admits(address):
            writer.transport.abort()
            return
        self._peers[task] = writer
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self.serve(reader, writer)
        finally:
            del self._peers[task]
            writer.close()
