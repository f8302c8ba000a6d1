"""The centre display over its service port (docs/head-unit-port.md): read what it shows, touch it (B-12)."""

from __future__ import annotations

import json
from collections import deque
from functools import partial
from typing import Any

from serial import Serial

from harness.clock import Clock
from harness.disturbance import disturbed
from harness.errors import BenchError, ExpectationError
from harness.serial_port import RETRY_PAUSE, LineReader
from harness.timeline import Event, Timeline
from harness.toml_file import nearest
from harness.units import S, pretty

TIMEOUT = 3 * S
"""A display that does not answer for this long is off or hangs."""

BOOTED = "BOOTED"
"""Said unasked, once after each boot."""

SYNC = "SYNC"
"""Not a command: its answer, `ERROR 400`, is told from what a late one would be."""

NO_COMMAND = 400
NOT_THERE = 404
NOT_TOUCHABLE = 409


class HeadUnitPort:
    """Fills `harness.ports.HeadUnit`."""

    def __init__(self, port: Serial, clock: Clock, timeline: Timeline, timeout: int = TIMEOUT) -> None:
        self.retries = 0
        """How often a question is asked again that got no answer (`[retry] queries`)."""
        self.lines = LineReader(port, "head_unit", self._take)
        self.lines.on_failure = partial(self._disturbed, outage=True)
        self._late = False
        self._clock = clock
        self._timeline = timeline
        self._timeout = timeout
        self._answers: deque[str] = deque()

    def pump(self) -> None:
        """Take what has arrived."""
        self.lines.pump()

    def page(self) -> str:
        """Path of the page that is shown, for example `Settings > SOS/ON CALL`."""
        return self._repeated("PAGE?")

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
        text = self._repeated(command)
        try:
            answer = json.loads(text)
        except ValueError as error:
            raise BenchError(f"the head unit answered {command} with {text[:80]!r}: expected JSON") from error
        if not isinstance(answer, dict):
            raise BenchError(f"the head unit answered {command} with {text[:80]!r}: expected a JSON object")
        return answer

    def _repeated(self, question: str) -> str:
        """The answer to what changes nothing; asked again where the port or the display was at fault."""
        left = self.retries
        while True:
            try:
                return self._ask(question)
            except BenchError:
                if not left:
                    raise
                left -= 1
                self._clock.sleep(RETRY_PAUSE)

    def _ask(self, command: str) -> str:
        if self._late:
            self._resynchronise()
        word, _, rest = self._exchange(command).partition(" ")
        if word == "OK":
            return rest
        code, _, text = rest.partition(" ")
        if word == "ERROR" and code in (str(NOT_THERE), str(NOT_TOUCHABLE)):
            raise ExpectationError(f"the display refused {command}: {text} ({code})")
        told = f"the head unit at {self.lines.where} answered {command} with {word} {rest!r}: expected OK or ERROR"
        self._disturbed(told)
        raise BenchError(told)

    def _exchange(self, command: str) -> str:
        self.pump()
        if self.lines.ready():
            self._late = False
        self._answers.clear()
        self._file("sent", command)
        self.lines.write(command.encode() + b"\n")
        self._clock.wait(lambda: bool(self._answers) or self.lines.failure is not None, self._timeout)
        if not self._answers:
            self._late = True
            self.lines.check_health()
            silent = f"the head unit at {self.lines.where} did not answer {command} within {pretty(self._timeout)}"
            self._disturbed(silent)
            raise BenchError(f"{silent}. Is it powered?")
        return self._answers.popleft()

    def _resynchronise(self) -> None:
        """After a timeout: let late answers pass by, up to that of what no command is answered with."""
        answer = self._exchange(SYNC)
        while not answer.startswith(f"ERROR {NO_COMMAND}"):
            if not self._clock.wait(lambda: bool(self._answers), self._timeout):
                raise BenchError(f"the head unit at {self.lines.where} answers something else than it is asked")
            answer = self._answers.popleft()
        self._late = False

    def _take(self, line: bytes) -> None:
        text = line.decode("utf-8", "backslashreplace")
        self._file("received", text)
        if text == BOOTED:
            self._timeline.add(Event(self._clock.now(), "head_unit", "booted"))
        else:
            self._answers.append(text)

    def _disturbed(self, what: str, *, outage: bool = False) -> None:
        disturbed(self._clock, self._timeline, self.lines.where, what, outage=outage)

    def _file(self, direction: str, text: str) -> None:
        self._timeline.add(Event(self._clock.now(), "head_unit", "line", {"direction": direction, "text": text}))
