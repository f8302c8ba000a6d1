"""Serial ports by URL, and a reader that takes lines from one without ever waiting (modem, GNSS, head unit)."""

from __future__ import annotations

from collections.abc import Callable

import serial

from harness.errors import BenchError
from harness.plugins import plugins

OnLine = Callable[[bytes], None]

LONGEST_LINE = 64 * 1024
"""Bytes without an end of line after which a sender is taken to talk nonsense (a screenshot comes in lines)."""


def open_port(url: str, baudrate: int, name: str) -> serial.Serial:
    """Open `url` (a device, `rfc2217://`, `socket://`, or what a plug-in adds). Raises `BenchError`."""
    for plugin in plugins("connect_hil.serial").values():
        if plugin.value not in serial.protocol_handler_packages:
            serial.protocol_handler_packages.append(plugin.value)
    write_timeout = None if url.startswith("rfc2217:") else 1  # pyserial's RFC 2217 client knows none
    try:
        port: serial.Serial = serial.serial_for_url(url, baudrate=baudrate, timeout=0, write_timeout=write_timeout)
    except (OSError, ValueError) as error:  # SerialException is an OSError
        raise BenchError(
            f"serial port {name} at {url} cannot be opened: {error}. Is it plugged in, and free?"
        ) from error
    return port


class LineReader:
    """Cuts what a port has received into lines, as a pump of the bench's clock."""

    def __init__(self, port: serial.Serial, name: str, on_line: OnLine) -> None:
        self.name = name
        self.failure: str | None = None
        self._port = port
        self._on_line = on_line
        self._rest = bytearray()

    def pump(self) -> None:
        """Hand every complete line, without its end, to `on_line`; empty lines are none. Never waits, never raises."""
        try:
            arrived = len(self._rest)
            while waiting := self._port.in_waiting:  # `socket://` tells of one byte however many there are
                self._rest += self._port.read(waiting)
            if len(self._rest) == arrived:
                return
        except OSError as error:
            self.failure = self.failure or str(error)
            return
        *lines, rest = self._rest.replace(b"\r", b"\n").split(b"\n")
        self._rest = rest if len(rest) < LONGEST_LINE else bytearray()
        for line in lines:
            if line:
                self._on_line(bytes(line))

    @property
    def unfinished(self) -> bytes:
        """What came after the last end of line."""
        return bytes(self._rest)

    def write(self, data: bytes) -> None:
        """Send `data`. Raises `BenchError` where the port fails."""
        self.check_health()
        try:
            self._port.write(data)
        except OSError as error:
            raise BenchError(f"serial port {self.name} failed: {error}. Is its cable in?") from error

    def check_health(self) -> None:
        """Raises `BenchError` where reading failed before."""
        if self.failure is not None:
            raise BenchError(f"serial port {self.name} failed: {self.failure}. Is its cable in?")

    def close(self) -> None:
        """Close the port."""
        self._port.close()
