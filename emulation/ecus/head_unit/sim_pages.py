"""The personal SIM on the display: what it wants, a key pad for PIN and PUK, the tries that are left (B-22, B-23)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from emulation.ecus.head_unit.page import Draw, Element, Page, PageSource
from emulation.ecus.head_unit.pin_pad import PinPad
from emulation.ecus.head_unit.settings_pages import CONNECTIVITY
from emulation.world import Condition, Process

if TYPE_CHECKING:
    from emulation.ecus.head_unit.head_unit import HeadUnit

SIM = "Settings > Connectivity > SIM card"


class SimPages(PageSource):
    """Comes up by itself when the card asks for something. What is typed goes to the telematics unit, and is gone."""

    STATES: ClassVar[dict[str, tuple[str, str]]] = {
        "READY": ("READY", ""),
        "PIN": ("PIN NEEDED", "Enter the PIN of the SIM card"),
        "PUK": ("PUK NEEDED", "Enter the PUK of the SIM card"),
        "BLOCKED": ("LOST", "The SIM card is locked for good: ask its operator for another"),
        "ABSENT": ("NO CARD", "No SIM card was found: the holder takes a mini SIM"),
        "UNREADABLE": ("UNREADABLE", "The SIM card cannot be read: take it out, wipe it and put it in again"),
    }
    """What is shown, and the sentence beside it, by `TCU_Sim.State`."""
    STARTING = ("STARTING", "The modem starts")
    WRONG: ClassVar[dict[str, str]] = {"PIN": "Wrong PIN", "PUK": "Wrong PUK"}
    ASKS: tuple[str, ...] = ("PIN", "PUK")

    def __init__(self, head_unit: HeadUnit) -> None:
        super().__init__(head_unit)
        self.pin = PinPad(self.enter_pin, digits=8, least=4)
        self.puk = PinPad(self.enter_puk, digits=8)
        self.new_pin = PinPad(self.enter_new_pin, digits=8, least=4)
        self.message = ""
        self._puk: str | None = None

    def pages(self) -> dict[str, Draw]:
        """The page of the card."""
        return {SIM: self.card}

    def entries(self, path: str) -> Page:
        """The way to it."""
        if path != CONNECTIVITY:
            return {}
        return {"sim": Element(self.texts()[0], lambda: self.head_unit.show(SIM), label="SIM card")}

    def processes(self) -> Iterable[Process]:
        """Forget what was typed before a boot; come up when the card asks."""
        self.left(SIM)
        return [self.watch()]

    def left(self, path: str) -> None:
        """Half a PIN does not wait for the next driver."""
        if path == SIM:
            self.message, self._puk = "", None
            for pad in (self.pin, self.puk, self.new_pin):
                pad.clear()

    def watch(self) -> Process:
        """Show the page once the card begins to ask."""
        before = ""
        known: bytes | None = None
        while True:
            heard = self.head_unit.heard("TCU_Sim", known)
            yield heard
            known = heard.value.data
            state = str(self.head_unit.decode(heard.value)["State"])
            if state != before and state in self.ASKS:
                self.head_unit.show(SIM)
            before = state

    def state(self) -> str:
        """As the telematics unit tells it."""
        return self.head_unit.shown("TCU_Sim", "State")

    def texts(self) -> tuple[str, str]:
        """What is shown, and the sentence beside it."""
        return self.STATES.get(self.state(), self.STARTING)

    def card(self) -> Page:
        """What the card wants, and the keys to answer by."""
        state = self.state()
        shown, sentence = self.texts()
        page = {"sim": Element(shown, label="SIM card"), "hint": Element(sentence)}
        if state not in self.ASKS:
            return page
        if self._puk is not None:
            page["hint"] = Element("Choose a new PIN for the SIM card")
        page["message"] = Element(self.message)
        page["tries"] = Element(self.tries(state))
        pad = self.pin if state == "PIN" else self.puk if self._puk is None else self.new_pin
        return page | pad.page()

    def tries(self, state: str) -> str:
        """How many are left of what is asked for."""
        return f"{self.head_unit.shown('TCU_Sim', 'PinTries' if state == 'PIN' else 'PukTries')} tries left"

    def enter_pin(self, pin: str) -> None:
        """To the card with it."""
        self._ask("PIN", lambda desk: desk.enter_pin(pin))

    def enter_puk(self, puk: str) -> None:
        """It goes to the card together with a new PIN."""
        self._puk = puk

    def enter_new_pin(self, pin: str) -> None:
        """To the card with both."""
        puk, self._puk = self._puk or "", None
        self._ask("PUK", lambda desk: desk.unblock(puk, pin))

    def _ask(self, what: str, question: Callable[..., Condition]) -> None:
        telematics = self.head_unit.bench.parts.get("telematics")
        if telematics is None or not telematics.running:
            self.message = "The modem does not answer"
            return
        self.message = "One moment"
        self.head_unit.world.spawn(self._await(what, question(telematics.sim_desk)), "IHU verdict of the SIM")

    def _await(self, what: str, verdict: Condition) -> Process:
        yield verdict
        self.message = self.WRONG[what] if verdict.value == "wrong" else ""
