"""CAN over TCP by the socketcand protocol, which python-can, SavvyCAN and Kayak speak.

Ref: linux-can/socketcand, doc/protocol.md. A frame is told with the world's own time, to the microsecond.
"""

from __future__ import annotations

import asyncio

from emulation.can_bus import ERROR, EXTENDED, FD, REMOTE, CanBus, Frame
from emulation.pace import Pace
from emulation.serve.server import TcpServer
from harness.units import US, S

LONGEST_COMMAND = 4_096
"""Characters without a `>` after which a client is taken to talk nonsense."""
BACKLOG = 4 * 1024 * 1024
"""Bytes (some ten thousands of frames) that wait for a slow client before it is dropped."""
SETTLE = 0.2
"""Seconds that frames wait after `< ok >` to rawmode, unless the client speaks before: python-can takes whatever
arrives together with that answer for a wrong answer."""


class SocketcandServer(TcpServer):
    """Serves one network, by its name, to any number of clients."""

    def __init__(self, pace: Pace, bus: CanBus, host: str, port: int) -> None:
        super().__init__(pace, host, port)
        self.bus = bus

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, from `< hi >` to its end."""
        session = Session(self, writer)
        self.pace.watch(session.flush)
        try:
            await session.talk(reader)
        finally:
            session.stop()
            self.pace.unwatch(session.flush)


class Session:
    """One client: what it opened, and what waits to be sent to it."""

    def __init__(self, server: SocketcandServer, writer: asyncio.StreamWriter) -> None:
        self._server = server
        self._pace = server.pace
        self._bus = server.bus
        self._writer = writer
        self._opened = False
        self._raw = False
        self._frames: list[str] = []
        self._settles: asyncio.TimerHandle | None = None

    async def talk(self, reader: asyncio.StreamReader) -> None:
        """Answer command after command until the client is gone."""
        self.tell("< hi >")
        while True:
            try:
                text = await reader.readuntil(b">")
            except asyncio.LimitOverrunError:
                self.tell("< error a command has no > >")
                return
            self._settled()
            words = text.decode("ascii", "replace").strip(" \r\n<>").split()
            if words:
                self.command(words)

    def command(self, words: list[str]) -> None:
        """One command without its brackets."""
        match words:
            case ["echo"]:
                self.tell("< echo >")
            case ["open", name] if name == self._bus.name:
                self._opened = True
                self.tell("< ok >")
            case ["open", name]:
                self.tell(f"< error could not open bus {name}: there is {self._bus.name} >")
            case ["rawmode"] if self._opened:
                self.tell("< ok >")
                self._listen()
            case ["send", identifier, length, *data] if self._raw:
                self._send(identifier, length, data)
            case _:
                self.tell(f"< error unknown command {words[0]} in this mode >")

    def tell(self, text: str) -> None:
        """Send an answer, in order with the frames before it."""
        self._writer.write(text.encode("ascii", "replace"))

    def stop(self) -> None:
        """The client is gone."""
        self._settled()
        self._bus.detach(self._hear)

    def flush(self) -> None:
        """Send what was heard since the last time."""
        if self._frames and self._settles is None:
            self._writer.write("".join(self._frames).encode("ascii"))
            self._frames.clear()

    def _listen(self) -> None:
        self._raw = True
        self._settles = asyncio.get_running_loop().call_later(SETTLE, self._settled)
        self._bus.attach(self._hear)

    def _settled(self) -> None:
        if self._settles is not None:
            self._settles.cancel()
            self._settles = None

    def _hear(self, frame: Frame) -> None:
        link = self._bus.link
        if link is not None and link.touched and link.misses(frame):
            return
        if frame.sender is not self:
            self._frames.append(text_of(frame))

    def _send(self, identifier: str, length: str, data: list[str]) -> None:
        try:
            number, payload = int(identifier, 16), bytes(int(byte, 16) for byte in data)
            flags = EXTENDED if len(identifier) > 3 else 0
            if int(length, 16) != len(payload) or len(payload) > 8 or number > (0x1FFF_FFFF if flags else 0x7FF):
                raise ValueError
        except ValueError:
            self.tell(f"< error no frame: {identifier} {length} {' '.join(data)} >")
            return
        if self._bus.link is not None and self._bus.link.off:
            return  # a controller that is bus-off takes frames, and sends none
        with self._pace.acting():
            self._bus.send(number, payload, flags, self)


def text_of(frame: Frame) -> str:
    """A frame as clients read it; nothing for what the protocol has no word for (FD and remote frames)."""
    time, identifier, data, flags, _sender = frame
    stamp = f"{time // S}.{time % S // US:06d}"
    if flags & ERROR:
        return f"< error {identifier:03X} {stamp} >"
    if flags & (FD | REMOTE):
        return ""
    return (
        f"< frame {identifier:08X} {stamp} {data.hex().upper()} >"
        if flags & EXTENDED
        else (f"< frame {identifier:03X} {stamp} {data.hex().upper()} >")
    )
