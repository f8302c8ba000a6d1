"""All servers of one emulated bench, started and closed together."""

from __future__ import annotations

from typing import Protocol

from emulation.bench import EmulatedBench
from emulation.lab import INSTRUMENTS
from emulation.offboard.api import create_app
from emulation.pace import Pace
from emulation.serve.http import HttpServer
from emulation.serve.options import CAN, HISLIP, OFFBOARD, SCPI, SERIAL_RFC2217, SERIAL_TCP, Options
from emulation.serve.serial_end import SerialEnd
from emulation.serve.serial_tcp import SerialTcpServer
from emulation.serve.socketcand import SocketcandServer


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
        """Close every connection at once; the port goes on listening."""

    def refuse(self, on: bool) -> None:
        """Close new connections as soon as they come, or take them again."""


class ServedBench:
    """A bench behind its servers: `servers` by what they serve ("can.body", "serial.modem", "instrument.scope" ...)."""

    def __init__(self, bench: EmulatedBench, options: Options | None = None) -> None:
        self.bench = bench
        self.options = options or Options()
        self.pace = Pace(bench.world)
        self.servers: dict[str, Server] = {}
        host, port = self.options.host, self.options.port
        self.servers["offboard"] = HttpServer(self.pace, create_app(bench), host, port(OFFBOARD))
        for name, bus in bench.buses.items():
            self.servers[f"can.{name}"] = SocketcandServer(self.pace, bus, host, port(CAN))
        for name, line in bench.ports.items():
            end = SerialEnd(self.pace, line)
            self.servers[f"serial.{name}"] = SerialTcpServer(self.pace, end, host, port(SERIAL_TCP[name]))
        self._add_instruments()

    def _add_instruments(self) -> None:
        try:
            from emulation.serve.hislip import HislipServer
            from emulation.serve.scpi_socket import ScpiSocketServer
        except ImportError:
            return
        host, port = self.options.host, self.options.port
        for place, name in enumerate(INSTRUMENTS):
            device = self.bench.parts[name]
            self.servers[f"instrument.{name}"] = HislipServer(self.pace, device, host, port(HISLIP + place))
            self.servers[f"scpi.{name}"] = ScpiSocketServer(self.pace, device, host, port(SCPI + place))

    async def start(self) -> None:
        """Listen on every port. Raises `OSError` where one is taken; close it then."""
        for server in self.servers.values():
            await server.start()

    async def close(self) -> None:
        """Close every port."""
        for server in self.servers.values():
            await server.close()

    def addresses(self) -> dict[str, str]:
        """Where each part is reached, as a bench file writes it."""
        return {name: server.address for name, server in self.servers.items()}
