"""A picture to draw on with the display's few colours; the only module that needs Pillow (all HMI clauses)."""

from __future__ import annotations

import io
from functools import cache
from textwrap import wrap
from typing import Literal

from PIL import Image, ImageDraw

from emulation.ecus.head_unit import lettering
from emulation.ecus.head_unit.layout import LETTER, Box

COLOURS = {
    "black": (0, 0, 0),
    "night": (14, 17, 21),
    "bar": (22, 26, 32),
    "low": (20, 24, 29),
    "card": (35, 41, 50),
    "dim": (74, 83, 95),
    "grey": (126, 135, 147),
    "soft": (190, 197, 206),
    "white": (245, 246, 248),
    "accent": (240, 130, 40),
    "green": (80, 190, 120),
    "red": (225, 70, 60),
}
BLENDS = 3
"""Shades between each letter's colour and its ground, which make its edges smooth."""
INKS = ("grey", "soft", "white", "accent")
GROUNDS = ("night", "bar", "low", "card")


SMALLEST = 11
"""No letter is smaller, in pixels."""


class Canvas:
    """Drawn in full colour, handed out as a PNG with a palette."""

    def __init__(self, width: int, height: int) -> None:
        self._image = Image.new("RGB", (width, height), COLOURS["night"])
        self._draw = ImageDraw.Draw(self._image)

    def fill(self, box: Box, colour: str) -> None:
        """A rectangle."""
        self._draw.rectangle(_corners(box), COLOURS[colour])

    def card(self, box: Box, colour: str, radius: int = 14) -> None:
        """A rectangle with round corners."""
        self._draw.rounded_rectangle(_corners(box), radius, COLOURS[colour])

    def dot(self, x: int, y: int, radius: int, colour: str) -> None:
        """A disc."""
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), COLOURS[colour])

    def text(
        self,
        at: tuple[int, int],
        text: str,
        size: int,
        colour: str,
        *,
        anchor: Literal["lm", "mm", "rm"] = "lm",
        width: int = 0,
    ) -> None:
        """One line, made smaller until it fits into `width`; `anchor` is its left end, middle or right end."""
        while width and size > SMALLEST and lettering.width(text, size) > width:
            size -= 1
        x, y = at
        along = {"l": 0.0, "m": 0.5, "r": 1.0}[anchor[0]]
        ascent, descent = lettering.font(size).getmetrics()
        start = (x - along * lettering.width(text, size), y + (ascent - descent) / 2)
        lettering.write(self._image, start, text, size, COLOURS[colour])

    def paragraph(self, box: Box, text: str, size: int, colour: str) -> None:
        """As many lines as it takes, in the middle of the box's height, made smaller until they fit."""
        while True:
            lines = wrap(text, max(8, int(box.width / (size * LETTER)))) or [""]
            if size <= 12 or len(lines) * size * 1.3 <= box.height:
                break
            size -= 1
        y = box.y + (box.height - int(len(lines) * size * 1.3)) // 2
        for number, line in enumerate(lines):
            at = (box.x + 4, y + int((number + 0.5) * size * 1.3))
            self.text(at, line, size, colour, width=box.width - 8)

    # Symbols

    def arrow(self, x: int, y: int, *, back: bool = False) -> None:
        """To the next page, or back."""
        tip, tail = (x - 7, x + 5) if back else (x + 5, x - 5)
        self._draw.line([(tail, y - 11), (tip, y), (tail, y + 11)], COLOURS["soft" if back else "grey"], 4, "curve")

    def house(self, x: int, y: int) -> None:
        """To the first page."""
        outline = [(x - 15, y), (x, y - 14), (x + 15, y), (x + 10, y), (x + 10, y + 13), (x - 10, y + 13), (x - 10, y)]
        self._draw.polygon([*outline, (x - 15, y)], COLOURS["soft"])

    def bars(self, x: int, y: int, colour: str) -> None:
        """Four bars of reception."""
        for bar in range(4):
            height = 7 + 5 * bar
            self.fill(Box(x + 8 * bar - 16, y + 12 - height, 5, height), colour)

    def png(self) -> bytes:
        """The picture as PNG."""
        data = io.BytesIO()
        small = self._image.quantize(palette=_palette(), dither=Image.Dither.NONE)
        small.save(data, "PNG")
        return data.getvalue()


def _corners(box: Box) -> tuple[int, int, int, int]:
    return box.x, box.y, box.x + box.width - 1, box.y + box.height - 1


@cache
def _palette() -> Image.Image:
    """The colours and the blends of their edges: the same for every picture, so equal screens are equal bytes."""
    colours: list[tuple[int, ...]] = list(COLOURS.values())
    for ink in INKS:
        for ground in GROUNDS:
            for step in range(1, BLENDS + 1):
                share = step / (BLENDS + 1)
                pairs = zip(COLOURS[ink], COLOURS[ground], strict=True)
                colours.append(tuple(round(a * share + b * (1 - share)) for a, b in pairs))
    image = Image.new("P", (1, 1))
    image.putpalette([part for colour in colours for part in colour])
    return image
