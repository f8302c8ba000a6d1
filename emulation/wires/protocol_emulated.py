"""pyserial URL `emulated://modem`: a port of the active emulated bench, in simulated time.

A read that waits lets the world run. 8 data bits, no parity, one stop bit; no flow control. A wrong baud rate reads
and sends garbage on a UART (`gnss`); `modem` and `head_unit` are ports of USB and take any. One port is open once at a
time. Polling `in_waiting` lets no time pass: read with a timeout instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from serial import to_bytes  # type: ignore[attr-defined]  # types-pyserial lacks it
from serial.serialutil import (
    EIGHTBITS,
    LF,
    PARITY_NONE,
    STOPBITS_ONE,
    PortNotOpenError,
    SerialBase,
    SerialException,
    SerialTimeoutException,
)

from emulation.plugin import active
from emulation.serial_line import SerialLine
from emulation.world import Condition, Idle
from harness.units import nanoseconds

OUT_BUFFER = 4_096
"""Bytes that a write hands over at once; for more it waits until the rest fits (as the Linux tty layer)."""


class Serial(SerialBase):
    """A serial port as pyserial documents it, whose other end is an emulated ECU."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._line: SerialLine | None = None
        self._reading: Condition | None = None
        self._cancelled = False
        self._epoch = 0
        super().__init__(*args, **kwargs)

    def open(self) -> None:
        """Open the port that the URL names; raises `SerialException` where that cannot be."""
        if self.is_open:
            raise SerialException(f"{self.port} is already open")
        line = _line_of(self.port)
        if line.owner is not None:
            raise SerialException(f"{self.port} is open already, and a port has one user at a time: close it there")
        if line.link is not None:
            if line.link.refuses:
                raise SerialException(f"{self.port} is not there")
            self._epoch = line.link.epoch
        self._line = line
        self._reconfigure_port()
        line.owner = self
        line.inbox.clear()
        self.is_open = True
        self._cancelled = False
        self._update_dtr_state()
        self._update_rts_state()

    def close(self) -> None:
        """Close the port; a read under way in another thread returns."""
        if self.is_open:
            line = self._line
            assert line is not None  # it is open
            self.is_open = False
            self.cancel_read()
            line.dtr = line.rts = line.sends_break = False
            line.owner = None
            with line.world.lock:
                line.on_control()

    def _opened(self) -> SerialLine:
        if not self.is_open or self._line is None:
            raise PortNotOpenError
        link = self._line.link
        if link is not None and link.epoch != self._epoch:
            raise SerialException(f"{self.port} is gone: the device disconnected")
        return self._line

    def _reconfigure_port(self) -> None:
        if (self.bytesize, self.parity, self.stopbits) != (EIGHTBITS, PARITY_NONE, STOPBITS_ONE):
            raise ValueError(
                "emulated ports have 8 data bits, no parity, one stop bit; leave these settings as they are"
            )
        if not self.baudrate:
            raise ValueError(f"baud rate: expected a positive number, got {self.baudrate!r}")
        if self._line is not None and not self._line.any_baudrate:
            self._line.tester_baudrate = self.baudrate

    # Reading

    @property
    def in_waiting(self) -> int:
        """Bytes that have arrived and are not read."""
        return len(self._opened().inbox)

    def read(self, size: int = 1) -> bytes:
        """`size` bytes, or those there are after `timeout` s (or a gap of `inter_byte_timeout` s) of simulated time."""
        inbox = self._opened().inbox
        if len(inbox) < size:
            self._wait(lambda: len(inbox) >= size)
        return self._cut(size)

    def read_until(self, expected: bytes = LF, size: int | None = None) -> bytes:
        """What comes up to and with `expected`; less after `size` bytes or `timeout` s."""
        inbox = self._opened().inbox
        limit = size if size is not None and size >= 0 else None
        searched = 0
        end: int | None = None

        def complete() -> bool:
            nonlocal end, searched
            found = inbox.find(expected, searched, limit)
            if found >= 0:
                end = found + len(expected)
            elif limit is not None and len(inbox) >= limit:
                end = limit
            searched = max(0, len(inbox) - len(expected) + 1)
            return end is not None

        if not complete():
            self._wait(complete)
        return self._cut(len(inbox) if end is None else end)

    def readline(self, size: int | None = -1, /) -> bytes:
        """`read_until` the end of a line."""
        return self.read_until(LF, size)

    def _cut(self, size: int) -> bytes:
        if self._line is None:
            return b""
        taken = bytes(self._line.inbox[:size])
        del self._line.inbox[:size]
        return taken

    def _wait(self, complete: Callable[[], bool]) -> None:
        """Let the world run until `complete()`, a timeout, or `cancel_read`."""
        line = self._opened()
        world = line.world
        if self.timeout == 0:
            return
        with world.lock:
            deadline = None if self.timeout is None else world.now + nanoseconds(self.timeout)
            while not (complete() or self._cancelled or (deadline is not None and world.now >= deadline)):
                until = deadline
                if self.inter_byte_timeout is not None and line.inbox:
                    gap_ends = world.now + nanoseconds(self.inter_byte_timeout)
                    until = gap_ends if deadline is None else min(gap_ends, deadline)
                self._reading = line.next_bytes()
                try:
                    if not world.run(until, self._reading) and until != deadline:
                        break
                except Idle as idle:
                    raise SerialException(f"nothing can ever arrive on {self.port}: {idle}") from idle
        self._cancelled = False

    def cancel_read(self) -> None:
        """Make a read under way in another thread return what it has; without one, the next read that would wait."""
        self._cancelled = True
        if self._reading is not None:
            self._reading.happen()

    def reset_input_buffer(self) -> None:
        """Forget what has arrived."""
        self._opened().inbox.clear()

    # Writing

    @property
    def out_waiting(self) -> int:
        """Bytes written that are still to go over the line."""
        return self._opened().unsent

    def write(self, data: Any, /) -> int:
        """Send `data`. Raises `SerialTimeoutException`, with nothing sent, where `write_timeout` s are not enough."""
        line = self._opened()
        data = to_bytes(data)
        world = line.world
        with world.lock:
            room_at = line.sent_at(len(data) - OUT_BUFFER)
            if self.write_timeout is not None and room_at > world.now + nanoseconds(self.write_timeout):
                world.run(until=world.now + nanoseconds(self.write_timeout))
                raise SerialTimeoutException(f"{self.port}: {len(data)} bytes need more than {self.write_timeout} s")
            line.send(data)
            if room_at > world.now:
                world.run(until=room_at)
        return len(data)

    def flush(self) -> None:
        """Wait until everything has gone out."""
        line = self._opened()
        with line.world.lock:
            if line.unsent:
                line.world.run(until=line.sent_at())

    def reset_output_buffer(self) -> None:
        """Throw away what has not gone out."""
        line = self._opened()
        with line.world.lock:
            line.drop_unsent()

    # Control lines

    def send_break(self, duration: float = 0.25) -> None:
        """Hold the break condition for `duration` s of simulated time."""
        world = self._opened().world
        self.break_condition = True
        world.run(until=world.now + nanoseconds(duration))
        self.break_condition = False

    def _update_dtr_state(self) -> None:
        self._control("dtr", self.dtr)

    def _update_rts_state(self) -> None:
        self._control("rts", self.rts)

    def _update_break_state(self) -> None:
        self._control("sends_break", self.break_condition)

    def _control(self, name: str, state: bool) -> None:
        line = self._opened()
        with line.world.lock:
            setattr(line, name, bool(state))
            line.on_control()

    @property
    def cts(self) -> bool:
        """Clear To Send, as the ECU sets it."""
        return self._opened().cts

    @property
    def dsr(self) -> bool:
        """Data Set Ready, as the ECU sets it."""
        return self._opened().dsr

    @property
    def ri(self) -> bool:
        """Ring Indicator, as the ECU sets it."""
        return self._opened().ri

    @property
    def cd(self) -> bool:
        """Carrier Detect, as the ECU sets it."""
        return self._opened().cd


def _line_of(url: str | None) -> SerialLine:
    ports = active().ports
    there_is = (
        f"this emulated bench has: {', '.join(f'emulated://{name}' for name in sorted(ports)) or 'no serial port'}"
    )
    if url is None:
        raise SerialException(f"a port must be set before it is opened; {there_is}")
    parts = urlsplit(url)
    if parts.scheme != "emulated" or parts.netloc not in ports or parts.path.strip("/") or parts.query:
        raise SerialException(f"no port {url}; {there_is}")
    return ports[parts.netloc]
