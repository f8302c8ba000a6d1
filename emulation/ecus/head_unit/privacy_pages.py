"""Whether the car may share its data with Polestar Connect (A-10)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from emulation.ecus.head_unit.page import SETTINGS, Draw, Element, Page, PageSource, switch
from emulation.world import Process

if TYPE_CHECKING:
    from emulation.ecus.head_unit.head_unit import HeadUnit

PRIVACY = "Settings > Privacy"


class PrivacyPages(PageSource):
    """A switch, on from the factory, and what it is for."""

    def __init__(self, head_unit: HeadUnit) -> None:
        super().__init__(head_unit)
        self.data_sharing = True
        """Kept in non-volatile memory."""

    def pages(self) -> dict[str, Draw]:
        """The page of the switch."""
        return {PRIVACY: self.privacy}

    def entries(self, path: str) -> Page:
        """The way to it."""
        show = self.head_unit.show
        return {"privacy": Element("Privacy", lambda: show(PRIVACY))} if path == SETTINGS else {}

    def processes(self) -> Iterable[Process]:
        """Say again what was chosen before the boot."""
        self.tell()
        return ()

    def privacy(self) -> Page:
        """The switch, and what goes without it."""
        return {
            "data_sharing": switch(self.data_sharing, self.toggle, label="Data sharing for Polestar Connect"),
            "explanation": Element(
                "Remote services, the link to a phone and the Digital Key need it. Emergency calls work without it."
            ),
        }

    def toggle(self) -> None:
        """Share, or do not."""
        self.data_sharing = not self.data_sharing
        self.tell()

    def tell(self) -> None:
        """Tell CAN."""
        self.head_unit.set("IHU_Settings", DataSharing="ON" if self.data_sharing else "OFF")

    def reset(self) -> None:
        """Shared again, as from the factory."""
        self.data_sharing = True
