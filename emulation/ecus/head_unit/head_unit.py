"""The head unit itself: which page its display shows, whose pages there are, and what the car tells it.

The service port stands in `service_port`, each feature's pages in a module of their own, how a page looks in `screen`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import ClassVar

from emulation.bench import EmulatedBench
from emulation.ecus.base.ecu import Ecu
from emulation.ecus.base.vehicle import message
from emulation.ecus.head_unit import driver_screen, screen
from emulation.ecus.head_unit.app_pages import AppPages
from emulation.ecus.head_unit.button_pages import ButtonPages
from emulation.ecus.head_unit.charging_pages import ChargingPages
from emulation.ecus.head_unit.linking_pages import LinkingPages
from emulation.ecus.head_unit.modem_pages import ModemPages
from emulation.ecus.head_unit.page import HOME, SEPARATOR, Draw, Page, PageSource
from emulation.ecus.head_unit.privacy_pages import PrivacyPages
from emulation.ecus.head_unit.profile_pages import OWNER, ProfilePages
from emulation.ecus.head_unit.service_port import ServicePort
from emulation.ecus.head_unit.settings_pages import SettingsPages
from emulation.ecus.head_unit.sim_pages import SimPages
from emulation.ecus.head_unit.system_pages import SystemPages
from emulation.ecus.head_unit.texts import ENGLISH, in_language, translate
from emulation.world import Process
from harness.units import MS, S


class HeadUnit(Ecu):
    """Shows pages and takes touches."""

    node = "IHU"
    BOOT = 900 * MS

    SOURCES: ClassVar[tuple[type[PageSource], ...]] = (
        SettingsPages,
        SystemPages,
        ProfilePages,
        PrivacyPages,
        AppPages,
        ModemPages,
        SimPages,
        LinkingPages,
        ButtonPages,
        ChargingPages,
    )
    """Whose pages there are, in the order of their entries."""

    STALE = 2 * S
    """What the driver display told longer ago it does not show any more; ten cycles of its slowest message."""

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self.language = ENGLISH
        """`en` or `fr`. Like the profile it outlives a loss of supply."""
        self.profile = OWNER
        """Whose profile is in use, as `IHU_Settings.Profile` spells it."""
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
        """What the page shows now, in the driver's language: its own elements, then what other features add to it."""
        elements = dict(self.pages[self.page]())
        for source in self.sources.values():
            elements |= source.entries(self.page)
        return in_language(elements, self.language)

    def show(self, path: str) -> None:
        """Open the page at `path`."""
        before, self.page = self.page, path
        if path != before:
            for source in self.sources.values():
                source.left(before)
        self.set("IHU_Display", PageNumber=list(self.pages).index(path))

    def back(self) -> None:
        """Open the page above the one that is shown."""
        above = self.page.rpartition(SEPARATOR)[0]
        self.show(above if above in self.pages else HOME)

    def factory_reset(self) -> None:
        """Forget all that was chosen, and boot anew."""
        for source in self.sources.values():
            source.reset()
        self.reset()

    # Pictures

    def picture(self) -> bytes:
        """The centre display as PNG."""
        valid = self.last("GNSS_Time", "Valid")
        now = datetime.fromtimestamp(int(self.last("GNSS_Time", "UnixTime") or 0), UTC)
        status = screen.Status(
            title=SEPARATOR.join(translate(part, self.language) for part in self.page.split(SEPARATOR)),
            clock=f"{now:%H:%M}" if valid else "--:--",
            language=self.language,
            profile=translate(ProfilePages.NAMES[self.profile], self.language),
            connected=self.shown("TCU_Status", "Registration") in ("HOME", "ROAMING"),
        )
        return screen.draw(self.page, self.elements(), status)

    def driver_picture(self) -> bytes:
        """The driver display as PNG: what it tells on CAN; dark where it has told nothing for `STALE`."""
        told = {
            name: self.decode(frame)
            for name in driver_screen.MESSAGES
            if (frame := self._mailbox.latest.get(message(name).frame_id)) and self.world.now - frame.time <= self.STALE
        }
        return driver_screen.draw(told, self.language)

    def shown(self, message: str, signal: str) -> str:
        """A signal as text."""
        return str(self.last(message, signal) or "UNKNOWN")
