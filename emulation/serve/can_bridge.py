"""The emulated network joined to a bus of any python-can interface, or shown on one.

Joined to SocketCAN, emulated ECUs stand on a real network: `hil serve --can socketcan:can0 --without telematics` plays
the rest of the car to a real telematics unit. Shown by UDP multicast, tools may watch what is served.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Any, ClassVar

import can

from emulation.can_bus import CanBus, Frame
from emulation.pace import Pace
from emulation.wires.can_message import content_of, message_of

ECHOES = "udp_multicast"
"""The interface that hands back what one sends oneself as if another had sent it: it can show, and not join."""
MIRROR_GROUP = "239.74.163.2"
"""python-can's own default; hosts do not route it (RFC 2365), and with hop limit 0 it stays on this one."""


class CanBridge:
    """Carries every frame to a bus that `open_bus` opens, and back where it is `joined`."""

    SPEAKS: ClassVar[str] = "python-can"

    def __init__(
        self, pace: Pace, network: CanBus, name: str, open_bus: Callable[[], can.BusABC], joined: bool
    ) -> None:
        self.pace = pace
        self.address = name
        self._network = network
        self._open_bus = open_bus
        self._joined = joined
        self._refuses = False
        self._bus: can.BusABC | None = None
        self._reader: int | can.Notifier | None = None
        self._outgoing: list[Frame] = []
        self.lost = 0
        """Frames that the other bus did not take."""

    async def start(self) -> None:
        """Open the other bus. Raises `OSError` where it cannot be."""
        try:
            self._bus = self._open_bus()
        except (can.CanError, ValueError, ImportError) as error:
            raise OSError(f"{self.address} cannot be opened: {error}") from error
        if self._joined:
            self._listen(self._bus)
        self._network.attach(self._hear)
        self.pace.watch(self._flush)

    async def close(self) -> None:
        """Leave both."""
        if self._bus is None:
            return
        self.pace.unwatch(self._flush)
        self._network.detach(self._hear)
        if isinstance(self._reader, can.Notifier):
            self._reader.stop()
        elif self._reader is not None:
            asyncio.get_running_loop().remove_reader(self._reader)
        self._bus.shutdown()
        self._bus = None

    def disconnect(self) -> None:
        """A bus has no connection to close."""

    def refuse(self, on: bool) -> None:
        """Carry nothing, as with the cable out, or carry again."""
        self._refuses = on

    def _listen(self, bus: can.BusABC) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(NotImplementedError):
            self._reader = bus.fileno()
        if isinstance(self._reader, int) and self._reader >= 0:
            loop.add_reader(self._reader, self._read_all)
        else:
            self._reader = can.Notifier(bus, [self._take], timeout=0.1, loop=loop)

    def _read_all(self) -> None:
        assert self._bus is not None  # the reader ends with it
        while (message := self._bus.recv(0)) is not None:
            self._take(message)

    def _take(self, message: can.Message) -> None:
        if self._refuses or not message.is_rx or message.is_error_frame:
            return
        with contextlib.suppress(can.CanError), self.pace.acting():
            self._network.send(message.arbitration_id, *content_of(message), self)

    def _hear(self, frame: Frame) -> None:
        if frame.sender is not self:
            self._outgoing.append(frame)

    def _flush(self) -> None:
        outgoing, self._outgoing = self._outgoing, []
        if self._bus is None or self._refuses:
            return
        for frame in outgoing:
            try:
                self._bus.send(message_of(frame, self._network.name, is_rx=False), timeout=0)
            except (can.CanError, OSError):
                self.lost += 1


def joined(pace: Pace, network: CanBus, wanted: str) -> CanBridge:
    """The network joined to `INTERFACE:CHANNEL[,OPTION=VALUE ...]`. Raises `ValueError` for what that cannot be."""
    where, *options = wanted.split(",")
    interface, colon, channel = where.partition(":")
    pairs = [option.partition("=") for option in options]
    if not colon or not channel or not all(value for _name, _equals, value in pairs):
        raise ValueError(f"expected INTERFACE:CHANNEL[,OPTION=VALUE ...], such as socketcan:vcan0, got {wanted!r}")
    if interface not in can.VALID_INTERFACES:
        raise ValueError(f"python-can has no interface {interface!r}; it has {', '.join(sorted(can.VALID_INTERFACES))}")
    if interface == ECHOES:
        raise ValueError(f"{ECHOES} hands own frames back as another's: it can show a network, and not join one")
    given: dict[str, Any] = {name: int(value) if value.isdecimal() else value for name, _equals, value in pairs}
    return CanBridge(pace, network, wanted, lambda: can.Bus(interface=interface, channel=channel, **given), joined=True)


def mirror(pace: Pace, network: CanBus, port: int) -> CanBridge:
    """The network shown by UDP multicast, on this host alone, at `port` (0: a free one)."""
    port = port or _free_port()

    def open_bus() -> can.BusABC:
        return can.Bus(interface="udp_multicast", channel=MIRROR_GROUP, port=port, hop_limit=0, fd=True)

    return CanBridge(pace, network, f"udp_multicast:{MIRROR_GROUP},port={port}", open_bus, joined=False)


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("", 0))
        port: int = probe.getsockname()[1]
        return port
