"""All servers of one emulated bench, started and closed together."""

from __future__ import annotations

from emulation.bench import EmulatedBench
from emulation.can_bus import CanBus
from emulation.lab import INSTRUMENTS
from emulation.offboard.api import create_app
from emulation.offboard.troubled import troubled
from emulation.pace import Pace
from emulation.serve import can_bridge
from emulation.serve.admission import Admission
from emulation.serve.front_page import with_front_page
from emulation.serve.hislip import HislipServer
from emulation.serve.http import HttpServer
from emulation.serve.options import CAN, HISLIP, MAIN, MIRROR, RFC2217, SCPI, TCP, Options
from emulation.serve.rfc2217 import Rfc2217Server
from emulation.serve.scpi_socket import ScpiSocketServer
from emulation.serve.serial_end import SerialEnd
from emulation.serve.serial_pty import PtyServer
from emulation.serve.serial_tcp import SerialTcpServer
from emulation.serve.server import TcpServer
from emulation.serve.socketcand import SocketcandServer
from emulation.serve.ways import Server, Ways


class ServedBench:
    """A bench behind its servers: `servers` by what they serve ("can.body", "serial.modem", "instrument.scope" ...)."""

    def __init__(self, bench: EmulatedBench, options: Options | None = None) -> None:
        self.bench = bench
        self.options = options or Options()
        self.pace = Pace(bench.world)
        self.admission = Admission(self.options.token)
        self.servers: dict[str, Server] = {}
        for name, bus in bench.buses.items():
            self.servers[f"can.{name}"] = self._admitting(SocketcandServer(self.pace, bus, *self._place(CAN)))
        for name, line in bench.ports.items():
            self.servers[f"serial.{name}"] = self._serial(name, SerialEnd(self.pace, line))
        for place, name in enumerate(INSTRUMENTS):
            device = bench.instruments.get(f"TCPIP::{name}::hislip0::INSTR")
            if device is None:
                continue
            self.servers[f"instrument.{name}"] = Ways(
                HiSLIP=self._admitting(HislipServer(self.pace, device, *self._place(HISLIP + place))),
                raw_SCPI=self._admitting(ScpiSocketServer(self.pace, device, *self._place(SCPI + place))),
            )
        app = self.admission.guard(with_front_page(create_app(bench), self.servers))
        for name, server in self.servers.items():
            bench.link(name).serve(server)
        app = troubled(bench.link("offboard"), app)
        self.servers["offboard"] = HttpServer(self.pace, app, *self._place(MAIN))
        for name, bus in bench.buses.items():
            self._join(name, bus)

    def _place(self, place: int) -> tuple[str, int]:
        return self.options.host, self.options.port(place)

    def _join(self, name: str, bus: CanBus) -> None:
        if self.options.mirror:
            self.servers[f"mirror.{name}"] = can_bridge.mirror(self.pace, bus, self.options.port(MIRROR))
        for number, wanted in enumerate(self.options.can, start=1):
            self.servers[f"joined.{number}"] = can_bridge.joined(self.pace, bus, wanted)

    def _admitting(self, server: TcpServer) -> TcpServer:
        server.admits = self.admission.admits
        return server

    def _serial(self, name: str, end: SerialEnd) -> Server:
        """The modem's first way has control lines and a baud rate; the others are read by anything over TCP."""
        ways: dict[str, Server] = {
            "RFC_2217": self._admitting(Rfc2217Server(self.pace, end, *self._place(RFC2217[name]))),
            "TCP": self._admitting(SerialTcpServer(self.pace, end, *self._place(TCP[name]))),
        }
        if name != "modem":
            ways = dict(reversed(ways.items()))
        if self.options.links is not None:
            ways["device_file"] = PtyServer(self.pace, end, self.options.links / name)
        return Ways(**ways)

    async def start(self) -> None:
        """Listen on every port; a machine without multicast goes without the mirror.

        Raises `OSError` where a port is taken; close it then.
        """
        for name, server in tuple(self.servers.items()):
            try:
                await server.start()
            except OSError as error:
                if name.startswith("mirror."):
                    del self.servers[name]
                    continue
                error.add_note(name)
                raise

    async def close(self) -> None:
        """Close every port."""
        for server in self.servers.values():
            await server.close()

    def addresses(self) -> dict[str, str]:
        """Where each part is reached, as a bench file writes it."""
        host, name = self.options.host, self.options.name
        return {part: server.address.replace(host, name, 1) for part, server in self.servers.items()}
