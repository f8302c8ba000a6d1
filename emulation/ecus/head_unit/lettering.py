"""Letters of the display: Pillow's own font, and over it the French accents and dots that it lacks (all HMI clauses).

No font of the machine is used: a picture is the same everywhere, so that equal screens are equal bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Any

from PIL import Image, ImageDraw, ImageFont

WRITTEN = {"\N{LATIN SMALL LIGATURE OE}": "oe", "\N{LATIN CAPITAL LIGATURE OE}": "OE", "\N{NO-BREAK SPACE}": " "}
"""Written with letters that there are."""
WRITTEN |= {"\N{EN DASH}": "-", "\N{NARROW NO-BREAK SPACE}": " "}

BULLET = "\N{BULLET}"
ACUTE, GRAVE, CIRCUMFLEX, DIAERESIS, CEDILLA = "\u0301\u0300\u0302\u0308\u0327"
STROKES: dict[str, list[tuple[float, float, float, float]]] = {
    ACUTE: [(-0.03, 0.0, 0.1, -0.13)],
    GRAVE: [(0.03, 0.0, -0.1, -0.13)],
    CIRCUMFLEX: [(-0.12, 0.0, 0.0, -0.12), (0.0, -0.12, 0.12, 0.0)],
    DIAERESIS: [(-0.11, -0.05, -0.11, -0.05), (0.11, -0.05, 0.11, -0.05)],
    CEDILLA: [(0.0, 0.0, 0.03, 0.07), (0.03, 0.07, -0.02, 0.16), (-0.02, 0.16, -0.08, 0.17)],
}
"""Of each accent: lines from x, y to x, y, from the middle of the letter's top (of its bottom), in letter sizes."""
WEIGHT = 0.075
"""Thickness of a stroke in letter sizes, as the font's own."""
ABOVE = 0.1
"""From a letter's top to its accent."""
FINE = 4
"""Strokes are drawn so many times larger first: smooth edges."""
DOT_ADVANCE, DOT_RADIUS = 0.5, 0.17
"""A bullet, in letter sizes."""


@cache
def font(size: int) -> Any:
    """Pillow's own, at a size in pixels."""
    return ImageFont.load_default(size)


def written(text: str) -> str:
    """The text as these letters can write it."""
    return unicodedata.normalize("NFC", "".join(WRITTEN.get(letter, letter) for letter in text))


def can_write(letter: str) -> bool:
    """Whether a letter is there, or can be put together."""
    letter = WRITTEN.get(letter, letter)
    base, *marks = tuple(unicodedata.normalize("NFD", letter))
    known = all(mark in STROKES for mark in marks)
    return letter == BULLET or (known and (base == " " or bytes(font(40).getmask(base)) != _missing()))


@cache
def _missing() -> bytes:
    """What is drawn for a letter that the font lacks."""
    return bytes(font(40).getmask("\ue000"))


@cache
def width(text: str, size: int) -> float:
    """How wide a line of text is, in pixels."""
    return sum(_advance(part, size) for part in _parts(written(text)))


def write(image: Image.Image, at: tuple[float, float], text: str, size: int, colour: tuple[int, int, int]) -> None:
    """Write a line from `at`, the left end of its base line."""
    x, y = at
    draw = ImageDraw.Draw(image)
    for part in _parts(written(text)):
        if _is_plain(part[0]):
            draw.text((x, y), part, colour, font(size), anchor="ls")
        else:
            mask, left, top = _glyph(part, size)
            image.paste(colour, (round(x) + left, round(y) + top), mask)
        x += _advance(part, size)


def _parts(text: str) -> Iterator[str]:
    """Runs of plain letters, and each other one by itself."""
    for plain, letters in groupby(text, _is_plain):
        run = "".join(letters)
        yield from (run,) if plain else run


def _is_plain(letter: str) -> bool:
    return letter != BULLET and len(unicodedata.normalize("NFD", letter)) == 1


def _advance(part: str, size: int) -> float:
    if part == BULLET:
        return DOT_ADVANCE * size
    return float(font(size).getlength(part if _is_plain(part[0]) else unicodedata.normalize("NFD", part)[0]))


@cache
def _glyph(letter: str, size: int) -> tuple[Image.Image, int, int]:
    """A letter with its accent as a mask, and where its left top corner is from the pen."""
    margin = size // 2
    around = Image.new("L", (2 * size + 2 * margin, 2 * size + 2 * margin))
    pen, base_line = margin, margin + size
    fine = Image.new("L", (around.width * FINE, around.height * FINE))
    strokes = ImageDraw.Draw(fine)
    if letter == BULLET:
        x, y, radius = pen + DOT_ADVANCE * size / 2, base_line - 0.34 * size, DOT_RADIUS * size
        strokes.ellipse([FINE * edge for edge in (x - radius, y - radius, x + radius, y + radius)], 255)
    else:
        base, *marks = tuple(unicodedata.normalize("NFD", letter))
        ImageDraw.Draw(around).text((pen, base_line), base, 255, font(size), anchor="ls")
        low = base_line + round(font(size).getbbox("x", anchor="ls")[1])
        if base == "i":  # the accent stands in the dot's place
            around.paste(0, (0, 0, around.width, low - 1))
        left, top, right, bottom = around.getbbox() or (pen, low, pen, base_line)
        for mark in marks:
            middle = (left + right) / 2
            level = bottom - 1 if mark == CEDILLA else top - ABOVE * size
            _stroke(strokes, [(middle, level)] * len(STROKES[mark]), STROKES[mark], size)
    around.paste(255, (0, 0), fine.resize(around.size, Image.Resampling.BOX))
    return around, -pen, -base_line


def _stroke(
    draw: ImageDraw.ImageDraw,
    origins: list[tuple[float, float]],
    lines: list[tuple[float, float, float, float]],
    size: int,
) -> None:
    weight = WEIGHT * size * FINE
    for (x, y), line in zip(origins, lines, strict=True):
        ends = [((x + dx * size) * FINE, (y + dy * size) * FINE) for dx, dy in (line[:2], line[2:])]
        draw.line(ends, 255, max(1, round(weight)))
        for ex, ey in ends:
            draw.ellipse((ex - weight / 2, ey - weight / 2, ex + weight / 2, ey + weight / 2), 255)
