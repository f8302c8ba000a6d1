"""A key pad for a PIN, as a page or a part of one: it shows dots, never digits (A-08, B-22, B-27, B-28)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from emulation.ecus.head_unit.page import Element, Page

DOT = "\N{BULLET}"
"""What stands for a digit that was typed."""

DIGIT = "digit_"
"""Keys are called `digit_0` ... `digit_9`; harness and records hide which was touched."""


class PinPad:
    """Collects up to `digits` digits; `ok` hands them to `done` and forgets them.

    `page()` has the elements `entered`, `digit_0` ... `digit_9`, `delete` and `ok`; a feature puts its own beside
    them: `{"hint": Element("PIN of the SIM"), **self.pad.page()}`. `ok` waits for `least` digits (where it is not
    given, for all `digits`).
    """

    def __init__(self, done: Callable[[str], None], digits: int = 4, least: int | None = None) -> None:
        self._done = done
        self._digits = digits
        self._least = digits if least is None else least
        self._typed = ""

    @property
    def entered(self) -> str:
        """A dot for each digit typed."""
        return DOT * len(self._typed)

    def clear(self) -> None:
        """Forget what was typed; a feature does so when its page is left."""
        self._typed = ""

    def page(self) -> Page:
        """Its elements, the keys in the order of a telephone's."""
        elements = {"entered": Element(self.entered, label="PIN")}
        elements |= {f"{DIGIT}{digit}": self._digit(digit) for digit in "123456789"}
        elements["delete"] = Element("Delete", self._delete, key=True)
        elements[f"{DIGIT}0"] = self._digit("0")
        missing = self._least - len(self._typed)
        if missing > 0:
            elements["ok"] = Element("OK", why_not=f"needs {missing} more digits", key=True)
        else:
            elements["ok"] = Element("OK", self._ok, key=True)
        return elements

    def _digit(self, digit: str) -> Element:
        return Element(digit, partial(self._type, digit), key=True)

    def _type(self, digit: str) -> None:
        if len(self._typed) < self._digits:
            self._typed += digit

    def _delete(self) -> None:
        self._typed = self._typed[:-1]

    def _ok(self) -> None:
        typed, self._typed = self._typed, ""
        self._done(typed)
