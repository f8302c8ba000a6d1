"""A serial line by RFC 2217 (pyserial: `rfc2217://host:port`): bytes, baud rate, control lines and break over Telnet.

The protocol itself is pyserial's own server side, `serial.rfc2217.PortManager`.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from serial.rfc2217 import PortManager

from emulation.pace import Pace
from emulation.serve.serial_end import SerialEnd
from emulation.serve.serial_tcp import CHUNK, TAKEN
from emulation.serve.server import TcpServer, put

ESCAPE = b"\xff"
"""IAC of Telnet (RFC 854), sent twice where it is data."""


class Rfc2217Server(TcpServer):
    """Telnet with the com port option; modem state changes are told as they happen."""

    def __init__(self, pace: Pace, end: SerialEnd, host: str, port: int) -> None:
        super().__init__(pace, host, port)
        self.end = end

    @property
    def address(self) -> str:
        """As pyserial takes it."""
        return f"rfc2217://{self.host}:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One user; a second is told so and closed."""
        if not self.end.open(writer, lambda data: put(writer, data.replace(ESCAPE, ESCAPE * 2))):
            writer.write(TAKEN)
            return
        port: Any = _Port(self.end)
        client: Any = writer
        manager = PortManager(port, client, _quiet())
        self.pace.watch(manager.check_modem_lines)
        try:
            while received := await reader.read(CHUNK):
                with self.pace.acting():
                    data = b"".join(manager.filter(received))
                if data:
                    self.end.send(data)
        finally:
            self.pace.unwatch(manager.check_modem_lines)
            self.end.close(writer)


def _quiet() -> logging.Logger:
    """A log that nobody reads: pyserial would tell each option that it does not know."""
    log = logging.getLogger("rfc2217")
    log.setLevel(logging.CRITICAL)
    return log


class _Port:
    """What `PortManager` takes for the serial port: 8 data bits, no parity, one stop bit, whatever it asks for."""

    xonxoff = rtscts = False

    def __init__(self, end: SerialEnd) -> None:
        self._end = end

    @property
    def baudrate(self) -> int:
        return self._end.wanted_baudrate

    @baudrate.setter
    def baudrate(self, baudrate: int) -> None:
        self._end.set_baudrate(baudrate)

    @property
    def bytesize(self) -> int:
        return 8

    @bytesize.setter
    def bytesize(self, bits: int) -> None:
        _only(bits, 8)

    @property
    def parity(self) -> str:
        return "N"

    @parity.setter
    def parity(self, parity: str) -> None:
        _only(parity, "N")

    @property
    def stopbits(self) -> int:
        return 1

    @stopbits.setter
    def stopbits(self, bits: int) -> None:
        _only(bits, 1)

    @property
    def cts(self) -> bool:
        return self._end.line.cts

    @property
    def dsr(self) -> bool:
        return self._end.line.dsr

    @property
    def ri(self) -> bool:
        return self._end.line.ri

    @property
    def cd(self) -> bool:
        return self._end.line.cd

    @property
    def dtr(self) -> bool:
        return self._end.line.dtr

    @dtr.setter
    def dtr(self, on: bool) -> None:
        self._end.control(dtr=on)

    @property
    def rts(self) -> bool:
        return self._end.line.rts

    @rts.setter
    def rts(self, on: bool) -> None:
        self._end.control(rts=on)

    @property
    def break_condition(self) -> bool:
        return self._end.line.sends_break

    @break_condition.setter
    def break_condition(self, on: bool) -> None:
        self._end.control(sends_break=on)

    def reset_input_buffer(self) -> None:
        """Nothing waits here: what arrived went out at once."""

    def reset_output_buffer(self) -> None:
        self._end.drop_unsent()


def _only(wanted: object, there_is: object) -> None:
    if wanted != there_is:
        raise ValueError(f"emulated ports have 8 data bits, no parity, one stop bit; {wanted!r} was asked for")
