"""Keywords of the vehicle modem's Internet and of the personal SIM (B-20 ... B-23)."""

from __future__ import annotations

from robot.api.deco import keyword
from teller import Teller

from harness import catalogue
from harness.actors.sim_card import CARD_ERRORS
from harness.errors import ExpectationError
from harness.units import S


class ConnectivityKeywords(Teller):
    """The settings of the car's Internet, and the card in its holder."""

    # The card

    @keyword("The Card Holder Is Empty")
    def modem_no_card(self) -> None:
        """No card touches the contacts."""
        self.since = self.stage.sim_card.takes_out()

    @keyword("A Card That Cannot Be Read Is Put In")
    def modem_bad_card(self) -> None:
        """Its data contact is open."""
        self.stage.sim_card.puts_in()
        self.since = self.stage.sim_card.soils()

    @keyword("A Mini SIM Is Put In")
    def modem_mini_sim(self) -> None:
        """A good card; times count from here."""
        self.since = self.stage.sim_card.puts_in()

    @keyword("The Display Shows The SIM Card As ${state}")
    def modem_card_shown(self, state: str) -> None:
        """`Ready`, `No Card`, `Unreadable`, `PIN Needed`, `PUK Needed`: and the modem's port says the same."""
        card, wanted = self.stage.sim_card, state.upper()
        card.expects_shown(wanted)
        if card.error() != CARD_ERRORS.get(wanted, 0):
            raise ExpectationError(f"expected the modem to say {CARD_ERRORS.get(wanted, 0)}; it says {card.error()}")

    @keyword("Nothing Connects")
    def modem_nothing_connects(self) -> None:
        """Neither modem nor network knows of an attach for a while."""
        self.stage.workshop.stays_detached(10 * S)

    @keyword("The Car Connects To The Network")
    def modem_connects(self) -> None:
        """Modem and network say so."""
        self.stage.workshop.watch_attach(self.since, "attach from a card")

    # The switch

    @keyword("Vehicle Modem Internet Is Off")
    def modem_internet_off(self) -> None:
        """Switched off in the settings."""
        self.since = self.stage.connectivity.switches(False)

    @keyword("The Driver Touches Vehicle Modem Internet In Settings")
    def modem_touches(self) -> None:
        """The box, once; what follows counts from here."""
        self.since = self.stage.connectivity.touches_switch()

    @keyword("A Phone Lends Its Internet")
    def modem_phone_lends(self) -> None:
        """Its connection is in use."""
        connectivity = self.stage.connectivity
        connectivity.phone_lends(True)
        if connectivity.used() != "PHONE":
            raise ExpectationError(f"expected the phone's connection to be in use; it is {connectivity.used()}")

    @keyword("The Display Asks To Confirm The Change Of Connection")
    def modem_asked(self) -> None:
        """And nothing has changed yet."""
        connectivity = self.stage.connectivity
        if not connectivity.is_asked() or connectivity.is_up():
            raise ExpectationError("expected the display to ask before it changes the connection; it does not")

    @keyword("The Driver Confirms The Change")
    def modem_confirms(self) -> None:
        """What follows counts from here."""
        self.since = self.stage.connectivity.confirms()

    @keyword("The Car Has Internet By Its Modem")
    def modem_has_internet(self) -> None:
        """CAN, the modem's port and the display say so."""
        self.stage.connectivity.expects_up(since=self.since)
        self._used("MODEM")

    @keyword("The Services Of Connect Answer")
    def modem_services_answer(self) -> None:
        """Connect is on, and what the app asks is done."""
        self.stage.connectivity.expects_connect("ON", since=self.since)
        self.stage.phone.is_served()

    @keyword("The Services Of Connect Do Not Answer")
    def modem_services_silent(self) -> None:
        """Connect is off, and the app is told why."""
        self.stage.connectivity.expects_connect("OFF", since=self.since)
        self.stage.phone.is_refused("modem Internet is off")

    # The PIN

    @keyword("The Display Asks For The PIN")
    def modem_display_asks(self) -> None:
        """Its page comes up by itself."""
        self.stage.sim_card.expects_asked()

    @keyword("The Driver Types A Wrong PIN")
    def modem_types_wrong(self) -> None:
        """On the display's key pad."""
        self.stage.sim_card.types_wrong_pin()

    @keyword("The Driver Types The Right PIN")
    def modem_types_right(self) -> None:
        """Times count from here."""
        self.since = self.stage.sim_card.types_pin()

    @keyword("The Display Says That It Is Wrong And That ${number:\\d+} Tries Are Left")
    def modem_wrong_and_left(self, number: str) -> None:
        """The modem's port counts the same."""
        card, left = self.stage.sim_card, int(number)
        said = (card.message(), card.tries_shown(), self.stage.bench.modem.pin_tries())
        if said != ("Wrong PIN", left, left):
            raise ExpectationError(
                f"expected Wrong PIN and {left} tries left at display and port; it is {said[0]!r}, {said[1]}, {said[2]}"
            )

    @keyword("The Driver Types Wrong PINs Until The Card Is Locked")
    def modem_locks(self) -> None:
        """As many as a card allows."""
        for _ in range(catalogue.limit("pin_tries")):
            self.stage.sim_card.types_wrong_pin()

    @keyword("The PUK And A New PIN Connect The Car")
    def modem_types_puk(self) -> None:
        """Both typed on the display, modem and network say attached."""
        self.since = self.stage.sim_card.types_puk()
        self.modem_connects()

    def _used(self, connection: str) -> None:
        used = self.stage.connectivity.used()
        if used != connection:
            raise ExpectationError(f"expected the display to say that Internet comes by {connection}; it says {used}")
