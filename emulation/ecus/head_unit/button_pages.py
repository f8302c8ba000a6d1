"""The button lock in the settings: what it shows, and what a touch asks for (B-12, B-13)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from emulation.ecus.head_unit.page import SETTINGS, Draw, Element, Page, PageSource
from emulation.world import Process

if TYPE_CHECKING:
    from emulation.ecus.head_unit.head_unit import HeadUnit

BUTTONS = "Settings > SOS/ON CALL"


class ButtonPages(PageSource):
    """Shows the lock that the telematics unit reports, and asks it for the other state."""

    LOCK_MODES: tuple[str, ...] = ("I", "II", "RUNNING")
    """Ignition modes in which the button lock can be set."""

    def __init__(self, head_unit: HeadUnit) -> None:
        super().__init__(head_unit)
        self.lock_request = "UNLOCK"
        """Kept in non-volatile memory."""

    def pages(self) -> dict[str, Draw]:
        """The page of the lock."""
        return {BUTTONS: self.buttons}

    def entries(self, path: str) -> Page:
        """The way to it."""
        show = self.head_unit.show
        return {"sos_on_call": Element("SOS and ON CALL buttons", lambda: show(BUTTONS))} if path == SETTINGS else {}

    def processes(self) -> Iterable[Process]:
        """Say again what was chosen before the boot."""
        self.head_unit.set("IHU_Settings", ButtonLockRequest=self.lock_request)
        return ()

    def reset(self) -> None:
        """Unlocked, as from the factory."""
        self.lock_request = "UNLOCK"

    def buttons(self) -> Page:
        """The lock of the SOS and ON CALL buttons."""
        return {"button_lock": self.button_lock(), "hint": Element(self.lock_hint())}

    def button_lock(self) -> Element:
        """The switch of the button lock, showing what the telematics unit reports."""
        state = self.head_unit.shown("TCU_Status", "ButtonLock")
        hint = self.lock_hint()
        return Element(state, None if hint else self.toggle_lock, hint, label="SOS and ON CALL buttons")

    def lock_hint(self) -> str:
        """Why the button lock cannot be set now; empty where it can."""
        if self.head_unit.last("CEM_Ignition", "Mode") not in self.LOCK_MODES:
            return "needs ignition I, II or a running engine"
        return ""

    def toggle_lock(self) -> None:
        """Ask for the state that the telematics unit does not report."""
        self.lock_request = "UNLOCK" if self.head_unit.last("TCU_Status", "ButtonLock") == "LOCKED" else "LOCK"
        self.head_unit.set("IHU_Settings", ButtonLockRequest=self.lock_request)
