"""The profiles of the car's users and which is in use: OWNER may do what the others may not (A-05, A-12)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from emulation.ecus.head_unit.page import SETTINGS, Draw, Element, Page, PageSource
from emulation.world import Process

PROFILES = "Settings > Profiles"
OWNER = "OWNER"


class ProfilePages(PageSource):
    """Shows the profiles, and tells CAN which is in use."""

    NAMES: ClassVar[dict[str, str]] = {
        OWNER: "Owner",
        "GUEST": "Guest",
        "USER_1": "User 1",
        "USER_2": "User 2",
        "USER_3": "User 3",
    }
    """As `IHU_Settings.Profile` spells them, and as the display does."""

    def pages(self) -> dict[str, Draw]:
        """The page of the profiles."""
        return {PROFILES: self.profiles}

    def entries(self, path: str) -> Page:
        """The way to it."""
        show = self.head_unit.show
        return {"profiles": Element("Profiles", lambda: show(PROFILES))} if path == SETTINGS else {}

    def processes(self) -> Iterable[Process]:
        """Say again which was in use before the boot."""
        self.choose(self.head_unit.profile)
        return ()

    def profiles(self) -> Page:
        """One to choose; the one in use says so."""
        return {
            profile.lower(): Element(
                "CHOSEN" if profile == self.head_unit.profile else "", partial(self.choose, profile), label=name
            )
            for profile, name in self.NAMES.items()
        }

    def choose(self, profile: str) -> None:
        """Use `profile` from now on."""
        self.head_unit.profile = profile
        self.head_unit.set("IHU_Settings", Profile=profile)

    def reset(self) -> None:
        """The owner's again."""
        self.head_unit.profile = OWNER
