"""Serial ports by URL, and a reader that takes lines from one without ever waiting (modem, GNSS, head unit)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import serial

from harness.errors import BenchError
from harness.plugins import plugins
from harness.units import S

OnLine = Callable[[bytes], None]

LONGEST_LINE = 1024 * 1024
"""Bytes without an end of line after which a sender is taken to talk nonsense; the longest line is a picture."""

RETRY_PAUSE = 1 * S
"""Before something is asked again: time for a device to come back."""


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


def close_port(port: serial.Serial) -> None:
    """Close a port, one over TCP whose other side is gone as well: there pyserial leaves the socket open."""
    connection = getattr(port, "_socket", None)
    try:
        port.close()
    finally:
        if connection is not None:
            connection.close()


class LineReader:
    """Cuts what a port has received into lines, as a pump of the bench's clock.

    A port that failed says so to whoever uses it next, and is opened anew for the use after that: a USB modem that
    resets comes back under its name.
    """

    def __init__(self, port: serial.Serial, name: str, on_line: OnLine) -> None:
        self.name = name
        self.where = f"serial port {name}" + (f" at {url}" if (url := getattr(port, "port", None)) else "")
        """For messages."""
        self.failure: str | None = None
        """Why the port cannot be read; None while it can."""
        self.on_failure: Callable[[str], None] = lambda _why: None
        """Told once of each failure."""
        self._told = False
        self._port = port
        self._on_line = on_line
        self._rest = bytearray()

    def pump(self) -> None:
        """Hand every complete line, without its end, to `on_line`; empty lines are none. Never waits, never raises."""
        if self.failure is not None:
            return
        arrived = bytearray()
        try:
            if not self._port.in_waiting:
                return
            while waiting := self._port.in_waiting:  # `socket://` tells of one byte however many there are
                arrived += self._port.read(waiting)
        except OSError as error:
            self._take(arrived)
            self._fail(error)
        else:
            self._take(arrived)

    def _take(self, data: bytes | bytearray) -> None:
        if not data:
            return
        self._rest += data
        *lines, rest = self._rest.replace(b"\r", b"\n").split(b"\n")
        self._rest = rest if len(rest) < LONGEST_LINE else bytearray()
        for line in lines:
            if line:
                self._on_line(bytes(line))

    def _fail(self, error: OSError) -> None:
        if self.failure is None:
            self.failure = str(error) or type(error).__name__
            self._rest.clear()
            self.on_failure(f"{self.where} failed: {self.failure}")

    @property
    def unfinished(self) -> bytes:
        """What came after the last end of line."""
        return bytes(self._rest)

    def write(self, data: bytes) -> None:
        """Send `data`. Raises `BenchError` where the port fails or has failed."""
        self.ready()
        try:
            self._port.write(data)
        except OSError as error:
            self._fail(error)
            self._told = True
            raise self._error() from error

    def ready(self, *, quietly: bool = False) -> bool:
        """Whether the port had to be opened anew to be ready: what was set on its other side may be gone.

        Raises `BenchError` where it cannot be opened, and unless `quietly` once after each failure.
        """
        if self.failure is None:
            return False
        if not self._told and not quietly:
            self._told = True
            raise self._error()
        try:
            close_port(self._port)
            self._port.open()
        except OSError as error:
            raise BenchError(
                f"{self.where} failed ({self.failure}) and cannot be opened anew: {error}. Is its cable in?"
            ) from error
        self._rest.clear()
        self.failure, self._told = None, False
        return True

    def probe(self) -> None:
        """Look whether the port is still there: some tell only a reader that they are gone. Takes in what came."""
        self.pump()
        if self.failure is not None:
            return
        try:
            self._take(self._port.read(1))  # its timeout is 0: this never waits
        except OSError as error:
            self._fail(error)

    def check_health(self) -> None:
        """Raises `BenchError` where the port has failed."""
        self.probe()
        if self.failure is not None:
            self._told = True
            raise self._error()

    def _error(self) -> BenchError:
        return BenchError(f"{self.where} failed: {self.failure}. Is its cable in, and is the device powered?")

    def close(self) -> None:
        """Close the port."""
        with suppress(OSError):  # a device that is gone
            close_port(self._port)
