"""The head unit's service port: lines of text that read the display and touch it (docs/head-unit-port.md)."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING

from emulation.ecus.head_unit import layout
from emulation.ecus.head_unit.page import HOME, SEPARATOR, Element, Page

if TYPE_CHECKING:
    from emulation.ecus.head_unit.head_unit import HeadUnit

LINE_MAX = 1_024
"""Longest command in bytes."""

ONLY_TEXT = "it is only text"

EXPECTED = (
    "PAGE?, TEXTS?, ELEMENTS?, SCREENSHOT [centre|driver], "
    "TAP element, TOUCH x y, ENTER element text, OPEN path or HOME"
)


class PortError(Exception):
    """A command is answered with `ERROR code text`."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}")


class ServicePort:
    """One serial line; every command has exactly one answer."""

    def __init__(self, head_unit: HeadUnit) -> None:
        self._head_unit = head_unit
        self._received = bytearray()
        self._line = head_unit.bench.port("head_unit")
        self._line.on_bytes = self._take

    def booted(self) -> None:
        """Forget half a command, and say that the head unit is there."""
        self._received.clear()
        self._line.write(b"BOOTED\n")

    def _take(self, data: bytes) -> None:
        if not self._head_unit.running:
            return
        self._received += data
        while b"\n" in self._received:
            line, _, rest = self._received.partition(b"\n")
            self._received = bytearray(rest)
            self._answer(bytes(line))
        if len(self._received) > LINE_MAX:  # it is answered once its end is seen; its text is not kept
            del self._received[LINE_MAX + 1 :]

    def _answer(self, line: bytes) -> None:
        try:
            answer = self._obey(line.decode("utf-8", "replace").strip())
        except PortError as error:
            answer = f"ERROR {error}"
        self._line.write(answer.encode() + b"\n")

    def _obey(self, line: str) -> str:
        if len(line) > LINE_MAX:
            raise PortError(400, f"a command has at most {LINE_MAX} bytes")
        command, _, argument = line.partition(" ")
        unit = self._head_unit
        if command in ("TAP", "TOUCH", "ENTER", "OPEN"):
            {"TAP": self._tap, "TOUCH": self._touch, "ENTER": self._enter, "OPEN": self._open}[command](argument)
        elif line == "HOME":
            unit.show(HOME)
        elif line == "PAGE?":
            return f"OK {unit.page}"
        elif line == "TEXTS?":
            return f"OK {json.dumps({name: element.text for name, element in unit.elements().items()})}"
        elif line == "ELEMENTS?":
            return f"OK {json.dumps(self._described(unit.elements()))}"
        elif line in ("SCREENSHOT", "SCREENSHOT centre", "SCREENSHOT driver"):
            png = unit.driver_picture() if argument == "driver" else unit.picture()
            return f"OK {len(png)} {base64.b64encode(png).decode()}"
        else:
            raise PortError(400, f"{line!r}: expected {EXPECTED}")
        return "OK"

    @staticmethod
    def _described(elements: Page) -> dict[str, dict[str, object]]:
        places = layout.boxes(elements)
        return {
            name: {
                "text": item.text,
                "label": item.label,
                "enabled": item.enabled,
                "why_not": item.why_not if item.greyed_out else "",
                "box": places[name],
            }
            for name, item in elements.items()
        }

    def _tap(self, argument: str) -> None:
        name = argument.strip()
        self._press(name, self._find(name))

    def _touch(self, argument: str) -> None:
        """Touch what is at a point; a point is where `ELEMENTS?` says that something is, or in the bar on top."""
        found = re.fullmatch(r"(\d{1,5}) (\d{1,5})", argument.strip())
        if found is None:
            raise PortError(400, "expected TOUCH x y, in pixels from the top left corner")
        x, y = int(found[1]), int(found[2])
        unit, elements = self._head_unit, self._head_unit.elements()
        if layout.Box(*layout.BACK).holds(x, y):
            unit.back()
            return
        if layout.Box(*layout.HOME_SYMBOL).holds(x, y):
            unit.show(HOME)
            return
        for name, box in layout.boxes(elements).items():
            if box.holds(x, y):
                self._press(name, elements[name])
                return
        raise PortError(404, f"nothing is at {x} {y} of page {unit.page}")

    @staticmethod
    def _press(name: str, element: Element) -> None:
        if element.tap is not None:
            element.tap()
        elif element.enter is None:  # a touch on a field only places the cursor
            raise PortError(409, f"{name} cannot be touched: {element.why_not or ONLY_TEXT}")

    def _enter(self, argument: str) -> None:
        name, _, text = argument.partition(" ")
        element = self._find(name)
        if element.enter is None:
            raise PortError(409, f"nothing can be typed into {name}")
        element.enter(text)

    def _find(self, name: str) -> Element:
        elements = self._head_unit.elements()
        if name not in elements:
            raise PortError(404, f"no element {name!r} on page {self._head_unit.page}; there are {', '.join(elements)}")
        return elements[name]

    def _open(self, path: str) -> None:
        wanted = SEPARATOR.join(part.strip() for part in path.split(">"))
        if wanted not in self._head_unit.pages:
            raise PortError(404, f"no page {path!r}; there are {', '.join(self._head_unit.pages)}")
        self._head_unit.show(wanted)
