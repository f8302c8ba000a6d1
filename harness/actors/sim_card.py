"""The personal SIM in its holder: put in, taken out, its PIN typed on the display (B-22, B-23)."""

from __future__ import annotations

import re
from typing import Literal

from harness.actors.actor import LOOK, Actor
from harness.actors.workshop import TEST_PIN, TEST_PUK, WRONG_PIN
from harness.bench import Bench
from harness.catalogue import limit
from harness.errors import ExpectationError
from harness.modem.at import ModemError
from harness.units import S, pretty

PAGE = ("Settings", "Connectivity", "SIM card")
WRONG_PUK = "00000000"
CARD_ERRORS = {"NO CARD": 10, "PIN NEEDED": 11, "PUK NEEDED": 12, "UNREADABLE": 13}
"""`+CME ERROR` of what needs a SIM (3GPP TS 27.007, 9.2), by what the display shows of the card."""

SETTLES = 1 * S
"""So soon the modem knows of a card that was put in (bench default)."""

Contact = Literal["sim_detect", "sim_data"]


class SimCard(Actor):
    """Whoever puts the card in, and types its PIN."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._is_out = False

    # The holder

    def takes_out(self) -> int:
        """Take the card out; returns when (ns)."""
        return self._interrupts("sim_detect")

    def soils(self) -> int:
        """Make the card unreadable: its data contact is interrupted; returns when (ns)."""
        return self._interrupts("sim_data")

    def puts_in(self) -> int:
        """Put the card in, clean; returns when (ns)."""
        for contact in ("sim_detect", "sim_data"):
            self.bench.line(contact).release()
        self._is_out = False
        return self.note("card_in")

    def leave(self) -> None:
        """The card is in its place again, for whoever comes next; without effect where it is."""
        if self._is_out:
            self.puts_in()
            self.clock.sleep(SETTLES)

    # What the display says

    def shown(self) -> str:
        """What the display shows of the card: `READY`, `PIN NEEDED`, `PUK NEEDED`, `NO CARD`, `UNREADABLE` ..."""
        self.bench.head_unit.open(*PAGE)
        return self.bench.head_unit.texts()["sim"]

    def sentence(self) -> str:
        """And what it says of it."""
        self.bench.head_unit.open(*PAGE)
        return self.bench.head_unit.texts()["hint"]

    def expects_shown(self, state: str) -> None:
        """Wait until the display shows this of the card. Raises `ExpectationError`."""
        if not self.until(lambda: self.shown() == state, limit("card_shown")):
            raise ExpectationError(
                f"expected the display to show the card as {state} within {pretty(limit('card_shown'))}; it shows "
                f"{self.shown()}, TCU_Sim.State is {self.bench.networks['body'].value('TCU_Sim.State')}"
            )

    def expects_asked(self) -> None:
        """Wait until the page of the card has come up by itself. Raises `ExpectationError`."""
        unit = self.bench.head_unit
        if not self.until(lambda: unit.page() == " > ".join(PAGE), limit("card_shown")):
            raise ExpectationError(f"expected the display to ask for the card's PIN; it is on {unit.page()!r}")

    def tries_shown(self) -> int:
        """The tries that the display says are left. Raises `ExpectationError` where it shows no number."""
        text = self.bench.head_unit.texts().get("tries", "")
        if (found := re.search(r"\d+", text)) is None:
            raise ExpectationError(f"expected the display to show the tries that are left; it shows {text!r}")
        return int(found[0])

    def message(self) -> str:
        """What the display said to the last try."""
        return self.bench.head_unit.texts().get("message", "")

    # What is typed

    def types_pin(self, pin: str = TEST_PIN) -> int:
        """Type a PIN on the display, and wait for its answer; returns when it was confirmed (ns)."""
        return self._types(pin)

    def types_wrong_pin(self) -> int:
        """Type a PIN that is not the card's."""
        return self._types(WRONG_PIN)

    def types_puk(self, *, right: bool = True, new_pin: str = TEST_PIN) -> int:
        """Type a PUK, then a new PIN; returns when both were confirmed (ns)."""
        self._press(TEST_PUK if right else WRONG_PUK)
        return self._types(new_pin)

    # What the modem says

    def error(self) -> int:
        """The code by which the modem refuses what needs an open card (+CIMI); 0 where it does not refuse."""
        try:
            self.bench.modem.imsi()
        except ModemError as error:
            return error.code or -1
        return 0

    def _interrupts(self, contact: Contact) -> int:
        self.bench.line(contact).press()
        self._is_out = True
        return self.note("card_out" if contact == "sim_detect" else "card_soiled")

    def _press(self, digits: str) -> None:
        for digit in digits:
            self.bench.head_unit.tap(f"digit_{digit}")
        self.bench.head_unit.tap("ok")

    def _types(self, digits: str) -> int:
        self._press(digits)
        start = self.note("types_sim_pin")
        deadline = start + 2 * S
        while self.message() == "One moment":
            if self.now() > deadline:
                raise ExpectationError("expected the card's verdict within 2 s; the display still waits for it")
            self.clock.sleep(LOOK)
        return start
