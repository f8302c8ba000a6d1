"""A serial line as a pseudo-terminal: a device file that any program opens, such as out/serve/modem.

A hang-up tells that the user has closed it, and its termios which baud rate the user set; control lines it has none, so
DTR and RTS follow opening and closing. Where the user must go, the terminal itself goes, as a USB modem does that
restarts, and a new one comes under the same name.
"""

from __future__ import annotations

import asyncio
import os
import re
import termios
import tty
from contextlib import suppress
from pathlib import Path

from emulation.pace import Pace
from emulation.serve.serial_end import SerialEnd
from emulation.serve.serial_tcp import CHUNK
from emulation.serve.server import BACKLOG

LOOK = 0.02
"""Seconds between two looks whether somebody has opened it: the kernel tells of the end of use, not of its begin."""
OUTPUT_SPEED = 5
"""Place of the baud rate in what termios tells."""
RATES = {getattr(termios, name): int(name[1:]) for name in dir(termios) if re.fullmatch(r"B[1-9]\d*", name)}


class PtyServer:
    """One line on a pseudo-terminal that the symbolic link `link` leads to."""

    def __init__(self, pace: Pace, end: SerialEnd, link: Path) -> None:
        self.pace = pace
        self.end = end
        self.link = link
        self._master: int | None = None
        self._terminal = ""
        self._in_use = False
        self._unwritten = bytearray()
        self._look_again: asyncio.TimerHandle | None = None

    @property
    def address(self) -> str:
        """The device file."""
        return str(self.link)

    async def start(self) -> None:
        """Put the terminal there. Raises `OSError` where the link cannot be made."""
        self.link.parent.mkdir(parents=True, exist_ok=True)
        self._plug()
        self.pace.watch(self._follow_baudrate)

    async def close(self) -> None:
        """Take it away."""
        self._unplug()
        self.pace.unwatch(self._follow_baudrate)

    def disconnect(self) -> None:
        """Hang up, and come back under the same name."""
        if self._master is not None:
            self._unplug()
            self._plug()

    def refuse(self, on: bool) -> None:
        """Have no device file for whoever opens it from now on, or have one again."""
        if on and not self._in_use:
            self._unplug()
        elif on:
            self.link.unlink(missing_ok=True)
        elif self._master is None:
            self._plug()
        elif not self.link.is_symlink():
            self._name()

    # The terminal

    def _plug(self) -> None:
        self._master, slave = os.openpty()
        tty.setraw(slave)
        self._terminal = os.ttyname(slave)
        self._name()
        os.close(slave)  # who has it open keeps the line from hanging up
        os.set_blocking(self._master, False)
        self._look()

    def _name(self) -> None:
        new = self.link.with_name(f".{self.link.name}.{os.getpid()}")
        new.unlink(missing_ok=True)
        new.symlink_to(self._terminal)
        new.replace(self.link)

    def _unplug(self) -> None:
        if self._master is None:
            return
        self._let_go()
        if self._look_again is not None:
            self._look_again.cancel()
        os.close(self._master)
        self._master = None
        self.link.unlink(missing_ok=True)

    # Its user

    def _look(self) -> None:
        """Whether somebody has opened it."""
        assert self._master is not None  # looks end with it
        try:
            data = os.read(self._master, CHUNK)
        except BlockingIOError:
            data = b""
        except OSError:  # nobody
            self._look_again = asyncio.get_running_loop().call_later(LOOK, self._look)
            return
        if not self.end.open(self, self._put):
            self.disconnect()  # a port has one user at a time
            return
        self._in_use = True
        asyncio.get_running_loop().add_reader(self._master, self._readable)
        self._take(data)

    def _readable(self) -> None:
        assert self._master is not None  # a reader ends with it
        try:
            self._take(os.read(self._master, CHUNK))
        except BlockingIOError:
            return
        except OSError:  # hung up
            self._let_go()
            self._look()

    def _take(self, data: bytes) -> None:
        self._follow_baudrate()
        if data:
            self.end.send(data)

    def _let_go(self) -> None:
        if self._in_use and self._master is not None:
            loop = asyncio.get_running_loop()
            loop.remove_reader(self._master)
            loop.remove_writer(self._master)
            self._unwritten.clear()
            self._in_use = False
            self.end.close(self)

    def _put(self, data: bytes) -> None:
        """Hand on what arrived; what a user does not read is lost in the end, as in any port."""
        if len(self._unwritten) < BACKLOG:
            self._unwritten += data
            self._write()

    def _write(self) -> None:
        if self._master is None:
            return
        loop = asyncio.get_running_loop()
        with suppress(BlockingIOError):
            del self._unwritten[: os.write(self._master, self._unwritten)]
        if self._unwritten:
            loop.add_writer(self._master, self._write)
        else:
            loop.remove_writer(self._master)

    def _follow_baudrate(self) -> None:
        """What the user has set counts for what is sent and what arrives from now on."""
        if self._in_use and self._master is not None and not self.end.line.any_baudrate:
            rate = RATES.get(termios.tcgetattr(self._master)[OUTPUT_SPEED])
            if rate is not None and rate != self.end.line.tester_baudrate:
                self.end.set_baudrate(rate)
