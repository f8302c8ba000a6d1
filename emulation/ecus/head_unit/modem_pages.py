"""Vehicle modem Internet in the settings, and the question before it takes another connection's place (B-20, B-21)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from emulation.ecus.head_unit.page import Draw, Element, Page, PageSource, switch
from emulation.ecus.head_unit.settings_pages import CONNECTIVITY
from emulation.world import Process

if TYPE_CHECKING:
    from emulation.ecus.head_unit.head_unit import HeadUnit

CHANGE = "Settings > Connectivity > Change of connection"


class ModemPages(PageSource):
    """The switch, which connection is in use, and what Connect makes of it."""

    def __init__(self, head_unit: HeadUnit) -> None:
        super().__init__(head_unit)
        self.wanted = True
        """Kept in non-volatile memory; on from the factory."""
        self.asked = False
        """Whether the change was asked for, and is not confirmed yet."""

    def pages(self) -> dict[str, Draw]:
        """The question."""
        return {CHANGE: self.change}

    def entries(self, path: str) -> Page:
        """Switch and states, on the page of connectivity."""
        if path != CONNECTIVITY:
            return {}
        return {
            "modem_internet": switch(self.wanted, self.toggle, label="Vehicle modem Internet"),
            "connection": Element(self.connection(), label="Internet connection"),
            "connect": Element(self.head_unit.shown("TCU_Services", "Connect"), label="Polestar Connect"),
        }

    def processes(self) -> Iterable[Process]:
        """Say again what was chosen before the boot."""
        self.asked = False
        self.tell()
        return ()

    def left(self, path: str) -> None:
        """A question that was left unanswered is off the table."""
        if path == CHANGE:
            self.asked = False

    def reset(self) -> None:
        """On again, as from the factory."""
        self.wanted = True

    def change(self) -> Page:
        """Whether the modem shall take the other connection's place."""
        why_not = "nothing was asked for"
        return {
            "question": Element(
                "The Internet of a phone is in use. Use the vehicle modem in its place?" if self.asked else ""
            ),
            "confirm": Element("Confirm", self.confirm if self.asked else None, why_not),
            "cancel": Element("Cancel", self.cancel if self.asked else None, why_not),
        }

    def toggle(self) -> None:
        """Switch; on, while another connection is in use, only after a question."""
        if not self.wanted and self.connection() == "PHONE":
            self.head_unit.show(CHANGE)
            self.asked = True
        else:
            self.choose(not self.wanted)

    def confirm(self) -> None:
        """The modem takes over."""
        self.choose(True)
        self.head_unit.show(CONNECTIVITY)

    def cancel(self) -> None:
        """All stays as it was."""
        self.head_unit.show(CONNECTIVITY)

    def choose(self, on: bool) -> None:
        """From now on."""
        self.wanted = on
        self.tell()

    def tell(self) -> None:
        """Tell CAN."""
        self.head_unit.set("IHU_Settings", ModemInternetRequest="ON" if self.wanted else "OFF")

    def connection(self) -> str:
        """What the car's Internet comes by: the modem, once it is switched on, else a phone that lends its own."""
        if self.wanted:
            state = self.head_unit.last("TCU_Network", "DataConnection")
            return {"ON": "MODEM", "CONNECTING": "CONNECTING"}.get(str(state), "NONE")
        phones = self.head_unit.bench.parts.get("phones")
        return "PHONE" if phones is not None and phones.lends_internet() else "NONE"
