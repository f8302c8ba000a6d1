"""A serial line on a TCP port, byte for byte (pyserial: `socket://host:port`); a connection is the open port."""

from __future__ import annotations

import asyncio

from emulation.pace import Pace
from emulation.serve.serial_end import SerialEnd
from emulation.serve.server import TcpServer, put

CHUNK = 4_096
TAKEN = b"\r\nthis port is in use, and a port has one user at a time\r\n"


class SerialTcpServer(TcpServer):
    """Raw TCP, at the line's own baud rate, DTR and RTS on while connected."""

    def __init__(self, pace: Pace, end: SerialEnd, host: str, port: int) -> None:
        super().__init__(pace, host, port)
        self.end = end

    @property
    def address(self) -> str:
        """As pyserial takes it."""
        return f"socket://{self.host}:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One user; a second is told so and closed."""
        if not self.end.open(writer, lambda data: put(writer, data)):
            writer.write(TAKEN)
            return
        try:
            while data := await reader.read(CHUNK):
                self.end.send(data)
        finally:
            self.end.close(writer)
