"""AT client (3GPP TS 27.007, ITU-T V.250): commands with their answers, unsolicited codes as they come (B-24)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import serial

from harness.clock import Clock
from harness.disturbance import disturbed
from harness.errors import BenchError, InterlockError
from harness.modem.secrets import mask
from harness.serial_port import RETRY_PAUSE, LineReader
from harness.timeline import Event, Timeline
from harness.units import S, pretty

TIMEOUT = 5 * S

PROBES = ("AT+CMEE?", "AT+CREG?")
"""Asked after a timeout, and at no other time: their answers are told from those of any other command, however late.
By turns, as the answer to a probe may be late itself."""

ASKS = re.compile(r"AT(\+\w+=?\?|\+(CIMI|CLCC|CSQ|CPINR|CGM[IMR]))?", re.IGNORECASE)
"""Commands that ask and do nothing: these may be sent twice."""

ASCII_END = 0x80

FINAL = re.compile(r"OK|ERROR|\+CM[ES] ERROR: .*|NO CARRIER|BUSY|NO ANSWER|NO DIALTONE|CONNECT.*")
FINAL_OF_DIAL = ("NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE")
"""Final for a command that dials or answers; unsolicited at any other time."""

UNSOLICITED = (
    "RING",
    "+CRING:",
    "+CLIP:",
    "^DSCI:",
    "+CMTI:",
    "+CUSD:",
    "*ECAV:",
    "RDY",
    "+CFUN:",
    "+CPIN:",
    "^SYSSTART",
)
REGISTRATION = ("+CREG:", "+CGREG:", "+CEREG:")

CME_ERRORS = {
    0: "phone failure",
    3: "operation not allowed",
    4: "operation not supported",
    10: "SIM not inserted",
    11: "SIM PIN required",
    12: "SIM PUK required",
    13: "SIM failure",
    14: "SIM busy",
    15: "SIM wrong",
    16: "incorrect password",
    17: "SIM PIN2 required",
    18: "SIM PUK2 required",
    30: "no network service",
    31: "network timeout",
    32: "network not allowed, emergency calls only",
    50: "incorrect parameters",
    100: "unknown",
}
"""3GPP TS 27.007, 9.2."""


class ModemError(BenchError):
    """The modem refused a command, or did not answer it. `code` is that of `+CME ERROR`, where there is one."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class ModemSilence(ModemError):
    """The modem did not end a command in time, or said something else than an answer."""


def dials(command: str) -> bool:
    """Whether a command line may start a call: `D` or `+CECALL` anywhere in it, or `A/`, which repeats the last one."""
    text = command.strip().upper()
    if text.startswith("A/"):
        return True
    parts = text.removeprefix("AT").split(";")
    return any(re.match(r"(?:[EVQXLMZ]\d*|&[A-Z]\d*|S\d+=\d+|\s)*(?:D|\+CECALL\s*=)", part.strip()) for part in parts)


def _no_interlock() -> None:
    raise InterlockError("this AT port has no interlock: nothing dials on it. Open it through a bench")


class AtClient:
    """One AT port. Wakes for nothing but its pump; every wait is on the bench's clock."""

    def __init__(
        self, port: serial.Serial, clock: Clock, timeline: Timeline, timeout: int = TIMEOUT, name: str = "modem"
    ) -> None:
        self.name = name
        self.timeout = timeout
        self.guard: Callable[[], None] = _no_interlock
        """Called before anything that can dial goes out; raises `InterlockError` where it must not."""
        self.confirm: Callable[[], None] = lambda: None
        """Called after it has gone out; ends the call and raises `InterlockError` where it should not have."""
        self.on_unsolicited: Callable[[str], None] = lambda _line: None
        self.on_reopened: Callable[[], None] = lambda: None
        """Called once a port that had failed is open again; its settings may be gone."""
        self.retries = 0
        """How often a command that only asks is sent again where no answer came (`[retry] queries`)."""
        self.lines = LineReader(port, name, self._take)
        self.lines.on_failure = partial(self._disturbed, outage=True)
        self._clock = clock
        self._timeline = timeline
        self._command: str | None = None
        self._answer: list[str] = []
        self._final: str | None = None
        self._late = False
        self._probe = 0
        self._until_told = False

    def pump(self) -> None:
        """Take what has arrived."""
        self.lines.pump()

    def command(self, text: str, timeout: int | None = None) -> list[str]:
        """Send a command line and wait for its final result code; returns the information lines before it.

        Raises `ModemError` on an error code, on silence, on garbage; `InterlockError` where it would dial and must not.
        """
        if not dials(text):
            return self._converse(text, timeout)
        self.guard()
        try:
            return self._converse(text, timeout)
        finally:
            self.confirm()

    def _converse(self, text: str, timeout: int | None) -> list[str]:
        left = self.retries if ASKS.fullmatch(text) else 0
        while True:
            try:
                if self._late:
                    self._resynchronise()
                return self._exchange(text, self.timeout if timeout is None else timeout)
            except ModemError as error:
                if not isinstance(error, ModemSilence):
                    raise
                self._disturbed(str(error))
                if not left:
                    raise
            except BenchError:  # the port failed
                if not left:
                    raise
            left -= 1
            self._clock.sleep(RETRY_PAUSE)

    def answers(self, timeout: int = 1 * S) -> bool:
        """Whether the modem answers `AT` at all."""
        try:
            self._exchange("AT", timeout)
        except ModemError:
            return False
        return True

    def _exchange(self, text: str, timeout: int, *, until_told: bool = False) -> list[str]:
        """One command and its answer. `until_told`: an answer that does not name the command is an older one's."""
        self.lines.pump()
        if self.lines.ready():
            self._late = False
            self.on_reopened()
        self._command, self._answer, self._final, self._until_told = text, [], None, until_told
        self._file("sent", text)
        self.lines.write(text.encode("ascii") + b"\r")
        try:
            self._clock.wait(lambda: self._is_answered() or self.lines.failure is not None, timeout)
            if not self._is_answered():
                self._late = True
                self.lines.check_health()
                raise ModemSilence(self._silence(text, timeout))
        finally:
            self._command = None
        self._judge(text)
        return self._answer

    def _is_answered(self) -> bool:
        return self._final is not None

    def _judge(self, text: str) -> None:
        final = self._final or ""
        if final == "OK" or final.startswith("CONNECT"):
            return
        code: int | None = None
        what = final
        if found := re.fullmatch(r"\+CME ERROR: (\d+)", final):
            code = int(found[1])
            what = f"{final} ({CME_ERRORS.get(code, 'not in 3GPP TS 27.007')})"
        elif verbose := re.fullmatch(r"\+CME ERROR: (.+)", final):
            code = next((number for number, name in CME_ERRORS.items() if name.lower() == verbose[1].lower()), None)
        raise ModemError(f"{self.name} answered {mask(text)} with {what}", code)

    def _silence(self, text: str, timeout: int) -> str:
        got = [mask(line) for line in self._answer]
        if self.lines.unfinished:
            got.append(mask(self.lines.unfinished.decode("ascii", "backslashreplace")))
        seen = f"got {got}" if got else "got nothing"
        return (
            f"{self.lines.where} did not end {mask(text)} with a result code within {pretty(timeout)}; {seen}. "
            "Is it powered and booted, and is the baud rate right?"
        )

    def _resynchronise(self) -> None:
        """After a timeout: let every late answer pass by, up to that of a question nobody has asked before.

        A modem answers in order, so what comes after it is the next command's.
        """
        probe = PROBES[self._probe % len(PROBES)]
        self._probe += 1
        self._exchange(probe, self.timeout, until_told=True)
        self._late = False

    # What arrives

    def _take(self, raw: bytes) -> None:
        line = raw.decode("ascii", "backslashreplace").strip()
        if max(raw) >= ASCII_END:
            self._disturbed(f"{self.lines.where} brought garbage: {mask(line)[:80]}")
        if not line or line == self._command:  # an echo
            return
        self._file("received", line)
        command = self._command
        if command is None or self._final is not None or self._is_unsolicited(line, command):
            late = FINAL.fullmatch(line) and line not in FINAL_OF_DIAL
            if not late and not (command is None and _answers_registration(line)):
                self.on_unsolicited(line)
        elif FINAL.fullmatch(line):
            if self._until_told and not any(told.startswith(f"{command[2:-1]}:") for told in self._answer):
                self._answer.clear()  # late
            else:
                self._final = line
        else:
            self._answer.append(line)

    @staticmethod
    def _is_unsolicited(line: str, command: str) -> bool:
        if line in FINAL_OF_DIAL:
            return not (dials(command) or command.upper() == "ATA")
        name = line.partition(":")[0]
        asked = name.upper() in command.upper()
        if line.startswith(REGISTRATION):
            return not asked or not _answers_registration(line)
        return line.startswith(UNSOLICITED) and not (asked and ":" in line)

    def _disturbed(self, what: str, *, outage: bool = False) -> None:
        disturbed(self._clock, self._timeline, self.lines.where, what, outage=outage)

    def _file(self, direction: str, text: str) -> None:
        self._timeline.add(Event(self._clock.now(), self.name, "at", {"direction": direction, "text": mask(text)}))


def _answers_registration(line: str) -> bool:
    """Whether a line answers a question about registration: that has <n>,<stat>; the unsolicited form omits <n>."""
    fields = line.partition(":")[2].strip().split(",")
    return line.startswith(REGISTRATION) and len(fields) > 1 and not fields[1].startswith('"')
