"""The centre display over its service port (docs/head-unit-port.md): read what it shows, touch it (B-12)."""

from __future__ import annotations

import json
from collections import deque
from typing import Any

from serial import Serial

from harness.clock import Clock
from harness.errors import BenchError, ExpectationError
from harness.serial_port import LineReader
from harness.timeline import Event, Timeline
from harness.toml_file import nearest
from harness.units import S, pretty

TIMEOUT = 3 * S
"""A display that does not answer for this long is off or hangs."""

NOT_THERE = 404
NOT_TOUCHABLE = 409


class HeadUnitPort:
    """Fills `harness.ports.HeadUnit`."""

    def __init__(self, port: Serial, clock: Clock, timeline: Timeline, timeout: int = TIMEOUT) -> None:
        self.lines = LineReader(port, "head_unit", self._take)
        self._clock = clock
        self._timeline = timeline
        self._timeout = timeout
        self._answers: deque[str] = deque()

    def pump(self) -> None:
        """Take what has arrived."""
        self.lines.pump()

    def page(self) -> str:
        """Path of the page that is shown, for example `Settings > SOS/ON CALL`."""
        return self._ask("PAGE?")

    def texts(self) -> dict[str, str]:
        """Every element on the page by name, with the text or state it shows."""
        return {name: str(text) for name, text in self._ask_json("TEXTS?").items()}

    def is_enabled(self, element: str) -> bool:
        """Whether an element of the page can be touched. Raises `ExpectationError` where it is not on the page."""
        shown = self._ask_json("ELEMENTS?")
        if element not in shown:
            raise ExpectationError(
                f"the display shows no {element!r} on {self.page()!r}{nearest(element, list(shown))}"
            )
        return bool(shown[element]["enabled"])

    def tap(self, element: str) -> None:
        """Touch an element by name. Raises `ExpectationError` where it is not on the page or greyed out."""
        self._ask(f"TAP {element}")

    def open(self, *path: str) -> None:
        """From anywhere, open the page at `path` of the settings tree (for example `"Settings", "SOS/ON CALL"`)."""
        self._ask(f"OPEN {' > '.join(path)}" if path else "HOME")

    def close(self) -> None:
        """Close the port."""
        self.lines.close()

    def _ask_json(self, command: str) -> dict[str, Any]:
        text = self._ask(command)
        try:
            answer = json.loads(text)
        except ValueError as error:
            raise BenchError(f"the head unit answered {command} with {text[:80]!r}: expected JSON") from error
        if not isinstance(answer, dict):
            raise BenchError(f"the head unit answered {command} with {text[:80]!r}: expected a JSON object")
        return answer

    def _ask(self, command: str) -> str:
        self.pump()
        self._answers.clear()
        self._file("sent", command)
        self.lines.write(command.encode() + b"\n")
        if not self._clock.wait(lambda: bool(self._answers), self._timeout):
            raise BenchError(f"the head unit did not answer {command} within {pretty(self._timeout)}. Is it powered?")
        word, _, rest = self._answers.popleft().partition(" ")
        if word == "OK":
            return rest
        code, _, text = rest.partition(" ")
        if word == "ERROR" and code in (str(NOT_THERE), str(NOT_TOUCHABLE)):
            raise ExpectationError(f"the display refused {command}: {text} ({code})")
        raise BenchError(f"the head unit answered {command} with {word} {rest!r}: expected OK or ERROR")

    def _take(self, line: bytes) -> None:
        text = line.decode("utf-8", "backslashreplace")
        self._file("received", text)
        self._answers.append(text)

    def _file(self, direction: str, text: str) -> None:
        self._timeline.add(Event(self._clock.now(), "head_unit", "line", {"direction": direction, "text": text}))
