"""The display's words in the driver's language: English is the key, `french/*.toml` has the French (all HMI).

A feature that writes a page writes its French beside it, in `french/<feature>.toml`: `"Settings" = "Paramètres"`; what
differs from time to time is `{}` in both. What has no French is shown as it is: VIN, numbers, names.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

from emulation.ecus.head_unit.page import Element, Page

ENGLISH, FRENCH = "en", "fr"
LANGUAGES = {ENGLISH: "English", FRENCH: "Français"}

FOLDER = Path(__file__).with_name("french")
BLANK = "{}"


@cache
def _french() -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """Whole texts, and patterns of those with something in between."""
    plain: dict[str, str] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        plain |= tomllib.loads(file.read_text(encoding="utf-8"))
    blanks = [
        (re.compile("(.*)".join(map(re.escape, text.split(BLANK))), re.DOTALL), said)
        for text, said in plain.items()
        if BLANK in text
    ]
    return plain, blanks


def is_known(text: str) -> bool:
    """Whether a text has its French."""
    plain, blanks = _french()
    return text in plain or any(pattern.fullmatch(text) for pattern, _ in blanks)


def translate(text: str, language: str) -> str:
    """An English text in `language` (`en`, `fr`)."""
    if language == ENGLISH or not text:
        return text
    plain, blanks = _french()
    if text in plain:
        return plain[text]
    for pattern, said in blanks:
        if found := pattern.fullmatch(text):
            return said.format(*(translate(part, language) for part in found.groups()))
    return text


def label_of(name: str, element: Element) -> str:
    """What stands before a state, in English: its label, else its name as words; nothing before a sentence."""
    if element.label or element.qr or element.key:
        return element.label
    words = name.replace("_", " ")
    if any(letter.islower() for letter in element.text) or element.text == words.upper():
        return ""
    if not (element.text or element.enabled):
        return ""
    return words[:1].upper() + words[1:]


def in_language(page: Page, language: str) -> Page:
    """A page as it is shown: texts, labels and reasons in `language`, every label written out."""
    return {
        name: replace(
            element,
            text=translate(element.text, language),
            label=translate(label_of(name, element), language),
            why_not=translate(element.why_not, language),
        )
        for name, element in page.items()
    }
