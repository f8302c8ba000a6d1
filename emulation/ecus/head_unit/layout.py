"""Where everything on a page of the centre display is: a box for each element, so that a touch finds it (all HMI).

Pure arithmetic, done anew for every page: nothing here needs a font or a picture.
"""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from emulation.ecus.head_unit.page import Element, Page

WIDTH, HEIGHT = 1024, 768
"""Of the display, in pixels."""
BAR = 72
"""Height of the bar on top: way back, title, connection, profile, language, clock."""
MARGIN = 40
GAP = 12
BACK, HOME_SYMBOL = (0, 0, 72, BAR), (72, 0, 72, BAR)
"""In the bar: a touch leads to the page above, and to the first page."""

ROW = 72
"""Height of an element that can be touched, of any state, and of one line of text with the space around it."""
LINE = 36
"""Height of each further line of text."""
TEXT = 27
"""Size of letters, in pixels."""
LETTER = 0.48
"""Width of a letter as a share of its size: more than the mean of any sentence on these pages."""
PAD_WIDTH = 420
"""Of a key pad and of a QR code, which stand on the right."""
KEYS_IN_A_ROW = 3


class Box(NamedTuple):
    """A rectangle in pixels from the top left corner."""

    x: int
    y: int
    width: int
    height: int

    def holds(self, x: int, y: int) -> bool:
        """Whether a point is inside."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


def boxes(page: Page) -> dict[str, Box]:
    """The box of every element: QR code and keys on the right where there are any, all else in rows."""
    aside = {name: element for name, element in page.items() if element.key or element.qr}
    rows = {name: element for name, element in page.items() if name not in aside}
    width = WIDTH - 2 * MARGIN - (PAD_WIDTH + MARGIN if aside else 0)
    found = _stacked(rows, width) | _aside(aside)
    return {name: found[name] for name in page}


def letters_in(width: int) -> int:
    """How many letters a line of text holds in a row of this width."""
    return int((width - 2 * GAP) / (TEXT * LETTER))


def _height(element: Element, width: int) -> int:
    if element.enabled or element.greyed_out or element.label:
        return ROW
    if not element.text:
        return GAP
    lines = ceil(len(element.text) / letters_in(width)) or 1
    return ROW + (lines - 1) * LINE


def _stacked(rows: Page, width: int) -> dict[str, Box]:
    """One below the other; pressed together where there are too many."""
    room = HEIGHT - BAR - MARGIN - GAP * len(rows)
    heights = [_height(element, width) for element in rows.values()]
    share = min(1.0, room / (sum(heights) or 1))
    y, found = BAR + MARGIN // 2, {}
    for name, height in zip(rows, heights, strict=True):
        found[name] = Box(MARGIN, y, width, int(height * share))
        y += int(height * share) + GAP
    return found


def _aside(elements: Page) -> dict[str, Box]:
    x, y = WIDTH - MARGIN - PAD_WIDTH, BAR + MARGIN // 2
    found: dict[str, Box] = {}
    codes = [name for name, element in elements.items() if element.qr]
    keys = [name for name in elements if name not in codes]
    for name in codes:
        found[name] = Box(x, y, PAD_WIDTH, PAD_WIDTH)
        y += PAD_WIDTH + GAP
    if keys:
        rows = ceil(len(keys) / KEYS_IN_A_ROW)
        width = (PAD_WIDTH + GAP) // KEYS_IN_A_ROW
        height = min(width, (HEIGHT - MARGIN // 2 - y) // rows)
        for index, name in enumerate(keys):
            row, column = divmod(index, KEYS_IN_A_ROW)
            found[name] = Box(x + column * width, y + row * height, width - GAP, height - GAP)
    return found
