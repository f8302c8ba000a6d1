"""The car's Internet by its modem: up while it is wanted and there is a network (B-20, B-21)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from emulation.ecus.modem.packet_data import INTERNET
from emulation.ecus.modem.radio_service import REGISTERED
from emulation.world import Process
from harness.units import S

if TYPE_CHECKING:
    from emulation.ecus.telematics.telematics import Telematics


class ModemInternet:
    """Part of the telematics unit. Whether it is wanted is a setting, which `Services` keeps."""

    RETRY = 5 * S
    """Until it tries again after a failure, or after somebody else took the connection down (own choice)."""

    def __init__(self, unit: Telematics) -> None:
        self.unit = unit
        self.modem = unit.modem

    def keep(self) -> Process:
        """Bring the connection up and down, and up again where it was lost."""
        while True:
            changed = self.unit.services.changed()
            if self.is_up() and not self.wanted():
                self.take_down()
                yield changed
            elif self.is_up() or not self.possible():
                was_up = self.is_up()
                yield changed
                if was_up and not self.is_up() and self.possible():
                    yield self.RETRY
            elif not (yield from self.modem.packet.activate(INTERNET)):
                yield self.RETRY

    def wanted(self) -> bool:
        """Whether it is switched on."""
        return self.unit.services.modem_internet

    def possible(self) -> bool:
        """Whether it is wanted, and the modem registered."""
        return self.wanted() and self.modem.registration in REGISTERED

    def is_up(self) -> bool:
        """Whether the modem has an address in the Internet."""
        return self.modem.packet.is_up(INTERNET)

    def take_down(self) -> None:
        """Give it back."""
        self.modem.packet.deactivate(INTERNET)

    def state(self) -> Literal["OFF", "CONNECTING", "ON"]:
        """`TCU_Network.DataConnection`."""
        if self.is_up():
            return "ON"
        return "CONNECTING" if self.possible() else "OFF"
