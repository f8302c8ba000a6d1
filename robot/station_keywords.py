"""Keywords of charging at a public station: plug, display, lamp, current, bill (C-06 ... C-08)."""

from __future__ import annotations

from contract_keywords import ContractKeywords
from robot.api.deco import keyword

from harness.catalogue import limit
from harness.errors import ExpectationError
from harness.units import S

BACKEND = 3 * S
"""So slow that each step can be looked at, and within every timer (bench default)."""
STEPS = {"installed": "INSTALLING", "authorised": "AUTHORISING"}
"""`OBC_Charging.State` while that is done."""


class StationKeywords(ContractKeywords):
    """The driver at the station, who wants to know how far it has come."""

    @keyword("The Provider Takes Its Time")
    def provider_is_slow(self) -> None:
        """Long enough to see each step, no longer than it may."""
        self.stage.provider.behaves(delay=BACKEND)

    @keyword("The Driver Plugs In At A Public Station")
    def plugs_in(self) -> None:
        """The pilot is at 12 V before, and asks for digital communication after."""
        station, measure = self.stage.station, self.stage.measure
        measure(station.pilot().high, "pilot_a", "pilot before the plug")
        self.since = station.plugs_in()
        station.expects("CONNECTING", limit("plug_seen"))
        measure(station.oscillator()[1], "pilot_digital")

    @keyword("While It Is ${step} The Display Says ${text} And The Socket Is ${colour}")
    def progress_is_shown(self, step: str, text: str, colour: str) -> None:
        """`Installed` or `Authorised`; the words as CAN has them, and the colour of the lamp at the charge socket."""
        station, body = self.stage.station, self.stage.bench.networks["body"]
        station.expects(STEPS[step.lower()], limit("charge_by_contract"), self.since)
        station.expects_lamp(colour.upper())
        body.expect("DIM_Message.Text", text.upper().replace(" ", "_"), limit("charging_told"), self.since)

    @keyword("The Lamp At The Charge Socket Is ${colour}")
    def lamp_is(self, colour: str) -> None:
        """White, blue, yellow, green, red or off."""
        self.stage.station.expects_lamp(colour.upper())

    @keyword("No Current Flows Yet")
    def no_current(self) -> None:
        """The pilot is at 9 V, and nothing on CAN or at the station tells of current."""
        station = self.stage.station
        self.stage.measure(station.pilot().high, "pilot_b", "pilot before the authorisation")
        station.expects_no_charging(1 * S)

    @keyword("Charging Begins Once The Contract Is Authorised")
    def charging_begins(self) -> None:
        """The pilot is at 6 V, and everything that tells of current does so after the authorisation."""
        station = self.stage.station
        station.expects_charging("contract")
        self.stage.measure(station.pilot().high, "pilot_c", "pilot while it charges")

    @keyword("Neither Card Nor App Was Used")
    def nobody_identified(self) -> None:
        """The station's record knows of no identification, and its log of the contract alone."""
        station = self.stage.station
        if station.events("identified", self.since) or station.visit()["means"] != "contract":
            raise ExpectationError("expected the station to have seen neither card nor app; it has")

    @keyword("The Contract Is Billed")
    def billed(self) -> None:
        """Once the cable is out."""
        self.stage.station.unplugs()
        self.stage.station.expects_bill("contract", self.contract["emaid"], self.since)
