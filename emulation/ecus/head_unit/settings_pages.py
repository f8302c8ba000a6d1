"""The first page, the tree of settings, and how the car is connected (B-12, A-04)."""

from __future__ import annotations

from emulation.ecus.head_unit.page import HOME, SETTINGS, Draw, Element, Page, PageSource

CONNECTIVITY = "Settings > Connectivity"


class SettingsPages(PageSource):
    """The ways to everybody's pages."""

    def pages(self) -> dict[str, Draw]:
        """Home, settings, connectivity."""
        return {HOME: self.home, SETTINGS: self.settings, CONNECTIVITY: self.connectivity}

    def home(self) -> Page:
        """What the call is doing, and the way to the settings."""
        unit = self.head_unit
        return {
            "call": Element(unit.shown("TCU_Call", "State")),
            "settings": Element("Settings", lambda: unit.show(SETTINGS)),
        }

    def settings(self) -> Page:
        """The ways to the pages of settings; features add theirs."""
        unit = self.head_unit
        return {"connectivity": Element("Connectivity", lambda: unit.show(CONNECTIVITY))}

    def connectivity(self) -> Page:
        """How the car is connected."""
        unit = self.head_unit
        return {
            "registration": Element(unit.shown("TCU_Status", "Registration")),
            "ready": Element("YES" if unit.last("TCU_Status", "Ready") else "NO"),
        }
