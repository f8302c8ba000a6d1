"""Charging settings: the switch of Plug & Charge, the car's PCID, help, and the account with its contract.

C-01, C-02, C-04, C-05, C-10, C-13, C-14, C-15: everything here comes over CAN from the charger, but for what the
telematics unit is told over Connect: whether Plug & Charge is on offer where the car is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from emulation.ecus.head_unit.page import SETTINGS, Draw, Element, Page, PageSource, switch
from emulation.offboard.pki_identity import printed
from emulation.world import Process
from harness.units import H

if TYPE_CHECKING:
    from emulation.ecus.head_unit.head_unit import HeadUnit
    from emulation.ecus.telematics.services import Services

CHARGING = "Settings > Charging"
ADVANCED = f"{CHARGING} > Advanced"
PLUG_AND_CHARGE = f"{ADVANCED} > Plug & Charge"
LEARN_MORE = f"{PLUG_AND_CHARGE} > Learn more"
ACCOUNT = f"{CHARGING} > Account"

UNSUPPORTED = ("NOT_OFFERED", "NO_DIGITAL_COMMUNICATION")
"""`OBC_Charging.Reason` at a station that has no Plug & Charge."""
COUNTS = 16
CHARACTERS, PARTS = 6, 3
"""Of a name in a frame of `OBC_Identity`, and frames of a name."""


class ChargingPages(PageSource):
    """What was chosen is kept in non-volatile memory, and so is what Connect told last."""

    CONTRACTS: ClassVar = {
        "NONE": "No contract installed",
        "VALID": "Contract installed",
        "EXPIRED": "Contract expired",
        "NOT_YET": "Contract not valid yet",
        "INVALID": "Contract damaged",
    }
    """What the display says for `OBC_Contract.State`."""
    TOLD_WITHIN = 24 * H
    """So long the provider is sought to be told of the switch (own choice)."""

    def __init__(self, head_unit: HeadUnit) -> None:
        super().__init__(head_unit)
        self.on = False
        self.removals = self.additions = 0
        self.support = ""
        """Why Plug & Charge is not on offer where the car is, as it was told last; empty where it is."""
        self.names: dict[str, list[str]] = {}
        """PCID and eMAID in parts, as they are heard."""
        if self.services is not None:
            self.services.on("charging_support", self.take_support)

    @property
    def services(self) -> Services | None:
        """The telematics unit's data link; None on a bench where that is not emulated."""
        unit = self.head_unit.bench.parts.get("telematics")
        return None if unit is None else unit.services

    def pages(self) -> dict[str, Draw]:
        """Charging, and below it."""
        return {
            CHARGING: self.charging,
            ADVANCED: self.advanced,
            PLUG_AND_CHARGE: self.plug_and_charge,
            LEARN_MORE: self.learn_more,
            ACCOUNT: self.account,
        }

    def entries(self, path: str) -> Page:
        """The way to it."""
        return {"charging": Element("Charging", lambda: self.head_unit.show(CHARGING))} if path == SETTINGS else {}

    def processes(self) -> Iterable[Process]:
        """Say again what was chosen before the boot, and hear the names of certificates."""
        self.names.clear()
        self.tell()
        return [self.hear_names()]

    def reset(self) -> None:
        """Switched off, as from the factory; the contract stays in the charger."""
        self.on = False

    # Pages

    def charging(self) -> Page:
        """Whether there is a contract, and the ways on."""
        show = self.head_unit.show
        return {
            "contract": self.contract(),
            "advanced": Element("Advanced", lambda: show(ADVANCED)),
            "account": Element("Charging account", lambda: show(ACCOUNT)),
        }

    def advanced(self) -> Page:
        """The way to the switch."""
        return {"plug_and_charge": Element("Plug & Charge", lambda: self.head_unit.show(PLUG_AND_CHARGE))}

    def plug_and_charge(self) -> Page:
        """The switch, what to do next, and who the car is for a provider."""
        why_not = self.why_not()
        return {
            "plug_and_charge": switch(self.on, None if why_not else self.toggle, "Plug & Charge", why_not),
            "hint": Element(why_not or self.next_step()),
            "pcid": Element(self.pcid(), label="PCID"),
            "contract": self.contract(),
            "learn_more": Element("Learn more", lambda: self.head_unit.show(LEARN_MORE)),
        }

    def learn_more(self) -> Page:
        """Help on the set-up."""
        return {
            "explanation": Element("The car identifies itself and pays at the station, over the cable."),
            "app": Element("With the partner of Polestar: switch it on, then set up a contract in the app."),
            "other": Element("With another provider: give it the PCID of this car."),
            "station": Element("Then plug in at a public station: the contract is installed over the cable."),
        }

    def account(self) -> Page:
        """The contract, its bin, and how to get a new one."""
        there = self.state() not in ("NONE", "UNKNOWN")
        return {
            "contract": self.contract(),
            "emaid": Element(self.emaid(), label="eMAID"),
            "use": Element(self.use()),
            "remove": Element("Remove", self.remove if there else None, "there is no contract to remove"),
            "add": Element("Add", self.add if self.can_add() else None, "switch Plug & Charge on first"),
        }

    # What they say

    def state(self) -> str:
        """`OBC_Contract.State`, UNKNOWN while the charger says nothing."""
        return self.head_unit.shown("OBC_Contract", "State")

    def contract(self) -> Element:
        """Whether a contract is installed."""
        return Element(self.CONTRACTS.get(self.state(), "UNKNOWN"), label="Contract")

    def use(self) -> str:
        """Whether the car charges by it."""
        if self.state() == "NONE":
            return ""
        return "In use" if self.head_unit.last("OBC_Contract", "UseAllowed") == "YES" else "Not in use"

    def next_step(self) -> str:
        """What the driver is to do."""
        if not self.on:
            return "Switch it on to set it up"
        return "" if self.state() == "VALID" else "Go on in the Polestar app, then plug in at a public station"

    def pcid(self) -> str:
        """The car's provisioning certificate id."""
        return self.name("PCID") or "UNKNOWN"

    def emaid(self) -> str:
        """The contract's eMAID, as people read it."""
        name = self.name("EMAID")
        return printed(name) if name and self.state() != "NONE" else ""

    def why_not(self) -> str:
        """Why the switch cannot be touched; empty where it can."""
        if self.support:
            return self.support
        told = self.head_unit.last("OBC_Charging", "Reason")
        plugged = self.head_unit.last("OBC_Charging", "State") not in (None, "UNPLUGGED")
        return "this station does not support it" if plugged and told in UNSUPPORTED else ""

    def can_add(self) -> bool:
        """Whether a contract may be added."""
        return self.on

    # What is done

    def toggle(self) -> None:
        """Switch it on or off, tell the charger, and the provider."""
        self.on = not self.on
        self.tell()
        if self.services is not None:
            self.services.tell("plug_and_charge", self.TOLD_WITHIN, on=self.on)

    def remove(self) -> None:
        """The bin: have the charger erase the contract."""
        self.removals = (self.removals + 1) % COUNTS
        self.tell()

    def add(self) -> None:
        """Have the charger ask for the newest contract at the next station."""
        self.additions = (self.additions + 1) % COUNTS
        self.tell()

    def tell(self) -> None:
        """Tell CAN."""
        self.head_unit.set("IHU_Settings", PlugAndCharge="ON" if self.on else "OFF")
        self.head_unit.set("IHU_Charging", RemoveCount=self.removals, AddCount=self.additions)

    # What is heard

    def take_support(self, data: dict[str, Any]) -> None:
        """Connect tells whether it is on offer here."""
        self.support = str(data["reason"])

    def hear_names(self) -> Process:
        """Put the names of certificates together."""
        while True:
            heard = self.head_unit.heard("OBC_Identity")
            yield heard
            told = self.head_unit.decode(heard.value)
            part = int(told["Text"]).to_bytes(CHARACTERS, "little").rstrip(b"\0").decode("ascii", "replace")
            self.names.setdefault(str(told["Kind"]), [""] * PARTS)[int(told["Part"])] = part

    def name(self, kind: str) -> str:
        """A name as far as it was heard."""
        return "".join(self.names.get(kind, ()))
