"""Digital Key apps and data services that break one clause each (A-03, A-04, A-06 ... A-08, A-10 ... A-12)."""

from __future__ import annotations

from typing import Any

from emulation.ecus.head_unit.digital_key import DigitalKey, Login, Showing
from emulation.ecus.head_unit.linking_pages import LinkingPages
from emulation.ecus.head_unit.page import Element, Page
from emulation.ecus.telematics.services import Services
from emulation.faults import seeded
from emulation.world import Process


@seeded(breaks="A-03", story="the display has the phone linked from its own confirmation on, whatever becomes of it")
class EarlyKey(DigitalKey):
    """Does not wait for the end."""

    def confirm(self) -> None:
        """Count it as done."""
        super().confirm()
        if self.showing is not None:
            self.linked[self.showing.profile] = self.showing.name


@seeded(breaks="A-03", story="the display goes on waiting though the car has lost its coverage")
class PatientKey(DigitalKey):
    """Does not look at the data link."""

    def unreachable(self) -> str:
        """Never mind."""
        return ""


@seeded(breaks="A-03", story="without coverage the display refuses and does not say why")
class SilentKey(DigitalKey):
    """Says that it did not work."""

    def _begin(self, login: Login) -> Process:
        yield from super()._begin(login)
        self.message = "something went wrong" if self.message == "no coverage" else self.message


@seeded(breaks="A-04", story="the display shows the VIN with its serial number cut off")
class ShortVinPages(LinkingPages):
    """Has a narrow field."""

    def own(self, login: Login) -> Page:
        """All but the last digits."""
        return super().own(login) | {"vin": Element(self.head_unit.vin[:11])}


@seeded(breaks="A-06", story="a key that a workshop has blocked still has to be inside")
class LostKeyCounts(DigitalKey):
    """Counts blocked keys among those that belong to the car."""

    def facts(self) -> dict[str, Any]:
        """One more for each."""
        told = super().facts()
        return told | {"registered": told["registered"] + int(self.head_unit.last("CEM_Keys", "Blocked") or 0)}


@seeded(breaks="A-06", story="a key beside the car counts as one inside")
class NearIsInside(DigitalKey):
    """Has antennas that reach too far."""

    def facts(self) -> dict[str, Any]:
        """Both together."""
        told = super().facts()
        return told | {"inside": told["inside"] + int(self.head_unit.last("CEM_Keys", "Near") or 0)}


@seeded(breaks="A-07", story="a key that lies beside the car lets a guest link")
class NearIsEnough(DigitalKey):
    """Takes a key within reach for one inside."""

    def facts(self) -> dict[str, Any]:
        """Where none is inside."""
        told = super().facts()
        return told | {"inside": told["inside"] or int(self.head_unit.last("CEM_Keys", "Near") or 0)}


@seeded(breaks="A-08", story="Digital Key opens without a login")
class OpenPages(LinkingPages):
    """Greets whoever comes."""

    def login_form(self) -> Page:
        """As if somebody had logged in."""
        return super().login_form() | self.own(Login("", "", self.head_unit.profile, "Astrid Owner"))


@seeded(breaks="A-08", story="Digital Key is missing from the app view")
class HiddenPages(LinkingPages):
    """Has no entry."""

    def entries(self, path: str) -> Page:
        """None anywhere."""
        return {}


@seeded(breaks="A-08", story="the password can be read on the display")
class ReadablePages(LinkingPages):
    """Shows what was typed."""

    def login_form(self) -> Page:
        """All of it."""
        return super().login_form() | {"password": Element(self.typed_password, enter=self.type_password)}


@seeded(breaks="A-08", story="a wrong password opens the app all the same")
class WavingKey(DigitalKey):
    """Lets in who was refused."""

    def _log_in(self, login: Login) -> Process:
        yield from super()._log_in(login)
        if self.message:
            login.name = login.account
            self.login = login


@seeded(breaks="A-10", story="the switch for data sharing has no effect on the data link")
class BlabbingServices(Services):
    """Shares, whatever was chosen."""

    def hindrance(self) -> str:
        """Forget the switch."""
        self.data_sharing = True
        return super().hindrance()


@seeded(breaks="A-10", story="without data sharing the display refuses and blames the network")
class BlamingKey(DigitalKey):
    """Has one reason for everything."""

    def _begin(self, login: Login) -> Process:
        yield from super()._begin(login)
        self.message = "no coverage" if self.message == "data sharing is off" else self.message


@seeded(breaks="A-10", story="data sharing is looked at only when a link begins")
class OnceSharedKey(DigitalKey):
    """Goes on when it was switched off."""

    def unreachable(self) -> str:
        """Everything else counts."""
        reason = super().unreachable()
        return "" if reason == "data sharing is off" else reason


@seeded(breaks="A-11", story="the code also stands on the display as text")
class TalkativePages(LinkingPages):
    """Hands the code over to whoever reads the port."""

    def steps(self) -> Page:
        """The code beside its picture."""
        page, showing = super().steps(), self.key.showing
        return page | ({"text": Element(showing.code)} if showing is not None and "code" in page else {})


@seeded(breaks="A-11", story="the display stays at the scan while the app goes on")
class StuckKey(DigitalKey):
    """Does not follow."""

    def hear_step(self, told: dict[str, Any]) -> None:
        """Only the step that asks for a touch."""
        if told["step"] == "user":
            super().hear_step(told)


@seeded(breaks="A-11", story="the display does not say that its code has run out")
class FrozenKey(DigitalKey):
    """Shows a code for ever."""

    def hear_end(self, told: dict[str, Any]) -> None:
        """Ignore it while the code is shown."""
        if not (isinstance(self.showing, Showing) and self.showing.step == "scan"):
            super().hear_end(told)


@seeded(breaks="A-12", story="after a deletion on the display the profile still names the old phone's user")
class RememberingKey(DigitalKey):
    """Never forgets a name."""

    def hear_links(self, told: dict[str, Any]) -> None:
        """Add, and take nothing away."""
        self.linked |= told["profiles"]

    def _delete_link(self, profile: str) -> Process:
        name = self.linked.get(profile, "")
        yield from super()._delete_link(profile)
        self.linked[profile] = name
