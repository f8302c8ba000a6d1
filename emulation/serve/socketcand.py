"""CAN over TCP by the socketcand protocol, which python-can, SavvyCAN and Kayak speak.

A client opens the network, is in broadcast-manager mode, and may change to raw mode, where it hears every frame that is
not its own, as on SocketCAN. Frames are told with the world's own time. The protocol has no word for CAN FD frames, and
neither ISO-TP mode nor multiplex filters are served. Ref: linux-can/socketcand, doc/protocol.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from emulation.can_bus import CanBus, Frame
from emulation.pace import Pace
from emulation.serve.server import TcpServer, put
from emulation.serve.socketcand_jobs import Jobs, Subscriptions
from emulation.serve.socketcand_text import WrongFrame, read_frame, read_remote, text_of
from harness.units import MS

LONGEST_COMMAND = 4_096
"""Characters without a `>` after which a client is taken to talk nonsense."""
QUEUE = 1_000
"""Frames of one client that wait for the network; it is not read from while there are more, as a full socket waits."""
SETTLE = 0.2
"""Seconds that frames wait after `< ok >` to rawmode, unless the client speaks before: python-can takes whatever
arrives together with that answer for a wrong answer."""
FAREWELL = 5.0
"""Seconds that a client which reads too slowly has to take what is on its way, and why it is dropped."""


class SocketcandServer(TcpServer):
    """Serves one network, by its name, to any number of clients."""

    SPEAKS: ClassVar[str] = "socketcand"

    def __init__(self, pace: Pace, bus: CanBus, host: str, port: int) -> None:
        super().__init__(pace, host, port)
        self.bus = bus
        self.counts = [0, 0, 0, 0]
        """Bytes and frames that the network sent to clients, and clients to the network."""
        bus.attach(self._count)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, from `< hi >` to its end."""
        session = Session(self, writer)
        self.pace.watch(session.flush)
        try:
            await session.talk(reader)
        finally:
            self.pace.unwatch(session.flush)
            session.stop()

    def _count(self, frame: Frame) -> None:
        place = 2 if isinstance(frame.sender, Session) else 0
        self.counts[place] += len(frame.data)
        self.counts[place + 1] += 1


class Session:
    """One client: what it opened, and what waits to be sent to it."""

    def __init__(self, server: SocketcandServer, writer: asyncio.StreamWriter) -> None:
        self._server = server
        self._pace = server.pace
        self._bus = server.bus
        self._writer = writer
        self._mode = ""
        self._texts: list[str] = []
        self._settles: asyncio.TimerHandle | None = None
        self._statistics: asyncio.TimerHandle | None = None
        self._on_the_way = 0
        self._has_room = asyncio.Event()
        self._jobs = Jobs(self._bus, self)
        self._subscriptions = Subscriptions(self._bus, self, self._texts.append)

    async def talk(self, reader: asyncio.StreamReader) -> None:
        """Answer command after command until the client is gone."""
        self.tell("< hi >")
        while True:
            try:
                text = await reader.readuntil(b">")
            except asyncio.LimitOverrunError:
                self.tell(f"< error no command is longer than {LONGEST_COMMAND} characters >")
                return
            self._settled()
            words = text.decode("ascii", "replace").strip(" \r\n<>").split()
            if len(text) > LONGEST_COMMAND or not self._obey(words):
                return
            while self._on_the_way >= QUEUE:
                self._has_room.clear()
                await self._has_room.wait()

    def tell(self, text: str) -> None:
        """Send an answer, after the frames before it."""
        if self._settles is None:
            self._texts.append(text)
            self.flush()
        else:
            self._writer.write(text.encode("ascii", "replace"))

    def flush(self) -> None:
        """Send what was heard since the last time; a client that does not keep up is told so and dropped."""
        if self._texts and self._settles is None:
            data = "".join(self._texts).encode("ascii", "replace")
            self._texts.clear()
            if not put(self._writer, data) and not self._writer.is_closing():
                self._writer.write(b"< error you read too slowly, and frames were lost >")
                self._writer.close()
                asyncio.get_running_loop().call_later(FAREWELL, self._writer.transport.abort)

    def stop(self) -> None:
        """The client is gone: cyclic frames and what it wanted told end; frames that it has sent go out."""
        self._leave()
        self._settled()
        if self._statistics is not None:
            self._statistics.cancel()

    # Commands

    def _obey(self, words: list[str]) -> bool:
        """Obey one command without its brackets. Returns whether the client may stay."""
        match words:
            case []:
                return True
            case ["echo"] if self._mode:
                self.tell("< echo >")
            case ["open", name] if not self._mode:
                return self._open(name)
            case ["bcmmode" | "rawmode" | "controlmode" as mode] if self._mode:
                self._enter(mode)
            case ["statistics", interval] if self._mode == "controlmode" and interval.isdecimal():
                self._tell_statistics(int(interval))
            case [command, *values] if self._mode in {"bcmmode", "rawmode"}:
                self._handle_frame(command, values)
            case _:
                self.tell("< error unknown command >")
        return True

    def _open(self, name: str) -> bool:
        if name != self._bus.name:
            self.tell(f"< error could not open bus: there is {self._bus.name} >")
            return False
        self._mode = "bcmmode"
        self.tell("< ok >")
        return True

    def _enter(self, mode: str) -> None:
        self._leave()
        self.tell("< ok >")
        self._mode = mode
        if mode == "rawmode":
            self._settles = asyncio.get_running_loop().call_later(SETTLE, self._settled)
            with self._pace.acting():  # what was on the network before is not heard
                self._bus.attach(self._hear)

    def _leave(self) -> None:
        self._bus.detach(self._hear)
        self._jobs.clear()
        self._subscriptions.clear()

    def _handle_frame(self, command: str, values: list[str]) -> None:
        cyclic: dict[str, Callable[[list[str]], None]] = {
            "add": self._jobs.add,
            "update": self._jobs.update,
            "delete": self._jobs.delete,
            "subscribe": self._subscriptions.subscribe,
            "filter": self._subscriptions.filter,
            "unsubscribe": self._subscriptions.unsubscribe,
        }
        try:
            with self._pace.acting():
                if command == "send":
                    self._send(*read_frame(values))
                elif command == "sendrtr":
                    self._send(*read_remote(values))
                elif self._mode == "bcmmode" and command in cyclic:
                    cyclic[command](values)
                else:
                    self.tell("< error unknown command >")
        except WrongFrame as wrong:
            self.tell(f"< error {command}: {wrong} >")

    def _send(self, identifier: int, data: bytes, flags: int) -> None:
        if self._bus.link is not None and self._bus.link.off:
            return  # a controller that is bus-off takes frames, and sends none
        self._on_the_way += 1
        self._bus.send(identifier, data, flags, self, self._sent)

    def _sent(self, _frame: Frame) -> None:
        self._on_the_way -= 1
        self._has_room.set()

    def _hear(self, frame: Frame) -> None:
        if frame.sender is not self and not self._bus.is_lost(frame):
            self._texts.append(text_of(frame))

    def _settled(self) -> None:
        if self._settles is not None:
            self._settles.cancel()
            self._settles = None
            self.flush()

    def _tell_statistics(self, interval: int) -> None:
        """Every `interval` ms; 0 ends it."""
        if self._statistics is not None:
            self._statistics.cancel()
        if interval:
            self.tell(f"< stat {' '.join(map(str, self._server.counts))} >")
            later = asyncio.get_running_loop().call_later
            self._statistics = later(interval * MS / 1e9, self._tell_statistics, interval)
