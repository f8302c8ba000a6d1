"""Packet data of the modem: which connections are defined, which are up, and their addresses (B-20, B-21).

Ref: 3GPP TS 27.007, 10.1 (PDP contexts); TS 24.301: an attached modem has one PDN connection at least.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulation.ecus.modem.radio_service import REGISTERED
from emulation.world import Process
from harness.units import MS

if TYPE_CHECKING:
    from emulation.ecus.modem.modem import Modem

INTERNET, VOICE = 1, 2
"""Contexts that the modem was made with: the Internet on demand, and what it attaches with, which calls use."""
SET_UP = (80 * MS, 200 * MS, 900 * MS)
"""Least, most likely and most from the request to an address (own choice)."""


class PacketData:
    """Contexts by their number. What is defined outlives a boot; what is up ends with the registration."""

    def __init__(self, modem: Modem) -> None:
        self.modem = modem
        self.defined = {INTERNET: ("IPV4V6", "internet.test"), VOICE: ("IPV4V6", "ims")}
        """`+CGDCONT`: type and access point name."""
        self.addresses: dict[int, str] = {}
        """`+CGPADDR`: IPv4 of what is up."""
        self._random = modem.world.random("packet data")
        modem.world.spawn(self.follow(), "modem packet data")

    def is_up(self, context: int) -> bool:
        """Whether a context is active."""
        return context in self.addresses

    def follow(self) -> Process:
        """Come and go with the registration."""
        registered = False
        while True:
            before, registered = registered, self.modem.registration in REGISTERED
            if registered and not before:
                self._give_address(VOICE)
            elif before and not registered:
                self.addresses.clear()
            yield self.modem.changed()

    def activate(self, context: int) -> Process:
        """Ask the network for an address; returns whether it gave one."""
        least, likely, most = SET_UP
        yield round(self._random.triangular(least, most, likely))
        if self.modem.registration not in REGISTERED or not self.modem.network.receivable:
            return False
        if not self.is_up(context):
            self._give_address(context)
            self.modem.tell()
        return True

    def deactivate(self, context: int) -> None:
        """Give the address back; without effect where there is none."""
        if self.addresses.pop(context, None) is not None:
            self.modem.tell()

    def _give_address(self, context: int) -> None:
        self.addresses[context] = f"10.{self._random.randrange(64, 128)}.{self._random.randrange(256)}.{context + 1}"
