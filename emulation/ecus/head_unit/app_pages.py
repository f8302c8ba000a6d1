"""The app view: what of the car's own apps there is; features add theirs (A-08)."""

from __future__ import annotations

from emulation.ecus.head_unit.page import HOME, Draw, Element, Page, PageSource

APPS = "Apps"


class AppPages(PageSource):
    """The page `Apps`. A feature adds an app by `entries(APPS)`."""

    def pages(self) -> dict[str, Draw]:
        """The app view."""
        return {APPS: self.apps}

    def entries(self, path: str) -> Page:
        """The way to it."""
        show = self.head_unit.show
        return {"apps": Element("Apps", lambda: show(APPS))} if path == HOME else {}

    def apps(self) -> Page:
        """What stands above the apps."""
        return {"hint": Element("Apps of this car")}
