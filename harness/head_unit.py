"""The centre display over its service port: read it, touch it, take its picture (docs/head-unit-port.md)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Any

from serial import Serial

from harness.clock import Clock
from harness.errors import BenchError, ExpectationError
from harness.head_unit_line import TIMEOUT, HeadUnitLine
from harness.pictures import Picture, read_codes, size_of
from harness.ports import Box, Which
from harness.timeline import Event, Timeline
from harness.toml_file import nearest
from harness.units import S

PICTURE_TIME = 15 * S
"""For a picture: 60 kB at 115200 baud take 7 s, and drawing takes its time on a real display (bench default)."""

STARS = "****"
"""What stands for what is typed secretly."""

_DIGIT = re.compile(r"digit_\d")


class HeadUnitPort(HeadUnitLine):
    """Fills `harness.ports.HeadUnit`."""

    def __init__(self, port: Serial, clock: Clock, timeline: Timeline, timeout: int = TIMEOUT) -> None:
        super().__init__(port, clock, timeline, timeout)
        self.pictures: list[Picture] = []
        """Those taken, kept for the report."""

    # What it shows

    def page(self) -> str:
        """Path of the page that is shown, for example `Settings > SOS/ON CALL`."""
        return self._repeated("PAGE?")

    def texts(self) -> dict[str, str]:
        """Every element on the page by name, with the text or state it shows."""
        return {name: str(text) for name, text in self._ask_json("TEXTS?").items()}

    def is_enabled(self, element: str) -> bool:
        """Whether an element of the page can be touched. Raises `ExpectationError` where it is not on the page."""
        return bool(self._element(element)["enabled"])

    def why_not(self, element: str) -> str:
        """Why an element of the page is greyed out, in the driver's language; empty where it is not."""
        return str(self._element(element).get("why_not", ""))

    def label(self, element: str) -> str:
        """The words before an element's state, in the driver's language; empty where there are none."""
        return str(self._element(element).get("label", ""))

    def find(self, element: str) -> Box:
        """Where an element is. Raises `ExpectationError` where it is not on the page, or the head unit cannot say."""
        box = self._element(element).get("box")
        if not isinstance(box, list) or len(box) != 4:
            raise ExpectationError(f"expected the head unit to say where {element!r} is; ELEMENTS? tells no box of it")
        return Box(*map(int, box))

    def screenshot(self, which: Which = "centre") -> bytes:
        """The picture of a display as PNG, kept for the report. Raises `BenchError` for what is no picture."""
        page = self.page() if which == "centre" else "Driver display"
        answer = self._repeated(f"SCREENSHOT {which}", PICTURE_TIME)
        count, _, code = answer.partition(" ")
        try:
            png = base64.b64decode(code, validate=True)
            width, height = size_of(png)
        except (binascii.Error, ValueError) as error:
            raise BenchError(f"the head unit answered SCREENSHOT with {answer[:80]!r}: expected a PNG") from error
        if count != str(len(png)):
            raise BenchError(f"the head unit announced a picture of {count} bytes; {len(png)} came: a bad cable?")
        now = self._clock.now()
        self.pictures.append(Picture(now, page, png))
        digest = hashlib.sha256(png).hexdigest()
        told = {"display": which, "page": page, "bytes": len(png), "width": width, "height": height, "sha256": digest}
        self._timeline.add(Event(now, "head_unit", "screenshot", told))
        return png

    def qr(self) -> str:
        """What the QR code on the centre display says, read from its picture.

        Raises `ExpectationError` where the picture shows no code that can be read, or more than one.
        """
        codes = read_codes(self.screenshot())
        if len(codes) != 1:
            raise ExpectationError(
                f"expected one QR code on the picture of {self.pictures[-1].page!r}; {len(codes)} can be read. "
                "The picture is in the report"
            )
        return codes[0]

    # What a finger does

    def tap(self, element: str) -> None:
        """Touch an element by name. Raises `ExpectationError` where it is not on the page or greyed out.

        Which digit of a key pad it was is in no record.
        """
        self._ask(f"TAP {element}", told=f"TAP {_DIGIT.sub('digit_*', element)}")

    def touch(self, x: int, y: int) -> None:
        """Touch the centre display, in pixels from its top left corner. Raises `ExpectationError` as `tap` does."""
        self._ask(f"TOUCH {x} {y}")

    def enter(self, element: str, text: str, *, secret: bool = False) -> None:
        """Type `text` into an element; a `secret` one is in no record. Raises `ExpectationError` as `tap` does."""
        if "\n" in text or "\r" in text:
            raise ValueError("expected one line of text to type")
        self._ask(f"ENTER {element} {text}", told=f"ENTER {element} {STARS if secret else text}")

    def open(self, *path: str) -> None:
        """From anywhere, open the page at `path` of the settings tree (for example `"Settings", "SOS/ON CALL"`)."""
        self._ask(f"OPEN {' > '.join(path)}" if path else "HOME")

    def _element(self, name: str) -> dict[str, Any]:
        shown = self._ask_json("ELEMENTS?")
        if name not in shown:
            raise ExpectationError(f"the display shows no {name!r} on {self.page()!r}{nearest(name, list(shown))}")
        found: dict[str, Any] = shown[name]
        return found
