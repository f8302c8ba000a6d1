"""Apps, and commands from phones, that break one clause each (A-01, A-12, A-13, A-14)."""

from __future__ import annotations

from emulation.faults import seeded
from emulation.offboard.app import App
from emulation.offboard.connect import Connect
from emulation.offboard.phone_commands import Command, Kind, PhoneCommands, name
from emulation.offboard.phones import Phone


@seeded(breaks="A-01", story="every phone is served, linked or not")
class OpenCommands(PhoneCommands):
    """Asks nobody for a link."""

    def unlinked(self, phone: Phone) -> str:
        """Anybody is."""
        return ""


@seeded(breaks="A-01", story="an unlinked phone is told no, and the car gets its command all the same")
class LeakyCommands(PhoneCommands):
    """Sends first and looks then."""

    def ask(self, phone: Phone, kind: Kind) -> Command:
        """Refused, and sent."""
        command = super().ask(phone, kind)
        if command.state == "refused":
            self._connect.send(kind, self.VALID, request=name(command))
        return command


@seeded(breaks="A-01", story="whoever is logged in as a linked user is served on any phone")
class IdCommands(PhoneCommands):
    """Looks at the ID, not at the phone."""

    def unlinked(self, phone: Phone) -> str:
        """A user is a user."""
        return "" if phone.account in self._links.users() else super().unlinked(phone)


@seeded(breaks="A-01", story="only locking needs a link, asking where the car is does not")
class CuriousCommands(PhoneCommands):
    """Takes a position for no service."""

    def ask(self, phone: Phone, kind: Kind) -> Command:
        """Tell anybody."""
        self.harmless = kind == "locate"
        return super().ask(phone, kind)

    def unlinked(self, phone: Phone) -> str:
        """Unless that is all."""
        return "" if self.harmless else super().unlinked(phone)


@seeded(breaks="A-12", story="a phone that was linked once is served for ever")
class NostalgicCommands(PhoneCommands):
    """Remembers old phones."""

    known: frozenset[int] = frozenset({1})

    def unlinked(self, phone: Phone) -> str:
        """Not if it ever was."""
        self.known |= {link.phone for link in self._links.links}
        return "" if phone.id in self.known else super().unlinked(phone)


@seeded(breaks="A-12", story="the app goes on speaking for a car that it is linked to no longer")
class LoyalApp(App):
    """Remembers its car."""

    def vin(self) -> str | None:
        """Whatever became of the link."""
        return str(self._bench.parts["telematics"].vin)


@seeded(breaks="A-13", story="a failure is always put down to the surroundings")
class ExcusingCommands(PhoneCommands):
    """Is never at fault."""

    def is_defect(self, phone: Phone) -> bool:
        """Never."""
        return False


@seeded(breaks="A-13", story="a car without coverage is a matter for customer support")
class BlamingCommands(PhoneCommands):
    """Is always at fault."""

    def is_defect(self, phone: Phone) -> bool:
        """Under the sky, always."""
        sky = self._bench.parts["sky"]
        return sky.fix and phone.online


@seeded(breaks="A-13", story="a failure in an underground garage is a matter for customer support")
class RooflessCommands(PhoneCommands):
    """Does not look for the sky."""

    OPEN_SKY = 0

    def is_defect(self, phone: Phone) -> bool:
        """Wherever there is coverage."""
        return self._network.coverage == "full" and phone.online


@seeded(breaks="A-14", story="a subscription that was switched off still serves every phone")
class FreeConnect(Connect):
    """Asks nobody to pay."""

    def reason(self) -> str:
        """As if it were on."""
        before, self._activated = self._activated, True
        try:
            return super().reason()
        finally:
            self._activated = before


@seeded(breaks="A-14", story="a service that was switched off cannot be switched on again")
class FinalConnect(Connect):
    """Goes one way."""

    @property
    def activated(self) -> bool:
        """Once off, off."""
        return self._activated

    @activated.setter
    def activated(self, on: bool) -> None:
        self._activated = self._activated and on
        self.tell()


@seeded(breaks="A-14", story="with Connect switched off commands are refused for want of coverage")
class VagueCommands(PhoneCommands):
    """Has one reason for everything."""

    def service_off(self) -> str:
        """The usual one."""
        return "no coverage" if super().service_off() else ""
