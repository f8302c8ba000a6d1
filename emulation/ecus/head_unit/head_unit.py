"""The head unit itself: which page its display shows, whose pages there are, and what the car tells it.

The service port stands in `service_port`, each feature's pages in a module of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from emulation.bench import EmulatedBench
from emulation.ecus.base.ecu import Ecu
from emulation.ecus.head_unit.button_pages import ButtonPages
from emulation.ecus.head_unit.page import HOME, Draw, Page, PageSource
from emulation.ecus.head_unit.service_port import ServicePort
from emulation.ecus.head_unit.settings_pages import SettingsPages
from emulation.world import Process
from harness.units import MS


class HeadUnit(Ecu):
    """Shows pages and takes touches."""

    node = "IHU"
    BOOT = 900 * MS

    SOURCES: ClassVar[tuple[type[PageSource], ...]] = (SettingsPages, ButtonPages)
    """Whose pages there are, in the order of their entries."""

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self.sources: dict[type[PageSource], PageSource] = {kind: bench.variant(kind)(self) for kind in self.SOURCES}
        """Each feature's pages; what was chosen there outlives a loss of supply."""
        self.pages: dict[str, Draw] = {
            path: page for source in self.sources.values() for path, page in source.pages().items()
        }
        """Pages by path."""
        self.page = HOME
        """Path of the page that is shown."""
        self.port = ServicePort(self)

    def processes(self) -> Iterable[Process]:
        """Show the first page, watch that the telematics unit is there, and do what the features do."""
        self.page = HOME
        self.port.booted()
        features = [process for source in self.sources.values() for process in source.processes()]
        return [self.supervise("TCU_Status", "TELEMATICS_MISSING"), *features]

    def elements(self) -> Page:
        """What the page shows now: its own elements, then what other features add to it."""
        elements = dict(self.pages[self.page]())
        for source in self.sources.values():
            elements |= source.entries(self.page)
        return elements

    def show(self, path: str) -> None:
        """Open the page at `path`."""
        self.page = path
        self.set("IHU_Display", PageNumber=list(self.pages).index(path))

    def shown(self, message: str, signal: str) -> str:
        """A signal as text."""
        return str(self.last(message, signal) or "UNKNOWN")
