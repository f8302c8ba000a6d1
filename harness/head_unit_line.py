"""The conversation on a head unit's service port: one answer a command, no secret in a record.

docs/head-unit-port.md is what both sides hold to; `harness.head_unit` has the commands.
"""

from __future__ import annotations

import json
import re
from collections import deque
from functools import partial
from typing import Any

from serial import Serial

from harness.clock import Clock
from harness.disturbance import disturbed
from harness.errors import BenchError, ExpectationError
from harness.serial_port import RETRY_PAUSE, LineReader
from harness.timeline import Event, Timeline
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

PNG = re.compile(r"(OK \d+ )iVBORw0KGgo\S*")
"""An answer with a picture, which no record needs as text."""


class HeadUnitLine:
    """Asks and answers; what is filed of a command is `told`, without its secrets."""

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

    def _repeated(self, question: str, timeout: int | None = None) -> str:
        """The answer to what changes nothing; asked again where the port or the display was at fault."""
        left = self.retries
        while True:
            try:
                return self._ask(question, timeout=timeout)
            except BenchError:
                if not left:
                    raise
                left -= 1
                self._clock.sleep(RETRY_PAUSE)

    def _ask(self, command: str, *, told: str = "", timeout: int | None = None) -> str:
        """What came after `OK`. Raises `ExpectationError` where the display refused, else `BenchError`."""
        if self._late:
            self._resynchronise()
        shown = told or command
        word, _, rest = self._exchange(command, shown, timeout or self._timeout).partition(" ")
        if word == "OK":
            return rest
        code, _, text = rest.partition(" ")
        if word == "ERROR" and code in (str(NOT_THERE), str(NOT_TOUCHABLE)):
            raise ExpectationError(f"the display refused {shown}: {text} ({code})")
        odd = f"the head unit at {self.lines.where} answered {shown} with {word} {rest!r}: expected OK or ERROR"
        self._disturbed(odd)
        raise BenchError(odd)

    def _exchange(self, command: str, shown: str, timeout: int) -> str:
        self.pump()
        if self.lines.ready():
            self._late = False
        self._answers.clear()
        self._file("sent", shown)
        self.lines.write(command.encode() + b"\n")
        self._clock.wait(lambda: bool(self._answers) or self.lines.failure is not None, timeout)
        if not self._answers:
            self._late = True
            self.lines.check_health()
            silent = f"the head unit at {self.lines.where} did not answer {shown} within {pretty(timeout)}"
            self._disturbed(silent)
            raise BenchError(f"{silent}. Is it powered?")
        return self._answers.popleft()

    def _resynchronise(self) -> None:
        """After a timeout: let late answers pass by, up to that of what no command is answered with."""
        answer = self._exchange(SYNC, SYNC, self._timeout)
        while not answer.startswith(f"ERROR {NO_COMMAND}"):
            if not self._clock.wait(lambda: bool(self._answers), self._timeout):
                raise BenchError(f"the head unit at {self.lines.where} answers something else than it is asked")
            answer = self._answers.popleft()
        self._late = False

    def _take(self, line: bytes) -> None:
        text = line.decode("utf-8", "backslashreplace")
        self._file("received", PNG.sub(r"\1PNG", text))
        if text == BOOTED:
            self._timeline.add(Event(self._clock.now(), "head_unit", "booted"))
        else:
            self._answers.append(text)

    def _disturbed(self, what: str, *, outage: bool = False) -> None:
        disturbed(self._clock, self._timeline, self.lines.where, what, outage=outage)

    def _file(self, direction: str, text: str) -> None:
        self._timeline.add(Event(self._clock.now(), "head_unit", "line", {"direction": direction, "text": text}))
