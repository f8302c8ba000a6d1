"""The head unit's service port: lines of text that read the display and touch it (docs/head-unit-port.md)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from emulation.ecus.head_unit.page import HOME, SEPARATOR, Element, Page

if TYPE_CHECKING:
    from emulation.ecus.head_unit.head_unit import HeadUnit

LINE_MAX = 1_024
"""Longest command in bytes."""


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
        elements = self._head_unit.elements()
        if command == "TAP":
            self._tap(argument.strip(), elements)
        elif command == "ENTER":
            self._enter(argument, elements)
        elif command == "OPEN":
            self._open(argument)
        elif line == "HOME":
            self._head_unit.show(HOME)
        elif line == "PAGE?":
            return f"OK {self._head_unit.page}"
        elif line == "TEXTS?":
            return f"OK {json.dumps({name: element.text for name, element in elements.items()})}"
        elif line == "ELEMENTS?":
            shown = {
                name: {"text": item.text, "enabled": item.tap is not None or item.enter is not None}
                for name, item in elements.items()
            }
            return f"OK {json.dumps(shown)}"
        else:
            raise PortError(
                400, f"{line!r}: expected PAGE?, TEXTS?, ELEMENTS?, TAP element, ENTER element text, OPEN path or HOME"
            )
        return "OK"

    def _tap(self, name: str, elements: Page) -> None:
        element = self._find(name, elements)
        if element.tap is None:
            raise PortError(409, f"{name} cannot be touched: {element.why_not}")
        element.tap()

    def _enter(self, argument: str, elements: Page) -> None:
        name, _, text = argument.partition(" ")
        element = self._find(name, elements)
        if element.enter is None:
            raise PortError(409, f"nothing can be typed into {name}")
        element.enter(text)

    def _find(self, name: str, elements: Page) -> Element:
        if name not in elements:
            raise PortError(404, f"no element {name!r} on page {self._head_unit.page}; there are {', '.join(elements)}")
        return elements[name]

    def _open(self, path: str) -> None:
        wanted = SEPARATOR.join(part.strip() for part in path.split(">"))
        if wanted not in self._head_unit.pages:
            raise PortError(404, f"no page {path!r}; there are {', '.join(self._head_unit.pages)}")
        self._head_unit.show(wanted)
