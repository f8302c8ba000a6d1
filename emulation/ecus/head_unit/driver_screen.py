"""Draws the driver display as it tells of itself on CAN: speed, telltales, and what its message says (C-07)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulation.ecus.base.vehicle import database
from emulation.ecus.head_unit.layout import Box
from emulation.ecus.head_unit.texts import translate

WIDTH, HEIGHT = 1024, 384
MESSAGES = tuple(
    name for name in ("DIM_Cluster", "DIM_Telltales", "DIM_Message") if any(m.name == name for m in database().messages)
)
"""What it tells."""

LAMPS = {
    "Airbag": ("red", "Airbag"),
    "Brake": ("red", "Brake"),
    "Belt": ("red", "Belt"),
    "Engine": ("accent", "Engine"),
    "Steering": ("accent", "Steering"),
    "Battery": ("red", "Battery"),
    "Telematics": ("accent", "SOS"),
    "Indicators": ("green", "Indicators"),
}
"""Telltales with their colours (ISO 2575: red danger, amber attention, green in use) and words."""

SIGNAL = "Text"
"""The signal of `DIM_Message` that says what is shown."""


def draw(told: Mapping[str, Mapping[str, Any]], language: str) -> bytes:
    """The display as PNG; `told`: signals by message, of those that it sends now. Dark where it sends nothing."""
    from emulation.ecus.head_unit.canvas import Canvas  # noqa: PLC0415  loads Pillow

    canvas = Canvas(WIDTH, HEIGHT)
    if not told:
        return canvas.png()
    cluster = told.get("DIM_Cluster", {})
    canvas.text((200, 150), f"{cluster.get('ShownSpeed', 0):.0f}", 130, "white", anchor="mm")
    canvas.text((200, 240), "km/h", 28, "grey", anchor="mm")
    canvas.text((WIDTH - 40, 40), f"{cluster.get('Odometer', 0):.0f} km", 26, "grey", anchor="rm")
    _draw_lamps(canvas, told.get("DIM_Telltales", {}), language)
    shown = str(told.get("DIM_Message", {}).get(SIGNAL, "NONE"))
    if shown != "NONE":
        box = Box(400, 90, WIDTH - 440, 170)
        canvas.card(box, "card")
        words = translate(shown.replace("_", " ").capitalize(), language)
        canvas.paragraph(Box(box.x + 28, box.y, box.width - 56, box.height), words, 34, "white")
    return canvas.png()


def _draw_lamps(canvas: Any, lamps: Mapping[str, Any], language: str) -> None:
    lit = [name for name in LAMPS if lamps.get(name, "OFF") != "OFF"]
    for place, name in enumerate(lit):
        colour, word = LAMPS[name]
        x = 90 + place * 122
        canvas.dot(x, HEIGHT - 70, 15, colour)
        canvas.text((x, HEIGHT - 32), translate(word, language), 21, "soft", anchor="mm", width=112)
