"""Keywords of Plug & Charge: settings, app, providers, the contract the car keeps (C-01 ... C-05, C-10 ... C-17)."""

from __future__ import annotations

from robot.api.deco import keyword
from teller import Teller

from harness.actors.provider import Contract
from harness.catalogue import limit
from harness.errors import ExpectationError

STEP_LEFT = "plug_in"


class ChargingKeywords(Teller):
    """What driver, owner and provider do about the contract."""

    _contract: Contract | None = None

    def forget(self) -> None:
        """No contract yet."""
        super().forget()
        self._contract = None

    @property
    def contract(self) -> Contract:
        """The contract that the test speaks of. Raises `LookupError` where there is none yet."""
        if self._contract is None:
            raise LookupError("no contract yet: let the owner set one up before saying what comes of it")
        return self._contract

    # Settings

    @keyword("The Driver Goes To Settings, Charging, Advanced, Plug & Charge")
    def goes_to_switch(self) -> None:
        """Touch by touch from the first page."""
        self.stage.charging_settings.goes_to_switch()

    @keyword("The Driver Switches Plug & Charge ${state}")
    def switches(self, state: str) -> None:
        """`On` or `Off`, and the provider hears of it."""
        on = state.lower() == "on"
        self.since = self.stage.charging_settings.switches(on)
        self.stage.provider.expects_switched(on)

    @keyword("The Charger Knows That Plug & Charge Is On")
    def charger_knows(self) -> None:
        """It wants a contract from now on."""
        self.stage.car.expects("OBC_Contract.InstallWanted", "YES", limit("charging_setting"))

    @keyword("Learn More Explains The Set-up")
    def learns_more(self) -> None:
        """One touch from the switch."""
        self.stage.charging_settings.learns_more()

    @keyword("Plug & Charge Can Be Switched")
    def offered(self) -> None:
        """It is not greyed out."""
        self.stage.charging_settings.expects_offered()

    @keyword("The Provider Does Not Offer Plug & Charge")
    def provider_without(self) -> None:
        """From now on."""
        self.stage.provider.behaves(offered=False)

    @keyword("Plug & Charge Is Greyed Out Because It Is Not Available In ${country}")
    def not_in_country(self, country: str) -> None:
        """And the page says so."""
        self.stage.charging_settings.expects_not_offered(f"not available in {country}")

    @keyword("Plug & Charge Is Greyed Out Because The Provider Does Not Offer It")
    def not_by_provider(self) -> None:
        """And the page says so."""
        self.stage.charging_settings.expects_not_offered("your provider does not offer it")

    # To a contract

    @keyword("The Owner Follows The App To The End")
    def follows_app(self) -> None:
        """Each step as it is shown."""
        self._contract = self.stage.provider.leads()

    @keyword("The Owner Gives The PCID Of The Display To Another Provider")
    def gives_pcid(self) -> None:
        """And goes the rest of that provider's way."""
        self._contract = self.stage.provider.leads("other", self.stage.charging_settings.reads_pcid())

    @keyword("There Is A Contract With The ${company} That Is In Order")
    def contract_stands(self, company: str) -> None:
        """`Partner` or `Other Provider`: the one that is asked says so."""
        wanted = company.split(maxsplit=1)[0].lower()
        if self.contract["company"] != wanted:
            raise ExpectationError(f"expected a contract with the {wanted}; it is with {self.contract['company']}")
        self.stage.provider.expects_state(self.contract["emaid"], "in order")

    @keyword("The App Says To Plug In")
    def says_plug_in(self) -> None:
        """That is all that is left."""
        ways = self.stage.bench.offboard.request("GET", "/provider/set-ups")
        if ways[-1]["next"] != STEP_LEFT:
            raise ExpectationError(f"expected the app to say that the car is to be plugged in; it asks for {ways[-1]}")
