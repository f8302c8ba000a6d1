"""Cars whose Internet by the vehicle modem breaks one clause each (B-20, B-21)."""

from __future__ import annotations

from typing import Any

from emulation.ecus.head_unit.modem_pages import ModemPages
from emulation.ecus.modem.packet_data import INTERNET, PacketData
from emulation.ecus.telematics.modem_internet import ModemInternet
from emulation.ecus.telematics.services import Services
from emulation.faults import seeded
from emulation.offboard.connect import MODEM_INTERNET_OFF, NO_COVERAGE
from emulation.world import Process
from harness.units import S


@seeded(breaks="B-20", story="the services go through another connection than the modem's")
class ServicesBypassModem(Services):
    """Takes whatever Internet there is, also a phone's."""

    def hindrance(self) -> str:
        """Looks at the modem's in no case, where a phone lends its own."""
        reason = super().hindrance()
        lent = self.unit.bench.parts["phones"].lends_internet()
        return "" if lent and reason == MODEM_INTERNET_OFF else reason


@seeded(breaks="B-20", story="Connect says that it is on while the modem's Internet is down")
class ConnectWithoutConnection(Services):
    """Believes the setting, and not the modem."""

    def hindrance(self) -> str:
        """As if the connection were up."""
        reason = super().hindrance()
        return "" if reason == NO_COVERAGE and self.unit.modem.packet.is_up(2) else reason


@seeded(breaks="B-20", story="a connection that was lost once does not come back")
class GivesUpConnection(ModemInternet):
    """Brings it up once in its life."""

    _tried = False

    def is_up(self) -> bool:
        """Remembers that it was."""
        up = super().is_up()
        self._tried = self._tried or up
        return up

    def possible(self) -> bool:
        """Until it was up."""
        return super().possible() and not self._tried


@seeded(breaks="B-20", story="the modem says that its connection is up, and has no address")
class NoAddress(PacketData):
    """Knows a context's state and not its address."""

    def _give_address(self, context: int) -> None:
        super()._give_address(context)
        self.addresses[context] = ""


@seeded(breaks="B-21", story="switched off, the modem's connection stays up")
class StaysUp(ModemInternet):
    """Takes nothing down."""

    def take_down(self) -> None:
        """Leave it."""


@seeded(breaks="B-21", story="half a minute after it was switched off, the modem's Internet is on again")
class ComesBack(ModemInternet):
    """Forgets what was chosen."""

    _forgotten = False

    def take_down(self) -> None:
        """For a while."""
        if not self._forgotten:
            super().take_down()
            self.unit.world.spawn(self._again(), "modem Internet comes back")

    def _again(self) -> Process:
        yield 30 * S
        self._forgotten = True
        yield from self.modem.packet.activate(INTERNET)


@seeded(breaks="B-21", story="another connection is replaced without a question")
class NotAsked(ModemPages):
    """Does as it is told."""

    def toggle(self) -> None:
        """At once."""
        self.choose(not self.wanted)


@seeded(breaks="B-21", story="the modem takes over while the question still stands")
class AsksTooLate(ModemPages):
    """Asks, and has done it already."""

    def toggle(self) -> None:
        """Both."""
        super().toggle()
        if self.asked:
            self.choose(True)


@seeded(breaks="B-21", story="Cancel changes the connection as well")
class CancelIsOk(ModemPages):
    """Takes either answer for a yes."""

    def cancel(self) -> None:
        """Yes."""
        self.confirm()


@seeded(breaks="B-21", story="the question comes up although no other connection is in use")
class AsksAlways(ModemPages):
    """Asks to be sure."""

    def toggle(self) -> None:
        """In any case."""
        if self.wanted:
            super().toggle()
        else:
            self.head_unit.show("Settings > Connectivity > Change of connection")
            self.asked = True


@seeded(breaks="B-21", story="the choice is lost with the supply")
class SwitchForgotten(ModemPages):
    """Boots with modem Internet on."""

    def processes(self) -> Any:
        """As from the factory."""
        self.wanted = True
        return super().processes()


@seeded(breaks="B-21", story="switched on by the confirmation, the modem stays off")
class ConfirmDoesNothing(ModemPages):
    """Closes the question."""

    def confirm(self) -> None:
        """And leaves it at that."""
        self.cancel()
