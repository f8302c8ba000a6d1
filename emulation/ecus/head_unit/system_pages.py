"""What this car is, the language of its displays, and the factory reset (A-04)."""

from __future__ import annotations

from functools import partial

from emulation.ecus.head_unit.page import SETTINGS, Draw, Element, Page, PageSource
from emulation.ecus.head_unit.texts import ENGLISH, FRENCH, LANGUAGES

SYSTEM = "Settings > System"
LANGUAGE = "Settings > System > Language"
FACTORY_RESET = "Settings > System > Factory reset"


class SystemPages(PageSource):
    """The page `System`, and the two below it."""

    def pages(self) -> dict[str, Draw]:
        """System, language, factory reset."""
        return {SYSTEM: self.system, LANGUAGE: self.languages, FACTORY_RESET: self.factory_reset}

    def entries(self, path: str) -> Page:
        """The way to it."""
        show = self.head_unit.show
        return {"system": Element("System", lambda: show(SYSTEM))} if path == SETTINGS else {}

    def system(self) -> Page:
        """What this car is, and the ways on."""
        unit = self.head_unit
        return {
            "vin": Element(unit.vin, label="VIN"),
            "software": Element(unit.uds.data.data[0xF195], label="Software"),
            "language": Element(LANGUAGES[unit.language], partial(unit.show, LANGUAGE), label="Language"),
            "factory_reset": Element("Factory reset", partial(unit.show, FACTORY_RESET)),
        }

    def languages(self) -> Page:
        """One to choose; the one in use says so."""
        return {
            name: Element(
                "CHOSEN" if code == self.head_unit.language else "",
                partial(self.choose, code),
                label=LANGUAGES[code],
            )
            for name, code in (("english", ENGLISH), ("french", FRENCH))
        }

    def choose(self, language: str) -> None:
        """Speak `language` (`en`, `fr`) from now on."""
        self.head_unit.language = language

    def factory_reset(self) -> Page:
        """What it means, and the button that does it."""
        return {
            "explanation": Element(
                "Everything that was chosen on this display is forgotten: profile, language and settings are as they "
                "left the factory. The display then starts anew."
            ),
            "confirm": Element("Reset now", self.head_unit.factory_reset),
        }

    def reset(self) -> None:
        """English again."""
        self.head_unit.language = ENGLISH
