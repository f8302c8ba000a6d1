"""How a bench gets at its wires: straight, with a recorder on each of them, or out of a recording."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import can
import httpx
import serial

from harness.can.network import Network
from harness.clock import Clock
from harness.timeline import Timeline

Interface = tuple[Callable[..., Network], can.BusABC, Clock]
"""What makes a network, with what of python-can's, on whose time."""


class Wiring(Protocol):
    """What a bench asks for each of its parts; each opener opens the real one."""

    is_replay: bool
    """Whether everything comes out of a recording: then there is nothing to be made safe."""

    def clock(self, opener: Callable[[], Clock]) -> Clock:
        """The bench's clock."""

    def bus(self, name: str, clock: Clock, opener: Callable[[], can.BusABC]) -> Interface:
        """The interface of a network, and what class and clock the network has."""

    def port(self, name: str, opener: Callable[[], serial.Serial]) -> serial.Serial:
        """A serial port."""

    def resource(self, name: str, opener: Callable[[], Any]) -> Any:
        """A VISA resource."""

    def transport(self, opener: Callable[[], httpx.BaseTransport | None]) -> httpx.BaseTransport | None:
        """What carries HTTP; None: httpx's own."""

    def watch(self, timeline: Timeline) -> None:
        """Where frames and events are filed."""

    def closing(self) -> None:
        """The bench is about to be closed."""

    def close(self) -> None:
        """The bench is closed."""


class Straight:
    """Every wire as it is; nothing is kept."""

    is_replay = False

    def clock(self, opener: Callable[[], Clock]) -> Clock:
        """The clock itself."""
        return opener()

    def bus(self, name: str, clock: Clock, opener: Callable[[], can.BusABC]) -> Interface:  # noqa: ARG002
        """The interface itself."""
        return Network, opener(), clock

    def port(self, name: str, opener: Callable[[], serial.Serial]) -> serial.Serial:  # noqa: ARG002
        """The port itself."""
        return opener()

    def resource(self, name: str, opener: Callable[[], Any]) -> Any:  # noqa: ARG002
        """The resource itself."""
        return opener()

    def transport(self, opener: Callable[[], httpx.BaseTransport | None]) -> httpx.BaseTransport | None:
        """The transport itself."""
        return opener()

    def watch(self, timeline: Timeline) -> None:
        """Nothing is watched."""

    def closing(self) -> None:
        """Nothing is noted."""

    def close(self) -> None:
        """Nothing was opened."""
