"""HiSLIP (IVI-6.1): LAN instruments with device clear, status byte, service request, locks and trigger.

A session is two connections: a synchronous one for messages and answers, an asynchronous one for everything else.
Protocol version 2.0 without its secure connections; synchronized mode, overlapped is refused when it is negotiated.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count

from emulation.bench import ScpiDevice
from emulation.pace import Pace
from emulation.serve.hislip_locks import Locks
from emulation.serve.hislip_messages import BadHeader, Fatal, Kind, Message, Mistake, Oversized, Receiver
from emulation.serve.hislip_session import Session
from emulation.serve.scpi_device import wait_for_turn
from emulation.serve.server import TcpServer

CHUNK = 1 << 16
VERSION = 0x0200
"""Highest protocol version that is spoken, 2.0; a client with a lower one is served in its own."""
SUB_ADDRESS = "hislip0"
SESSIONS_MAX = 16


class HislipServer(TcpServer):
    """One device at one port, at the sub-address `hislip0`."""

    def __init__(self, pace: Pace, device: ScpiDevice, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(pace, host, port)
        self.device = device
        self.locks = Locks(self._locks_changed)
        self.sessions: dict[int, Session] = {}
        self._numbers = count(1)
        self._watching = False

    @property
    def address(self) -> str:
        """VISA resource name."""
        return f"TCPIP::{self.host}::{SUB_ADDRESS},{self.port}::INSTR"

    async def start(self) -> None:
        """Listen. Raises `OSError` where the port is taken."""
        await super().start()
        self.pace.watch(self._ask_for_service)
        self._watching = True

    async def close(self) -> None:
        """Close the port and every session."""
        if self._watching:
            self.pace.unwatch(self._ask_for_service)
            self._watching = False
        await super().close()

    def _ask_for_service(self) -> None:
        for session in self.sessions.values():
            session.ask_for_service()

    def _locks_changed(self) -> None:
        for session in tuple(self.sessions.values()):
            session.unlocked()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: its first message tells which of the two it is, and of which session."""
        receiver = Receiver()
        session: Session | None = None
        handle: Callable[[Message], None] | None = None
        try:
            while data := await reader.read(CHUNK):
                for message in receiver.feed(data):
                    if isinstance(message, Oversized):
                        writer.write(Message(Kind.ERROR, Mistake.TOO_LARGE, 0, b"message too large").pack())
                    elif handle is not None:
                        handle(message)
                    else:
                        session, handle = self._begin(message, writer)
                        if handle is None:
                            return
                if session is not None and handle == session.synchronous:
                    await wait_for_turn(session.backlog)
        except BadHeader as error:
            writer.write(Message(Kind.FATAL_ERROR, Fatal.BAD_HEADER, 0, str(error).encode()).pack())
        finally:
            if session is not None:
                self._end(session)

    def _begin(
        self, message: Message, writer: asyncio.StreamWriter
    ) -> tuple[Session | None, Callable[[Message], None] | None]:
        """The session that a connection's first message opens or joins, and what handles the following ones."""
        refusal = Fatal.BAD_INITIALIZATION, b"the first message must be Initialize or AsyncInitialize"
        if message.kind == Kind.INITIALIZE:
            if len(self.sessions) >= SESSIONS_MAX:
                refusal = Fatal.TOO_MANY_CLIENTS, b"too many sessions"
            elif message.payload.decode("latin-1").lower() not in {"", SUB_ADDRESS}:
                refusal = Fatal.BAD_INITIALIZATION, b"there is only " + SUB_ADDRESS.encode()
            else:
                number = next(self._numbers) & 0xFFFF
                session = self.sessions[number] = Session(self, number, writer)
                version = min(message.parameter >> 16, VERSION)
                writer.write(Message(Kind.INITIALIZE_RESPONSE, 0, version << 16 | number).pack())
                return session, session.synchronous
        elif message.kind == Kind.ASYNC_INITIALIZE:
            joined = self.sessions.get(message.parameter)
            if joined is not None and joined.join(writer):
                return joined, joined.asynchronous
            refusal = Fatal.BAD_INITIALIZATION, b"there is no session with this number that waits for its other channel"
        writer.write(Message(Kind.FATAL_ERROR, refusal[0], 0, refusal[1]).pack())
        return None, None

    def _end(self, session: Session) -> None:
        """One of the two connections has gone: the other goes with it."""
        if self.sessions.pop(session.number, None) is not None:
            session.close()
            self.locks.forget(session)
