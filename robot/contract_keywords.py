"""Keywords of the contract that the car keeps: installed, checked, removed, changed, ended (C-09 ... C-17)."""

from __future__ import annotations

from charging_keywords import ChargingKeywords
from robot.api.deco import keyword

from harness.catalogue import limit
from harness.errors import ExpectationError
from harness.units import S

NO_CURRENT = 15 * S
"""So long a car that is plugged in is watched that must not charge (bench default)."""


class ContractKeywords(ChargingKeywords):
    """At the station, in the account, with the provider, in the workshop."""

    # To a contract in the car

    @keyword("A Contract Waits To Be Installed")
    def contract_waits(self) -> None:
        """Plug & Charge is on, and the owner has followed the app."""
        self.switches("On")
        self.follows_app()

    @keyword("A Contract Was Installed At A Station")
    def was_installed(self) -> None:
        """The car has charged by it once, and is unplugged."""
        self.contract_waits()
        self.charges_by_contract()
        self.takes_cable_out()

    @keyword("Plugged In, The Car Charges By The New Contract")
    def charges_by_contract(self) -> None:
        """By the one that the test speaks of, and by no other."""
        station = self.stage.station
        station.plugs_in()
        visit = station.expects_charging("contract")
        if visit["emaid"] != self.contract["emaid"]:
            raise ExpectationError(f"expected charging by {self.contract['emaid']}; the station has {visit['emaid']}")

    @keyword("Plugged In, The Car Does Not Charge By Contract")
    def charges_by_none(self) -> None:
        """Nor in any other way, as nobody identifies himself."""
        self.stage.station.plugs_in()
        self.stage.station.expects_no_charging(NO_CURRENT)

    @keyword("The Driver Takes The Cable Out")
    def takes_cable_out(self) -> None:
        """And CAN says so."""
        out = self.stage.station.unplugs()
        self.stage.station.expects("UNPLUGGED", limit("plug_seen"), since=out)

    # What does not work

    @keyword('The Driver Plugs In And Plug & Charge Fails For "${reason}"')
    def fails(self, reason: str) -> None:
        """As `OBC_Charging.Reason` spells it; nothing is charged."""
        self.stage.station.plugs_in()
        self.stage.station.expects_fall_back(reason)

    @keyword("The Provider Answers With A Wrong Signature")
    def answers_wrongly(self) -> None:
        """From now on."""
        self.stage.provider.behaves(spoil="signature")

    @keyword("The Provider Answers Rightly Again")
    def answers_rightly(self) -> None:
        """From now on."""
        self.stage.provider.behaves(spoil=None)

    @keyword("The Driver Identifies At The Station")
    def identifies(self) -> None:
        """By a card."""
        self.since = self.stage.station.identifies("card")

    @keyword("The Car Charges For Whoever Identified")
    def charges_for_customer(self) -> None:
        """And the station's log says the same."""
        self.stage.station.expects_charging("external")

    @keyword("A Workshop Erases The Contract")
    def workshop_erases(self) -> None:
        """Over UDS, in an unlocked session."""
        self.since = self.stage.charging_settings.workshop_erases_contract()

    # In the car

    @keyword("The Charging Settings Say That A Contract Is Installed")
    def is_installed(self) -> None:
        """So do CAN and UDS."""
        self.stage.charging_settings.expects_contract("VALID", since=self.stage.station.now())

    @keyword("No Contract Is Installed")
    def none_installed(self) -> None:
        """Settings, CAN and UDS say so."""
        self.stage.charging_settings.expects_contract("NONE", since=self.since)

    @keyword("The Charging Account Lists The Contract")
    def listed(self) -> None:
        """By its eMAID."""
        self.stage.charging_settings.expects_listed(self.contract["emaid"])

    @keyword("The Contract Is Not In Use")
    def not_in_use(self) -> None:
        """Listed all the same."""
        self.stage.charging_settings.expects_use(False)
        self.listed()

    @keyword("The Driver Touches The Bin")
    def removes(self) -> None:
        """In the charging account."""
        self.since = self.stage.charging_settings.removes()

    @keyword("No Contract Can Be Added")
    def cannot_add(self) -> None:
        """The account has that greyed out."""
        if self.stage.charging_settings.can_add():
            raise ExpectationError("expected the account to let no contract be added; it does")

    @keyword("The Driver Adds A Contract")
    def adds(self) -> None:
        """In the charging account."""
        self.since = self.stage.charging_settings.adds()

    # With the provider

    @keyword("The Provider Says That The Contract Is ${state}")
    def provider_says(self, state: str) -> None:
        """`In Order`, `Blocked` or `Ended`."""
        self.stage.provider.expects_state(self.contract["emaid"], state.lower())

    @keyword("The Provider Blocks The Contract")
    def blocks(self) -> None:
        """A bill was not paid."""
        self.stage.provider.blocks(self.contract["emaid"])

    @keyword("The Owner Ends The Contract With The Provider")
    def ends(self) -> None:
        """There, and nowhere else."""
        self.stage.provider.ends(self.contract["emaid"])
