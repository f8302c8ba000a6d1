"""Draws the centre display: a page's elements in their boxes, as a PNG of few colours (all HMI clauses).

The same boxes as for touches (`layout`). Pillow and segno are loaded with the first picture: most benches take none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulation.ecus.head_unit.layout import BACK, BAR, GAP, HEIGHT, HOME_SYMBOL, TEXT, WIDTH, Box, boxes
from emulation.ecus.head_unit.page import HOME, SEPARATOR, Element, Page

if TYPE_CHECKING:
    from emulation.ecus.head_unit.canvas import Canvas

SWITCH_WIDTH, SWITCH_HEIGHT = 64, 34
SWITCHED_ON, SWITCHED_OFF = ("ON", "ACTIVÉ"), ("OFF", "DÉSACTIVÉ")
"""What a switch says, in the languages there are."""
QUIET_ZONE = 4
"""White modules around a QR code (ISO/IEC 18004)."""


@dataclass(frozen=True)
class Status:
    """What the bar on top tells besides the title."""

    title: str
    clock: str
    language: str
    profile: str
    connected: bool


def draw(path: str, page: Page, status: Status) -> bytes:
    """The page at `path` as PNG; `page` as it is shown, in the driver's language."""
    from emulation.ecus.head_unit.canvas import Canvas  # noqa: PLC0415  loads Pillow

    canvas = Canvas(WIDTH, HEIGHT)
    _draw_bar(canvas, path, status)
    places = boxes(page)
    for name, element in page.items():
        if element.qr:
            _draw_code(canvas, places[name], element)
        elif element.key:
            _draw_key(canvas, places[name], element)
        else:
            _draw_row(canvas, places[name], element, leads_on=name != "entered")
    return canvas.png()


def _draw_bar(canvas: Canvas, path: str, status: Status) -> None:
    canvas.card(Box(0, 0, WIDTH, BAR), "bar", radius=0)
    if path != HOME:
        x, y, width, height = BACK
        canvas.arrow(x + width // 2, y + height // 2, back=True)
        x, y, width, height = HOME_SYMBOL
        canvas.house(x + width // 2, y + height // 2)
    title = status.title.rpartition(SEPARATOR)[2]
    canvas.text((160 if path != HOME else 40, BAR // 2), title, 32, "white", width=430)
    canvas.text((WIDTH - 40, BAR // 2), status.clock, 30, "white", anchor="rm")
    canvas.text((WIDTH - 140, BAR // 2), status.language.upper(), 22, "grey", anchor="rm")
    canvas.bars(WIDTH - 220, BAR // 2, "accent" if status.connected else "dim")
    canvas.text((WIDTH - 246, BAR // 2), status.profile, 22, "grey", anchor="rm", width=170)


def _draw_row(canvas: Canvas, box: Box, element: Element, *, leads_on: bool) -> None:
    """A card where it can be touched, could be, or is a state; plain words else."""
    size = min(TEXT, box.height // 2)
    if not (element.label or element.enabled or element.greyed_out):
        canvas.paragraph(box, element.text, size, "soft")
        return
    canvas.card(box, "card" if element.enabled else "low")
    left, right, middle = box.x + 2 * GAP, box.x + box.width - 2 * GAP, box.y + box.height // 2
    bright = "white" if element.enabled else "grey"
    if element.greyed_out:  # the reason below
        canvas.text((left, box.y + box.height * 3 // 4), element.why_not, size * 3 // 4, "grey", width=right - left)
        middle -= box.height // 8
    if element.enter is not None:
        canvas.fill(Box(left, box.y + box.height - GAP, right - left, 3), "dim")
    if not element.label:
        canvas.text((left, middle), element.text, size, bright, width=right - left - 40)
        if leads_on and element.tap is not None:
            canvas.arrow(right - 8, middle)
        return
    canvas.text((left, middle), element.label, size, bright, width=int(box.width * 0.55))
    if element.tap is not None and element.text in (*SWITCHED_ON, *SWITCHED_OFF):
        _draw_switch(canvas, right, middle, on=element.text in SWITCHED_ON)
        right -= SWITCH_WIDTH + GAP
    value = "accent" if element.enabled else "grey" if element.greyed_out else "soft"
    canvas.text((right, middle), element.text, size, value, anchor="rm", width=int(box.width * 0.45) - 2 * GAP)


def _draw_switch(canvas: Canvas, right: int, middle: int, *, on: bool) -> None:
    box = Box(right - SWITCH_WIDTH, middle - SWITCH_HEIGHT // 2, SWITCH_WIDTH, SWITCH_HEIGHT)
    canvas.card(box, "accent" if on else "dim", radius=SWITCH_HEIGHT // 2)
    canvas.dot(box.x + (SWITCH_WIDTH - SWITCH_HEIGHT // 2 if on else SWITCH_HEIGHT // 2), middle, 13, "white")


def _draw_key(canvas: Canvas, box: Box, element: Element) -> None:
    canvas.card(box, "card" if element.enabled else "low")
    canvas.text(
        (box.x + box.width // 2, box.y + box.height // 2),
        element.text,
        38 if len(element.text) < 3 else 24,
        "white" if element.enabled else "grey",
        anchor="mm",
        width=box.width - GAP,
    )


def _draw_code(canvas: Canvas, box: Box, element: Element) -> None:
    """The code, as large as whole pixels for each module allow."""
    import segno  # noqa: PLC0415  loaded with the first code

    modules = segno.make(element.qr, micro=False, error="m").matrix
    scale = box.width // (len(modules) + 2 * QUIET_ZONE)
    canvas.card(box, "white", radius=8)
    edge = (box.width - scale * len(modules)) // 2
    for row, line in enumerate(modules):
        for column, dark in enumerate(line):
            if dark:
                canvas.fill(Box(box.x + edge + column * scale, box.y + edge + row * scale, scale, scale), "black")
    if element.text:
        caption = Box(box.x, box.y + box.height + GAP, box.width, HEIGHT - box.y - box.height - 2 * GAP)
        canvas.paragraph(caption, element.text, TEXT, "soft")
