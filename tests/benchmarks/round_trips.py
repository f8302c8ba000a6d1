"""Serial, VISA and HTTP: one question and its answer, beside the plain library over loopback."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import StreamRequestHandler, TCPServer
from typing import Any

import httpx
import pyvisa
import serial

from emulation import plugin
from emulation.bench import EmulatedBench
from emulation.wires.http_transport import EmulatedTransport
from tests.benchmarks.measure import rate

IDENTITY = b"Keysight Technologies,34465A,EMULATED,1\n"


def modem(count: int) -> float:
    """`AT` to an emulated line that answers `OK`."""
    bench = EmulatedBench()
    plugin.activate(bench)
    line = bench.port("modem")
    line.on_bytes = lambda _data: line.write(b"\r\nOK\r\n")
    if "emulation.wires" not in serial.protocol_handler_packages:
        serial.protocol_handler_packages.append("emulation.wires")
    with serial.serial_for_url("emulated://modem", baudrate=115_200, timeout=1) as port:
        return rate(lambda: _talk(port, count), count)


def loopback(count: int) -> float:
    """The same bytes through pyserial's `loop://`."""
    with serial.serial_for_url("loop://", timeout=1) as port:

        def talk() -> None:
            for _ in range(count):
                port.write(b"\r\nOK\r\n")
                assert port.read_until(b"OK\r\n") == b"\r\nOK\r\n"

        return rate(talk, count)


def _talk(port: Any, count: int) -> None:
    for _ in range(count):
        port.write(b"AT\r")
        assert port.read_until(b"OK\r\n") == b"\r\nOK\r\n"


def instrument(count: int) -> float:
    """`*IDN?` to the emulated multimeter through `@emulated`."""
    plugin.activate(plugin.build())
    return _identify("@emulated", "TCPIP::dmm::hislip0::INSTR", count)


def socket_instrument(count: int) -> float:
    """`*IDN?` over a loopback socket through PyVISA-py."""

    class Answer(StreamRequestHandler):
        def handle(self) -> None:
            for _question in self.rfile:
                self.wfile.write(IDENTITY)

    return _serving(
        TCPServer(("127.0.0.1", 0), Answer),
        lambda address: _identify("@py", f"TCPIP::{address[0]}::{address[1]}::SOCKET", count),
    )


def _identify(backend: str, resource: str, count: int) -> float:
    manager = pyvisa.ResourceManager(backend)
    session: Any = manager.open_resource(resource, read_termination="\n", write_termination="\n")

    def ask() -> None:
        for _ in range(count):
            assert session.query("*IDN?")

    try:
        return rate(ask, count)
    finally:
        session.close()
        manager.close()


def offboard(count: int) -> float:
    """`GET /clock` answered in this process."""
    plugin.activate(plugin.build())
    with httpx.Client(transport=EmulatedTransport(), base_url="emulated://offboard") as client:
        return rate(lambda: _get(client, count), count)


def served(count: int) -> float:
    """The same from Python's own HTTP server on loopback, over one connection."""

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet an answer

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "9")
            self.end_headers()
            self.wfile.write(b'{"now":0}')

        def log_message(self, *_arguments: object) -> None:
            """Print nothing."""

    def ask(address: tuple[str, int]) -> float:
        with httpx.Client(base_url=f"http://{address[0]}:{address[1]}", trust_env=False) as client:
            return rate(lambda: _get(client, count), count)

    return _serving(HTTPServer(("127.0.0.1", 0), Answer), ask)


def _get(client: httpx.Client, count: int) -> None:
    for _ in range(count):
        assert client.get("/clock").json()["now"] == 0


def _serving(server: TCPServer, ask: Callable[[tuple[str, int]], float]) -> float:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        return ask(server.server_address)  # type: ignore[arg-type]  # an IPv4 address is a pair
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
