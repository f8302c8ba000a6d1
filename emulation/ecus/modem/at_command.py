"""What an AT command line means: its commands by ITU-T V.250, their arguments, and how they fail by 3GPP TS 27.007."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from typing import TYPE_CHECKING, ClassVar

from emulation.world import Process

if TYPE_CHECKING:
    from emulation.ecus.modem.at_port import AtPort


class Result(IntEnum):
    """Final result codes (V.250, 5.7.1; values as `V0` sends them)."""

    OK = 0
    CONNECT = 1
    RING = 2
    NO_CARRIER = 3
    ERROR = 4
    NO_DIALTONE = 6
    BUSY = 7
    NO_ANSWER = 8

    @property
    def text(self) -> str:
        """As `V1` sends it."""
        return self.name.replace("_", " ")


class AtError(Exception):
    """The modem does not know such a command: `ERROR`, whatever `+CMEE` says."""


class ResultError(Exception):
    """A command ends with a result code other than OK."""

    def __init__(self, result: Result) -> None:
        super().__init__(result.text)
        self.result = result


CME_TEXTS = {
    3: "operation not allowed",
    4: "operation not supported",
    10: "SIM not inserted",
    11: "SIM PIN required",
    12: "SIM PUK required",
    13: "SIM failure",
    16: "incorrect password",
    30: "no network service",
    31: "network timeout",
    32: "network not allowed - emergency calls only",
    50: "incorrect parameters",
    171: "last PDN disconnection not allowed",
}
"""Mobile termination errors that this modem knows (TS 27.007, 9.2)."""


class CmeError(Exception):
    """`+CME ERROR` with the code of TS 27.007, 9.2."""

    KIND = "+CME ERROR"
    TEXTS: ClassVar[dict[int, str]] = CME_TEXTS

    def __init__(self, code: int) -> None:
        super().__init__(self.TEXTS[code])
        self.code = code

    def line(self, error_format: int) -> str | Result:
        """What is sent under `+CMEE`: 0 `ERROR`, 1 the number, 2 the words."""
        if not error_format:
            return Result.ERROR
        return f"{self.KIND}: {self.code if error_format == 1 else self.TEXTS[self.code]}"


class Form(Enum):
    """The four ways to put a command."""

    EXECUTE = auto()
    READ = auto()
    WRITE = auto()
    TEST = auto()


@dataclass(frozen=True)
class AtCall:
    """One command of a line: `+CPIN`, WRITE, `"1234"`; of a basic command the number is its text."""

    name: str
    form: Form
    text: str = ""


BASIC = re.compile(r"(?P<name>&?[A-Z])(?P<number>\d*)", re.IGNORECASE)
REGISTER = re.compile(r"S(?P<number>\d+)(?:(?P<read>\?)|=(?P<value>\d*))", re.IGNORECASE)
DIAL = re.compile(r"D(?P<number>[^;]*;?)", re.IGNORECASE)
EXTENDED = re.compile(
    r"(?P<name>[+^][A-Z][A-Z0-9]*)(?:(?P<test>=\?)|(?P<read>\?)|=(?P<arguments>(?:[^\";]|\"[^\"]*\")*))?\s*(?:;|$)",
    re.IGNORECASE,
)


def parse(body: str) -> Iterator[AtCall]:
    """The commands of a line without its `AT`, one by one. Raises `AtError` where the next is none."""
    rest = body.lstrip(" ;")
    while rest:
        if found := EXTENDED.match(rest):
            form = Form.TEST if found["test"] else Form.READ if found["read"] else Form.WRITE
            if found["arguments"] is None and form is Form.WRITE:
                form = Form.EXECUTE
            yield AtCall(found["name"].upper(), form, (found["arguments"] or "").strip())
        elif found := DIAL.match(rest):
            yield AtCall("D", Form.EXECUTE, found["number"])
        elif found := REGISTER.match(rest):
            form = Form.READ if found["read"] else Form.WRITE
            yield AtCall("S", form, f"{found['number']},{found['value'] or 0}")
        elif found := BASIC.match(rest):
            yield AtCall(found["name"].upper(), Form.EXECUTE, found["number"])
        else:
            raise AtError(rest)
        rest = rest[found.end() :].lstrip(" ;")


class Arguments:
    """What stands behind `=`: numbers, strings in quotes, and gaps. What does not fit raises `+CME ERROR: 50`."""

    def __init__(self, text: str) -> None:
        self._given: list[str] = [part.strip() for part in re.findall(r'(?:^|,)((?:[^",]|"[^"]*")*)', text)]

    def count(self, least: int, most: int) -> None:
        """There must be `least` to `most` arguments."""
        if not least <= len(self._given) <= most:
            raise CmeError(50)

    @property
    def given(self) -> int:
        """How many there are."""
        return len(self._given)

    def number(self, index: int, allowed: range | Sequence[int], default: int | None = None) -> int:
        """A number out of `allowed`; `default` where it was left out."""
        given = self._at(index)
        if not given and default is not None:
            return default
        if not (given.isascii() and given.isdecimal()) or int(given) not in allowed:
            raise CmeError(50)
        return int(given)

    def text(self, index: int, pattern: str = ".*", default: str | None = None) -> str:
        """A string in quotes that matches `pattern` as a whole; `default` where it was left out."""
        given = self._at(index)
        if not given and default is not None:
            return default
        if len(given) < 2 or given[0] != '"' or given[-1] != '"' or not re.fullmatch(pattern, given[1:-1]):
            raise CmeError(50)
        return given[1:-1]

    def password(self, index: int) -> str:
        """PIN or PUK, with or without quotes (much used without)."""
        given = self._at(index).strip('"')
        if not re.fullmatch(r"\d{4,8}", given):
            raise CmeError(50)
        return given

    def _at(self, index: int) -> str:
        return self._given[index] if index < len(self._given) else ""


Answer = Sequence[str] | Process | None
"""Lines of information; or a process that returns them, where the command takes its time."""


class Need(Enum):
    """What a command cannot do without."""

    NOTHING = auto()
    SIM = auto()
    """A SIM that is open."""


@dataclass(frozen=True)
class Command:
    """One row of the command table: what the command does in each form; a form that is None does not exist."""

    execute: Callable[[AtPort], Answer] | None = None
    read: Callable[[AtPort], Answer] | None = None
    write: Callable[[AtPort, Arguments], Answer] | None = None
    test: str | Callable[[AtPort], Answer] | None = None
    """What the test form tells, in the notation of V.250; the empty string: just that there is such a command."""
    need: Need = Need.NOTHING
    abortable: bool = False
    """Whether a character that arrives meanwhile ends the command."""

    def answer(self, at: AtPort, call: AtCall) -> Answer:
        """Do what `call` asks. Raises `AtError` where the command has no such form."""
        if call.form is Form.TEST and self.test is not None:
            return self._told(at, call.name)
        if call.form is Form.EXECUTE and self.execute is not None:
            return self.execute(at)
        if call.form is Form.READ and self.read is not None:
            return self.read(at)
        if call.form is Form.WRITE and self.write is not None:
            return self.write(at, Arguments(call.text))
        raise AtError(call.name)

    def _told(self, at: AtPort, name: str) -> Answer:
        if not isinstance(self.test, str):
            assert self.test is not None
            return self.test(at)
        return [f"{name}: {self.test}"] if self.test else None
