"""Keywords of the vehicle modem: power, PIN, and how long it takes to attach (B-24)."""

from __future__ import annotations

from robot.api.deco import keyword
from teller import Teller

from harness.judge import agree


class ModemKeywords(Teller):
    """The modem, by its AT port and as the network tester sees it."""

    @keyword("The Car Has No Power")
    def without_power(self) -> None:
        """The battery is not connected, and the modem is off."""
        if self.opened is not None:
            self.opened.workshop.power_down()

    @keyword("The Car Is Powered")
    def powered(self) -> None:
        """The battery is connected; times count from here."""
        self.since = self.bare_stage.workshop.power_up()

    @keyword("The SIM Asks For Its PIN")
    def asks_for_pin(self) -> None:
        """The modem has started with a SIM that is locked by its PIN."""
        self.stage.workshop.ask_for_pin()

    @keyword("A Wrong PIN Is Entered")
    def enters_wrong_pin(self) -> None:
        """The SIM refuses it."""
        self.stage.workshop.enter_wrong_pin()

    @keyword("The Right PIN Is Entered")
    def enters_pin(self) -> None:
        """Times count from its acceptance."""
        self.since = self.stage.workshop.enter_pin()

    @keyword("The Car Is Connected To The Network In Time After Power On")
    def attached_after_power(self) -> None:
        """Modem and network say so within the limit."""
        self._attaches("attach from power-on", "attach_from_power_on")

    @keyword("The Car Is Connected To The Network In Time After The PIN")
    def attached_after_pin(self) -> None:
        """The same from the PIN on."""
        self._attaches("attach from PIN", "attach_from_pin")

    @keyword("Modem And Network Tester Agree")
    def sources_agree(self) -> None:
        """Both tell of the same moment, within their uncertainty."""
        if self.attach is None:
            raise LookupError("nothing has attached yet: say how long it may take before saying who agrees on it")
        agreement = agree("modem and network tester", [self.attach.modem], [self.attach.network])
        self.stage.measure(agreement.check().difference)

    def _attaches(self, name: str, limit: str) -> None:
        self.attach = self.bare_stage.workshop.watch_attach(self.since, name)
        self.stage.measure(self.attach.modem, limit)
        self.stage.measure(self.attach.network, limit)
