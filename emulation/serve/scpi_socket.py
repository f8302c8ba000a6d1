"""Raw SCPI over TCP, as instruments offer it at port 5025: messages and answers that end with a newline.

Each connection has its own input buffer and output queue. Each answer goes out as it comes: questions sent one after
the other are answered one after the other, where HiSLIP would call the first ones interrupted. There is no device clear
and no status byte: a client that wants to forget an answer closes its connection, and what was to come is lost with it.
"""

from __future__ import annotations

import asyncio

from emulation.bench import ScpiDevice
from emulation.lab.framing import Framer
from emulation.pace import Pace
from emulation.serve.scpi_device import converse, send, wait_for_turn
from emulation.serve.server import TcpServer

CHUNK = 1 << 16
MESSAGE_MAX = 16 << 20
"""Bytes of one program message; a client that sends more without a newline is sent away."""


class ScpiSocketServer(TcpServer):
    """One device at one port."""

    def __init__(self, pace: Pace, device: ScpiDevice, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(pace, host, port)
        self.device = device

    @property
    def address(self) -> str:
        """VISA resource name."""
        return f"TCPIP::{self.host}::{self.port}::SOCKET"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, until it goes or sends a message without an end."""

        def answer() -> None:
            send(writer, bytes(talk.output()))
            talk.output().clear()

        framer = Framer()
        talk = converse(self.pace.world, self.device, answer)
        try:
            while framer.pending <= MESSAGE_MAX and (data := await reader.read(CHUNK)):
                messages = [message for message in framer.feed(data) if message.strip()]
                if messages:
                    with self.pace.acting():
                        for message in messages:
                            talk.write(message + b"\n")
                await wait_for_turn(lambda: talk.backlog)
        finally:
            with self.pace.acting():
                talk.close()
