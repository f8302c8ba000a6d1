"""Charging settings that break one clause each (C-01, C-02, C-04, C-05, C-10, C-14, C-15)."""

from __future__ import annotations

from emulation.ecus.head_unit.charging_pages import CHARGING, ChargingPages
from emulation.ecus.head_unit.page import Element, Page
from emulation.faults import seeded


@seeded(breaks="C-01", story="the switch shows ON, and the charger hears of nothing")
class SwitchOnGlass(ChargingPages):
    """Keeps the touch to itself."""

    def tell(self) -> None:
        """Tell nobody."""
        self.head_unit.set("IHU_Settings", PlugAndCharge="OFF")


@seeded(breaks="C-01", story="once on, the switch does not go off again")
class OneWaySwitch(ChargingPages):
    """Can switch on only."""

    def toggle(self) -> None:
        """On, whatever it was."""
        self.on = False
        super().toggle()


@seeded(breaks="C-01", story="the switch forgets what was chosen when the battery is taken away")
class ForgetfulSwitch(ChargingPages):
    """Begins with each boot as from the factory."""

    def tell(self) -> None:
        """Off after a boot."""
        if self.head_unit.world.now == self.head_unit.booted_at:
            self.on = False
        super().tell()


@seeded(breaks="C-02", story="the switch can be touched where the country does not support it")
class SwitchEverywhere(ChargingPages):
    """Greys nothing out."""

    def why_not(self) -> str:
        """Nothing."""
        return ""


@seeded(breaks="C-02", story="the switch is greyed out, and nobody says why")
class SilentRefusal(ChargingPages):
    """Has no hint."""

    def plug_and_charge(self) -> Page:
        """Without a reason."""
        return super().plug_and_charge() | {"hint": Element("")}


@seeded(breaks="C-02", story="once greyed out, the switch stays so back home")
class NeverAgain(ChargingPages):
    """Hears of the first reason, and of no end."""

    def take_support(self, data: dict[str, object]) -> None:
        """Only what is worse."""
        if data["reason"]:
            super().take_support(data)


@seeded(breaks="C-02", story="at a station without Plug & Charge the switch seems to help")
class BlindToStation(ChargingPages):
    """Knows of the country alone."""

    def why_not(self) -> str:
        """What Connect told."""
        return self.support


@seeded(breaks="C-04", story="the display shows the first twelve characters of the PCID")
class ShortPcid(ChargingPages):
    """Has too little room."""

    def pcid(self) -> str:
        """Cut off."""
        return super().pcid()[:12]


@seeded(breaks="C-04", story="the display shows the VIN where the PCID should stand")
class VinForPcid(ChargingPages):
    """Takes one name for the other."""

    def pcid(self) -> str:
        """The VIN."""
        return self.head_unit.vin


@seeded(breaks="C-05", story="Learn more leads back to the charging page")
class LearnNothing(ChargingPages):
    """Has no help."""

    def plug_and_charge(self) -> Page:
        """With a touch that goes elsewhere."""
        return super().plug_and_charge() | {"learn_more": Element("Learn more", lambda: self.head_unit.show(CHARGING))}


@seeded(breaks="C-05", story="the page behind Learn more is empty")
class EmptyHelp(ChargingPages):
    """Says nothing."""

    def learn_more(self) -> Page:
        """Nothing at all."""
        return {"explanation": Element("")}


@seeded(breaks="C-10", story="the settings say that a contract is installed where there is none")
class Optimist(ChargingPages):
    """Knows one state."""

    CONTRACTS = ChargingPages.CONTRACTS | {"NONE": "Contract installed"}


@seeded(breaks="C-10", story="the settings go on saying what they said first")
class FrozenState(ChargingPages):
    """Looks once."""

    first = ""

    def state(self) -> str:
        """What was heard first."""
        if self.first in ("", "UNKNOWN"):
            self.first = super().state()
        return self.first


@seeded(breaks="C-14", story="the account does not list the contract")
class EmptyAccount(ChargingPages):
    """Shows no eMAID."""

    def emaid(self) -> str:
        """None."""
        return ""


@seeded(breaks="C-14", story="the account says that a contract is in use that is switched off")
class AlwaysInUse(ChargingPages):
    """Does not ask whether it may be used."""

    def use(self) -> str:
        """In use, while there is one."""
        return "" if self.state() == "NONE" else "In use"


@seeded(breaks="C-15", story="the bin does nothing")
class PaintedBin(ChargingPages):
    """Takes the touch, and keeps the contract."""

    def remove(self) -> None:
        """Nothing."""


@seeded(breaks="C-15", story="a contract can be added while Plug & Charge is off")
class AddsAlways(ChargingPages):
    """Asks for nothing first."""

    def can_add(self) -> bool:
        """Always."""
        return True
