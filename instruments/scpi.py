"""What every driver stands on: checked settings, typed answers, and nothing stale, over a PyVISA resource.

A driver uses what it declares (`instruments.commands`) as `self.set(self.VOLTAGE, 12.0, output=2)`,
`self.number(self.MEASURED, output=2)`, `self.do(self.TRIGGER, channel=1)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import RLock
from typing import ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray
from pyvisa import constants
from pyvisa.errors import VisaIOError
from pyvisa.resources import MessageBasedResource

from harness.clock import Clock
from harness.errors import BenchError, InstrumentError, TransportError
from harness.ports import Identity
from harness.units import MS, S, pretty
from instruments.commands import Action, Query, Setting

NO_MEASUREMENT = 9e37
"""From here on a number is SCPI's 9.9E+37: nothing measured, or over range (SCPI-99 vol. 1, 7.2.1.4)."""

QUEUE_SIZE_MAX = 64
"""More errors than any instrument queues: reading ends there even if the instrument always answers one."""

CHUNK = 1 << 20
"""Bytes of a block that are asked for at once; the default of 20 KiB costs a hundred calls for a waveform."""

TELLS_ONCE = re.compile(
    r":?(SYST(EM)?:ERR|STAT\w*(?!.*:(COND|ENAB|PTR|NTR))|\*(ESR|TST|CAL)|(OPER\w*(?!:(COND|ENAB))|TER|AER)\b)",
    re.IGNORECASE,
)
"""Queries that forget what they tell, or do something: one of these is never asked again."""

RETRY_PAUSE = 1 * S
"""Before a query is asked again: time for an instrument to come back."""

Answer = TypeVar("Answer")


def may_be_repeated(query: str) -> bool:
    """Whether asking twice comes to the same as asking once: nothing but queries, and none of `TELLS_ONCE`."""
    units = [unit.strip() for unit in query.split(";") if unit.strip()]
    return all("?" in unit and TELLS_ONCE.match(unit) is None for unit in units)


class ScpiInstrument:
    """An instrument at an open PyVISA `resource`; one conversation at a time, whatever the number of threads."""

    MODELS: ClassVar[tuple[str, ...]]
    """Models that the driver is for: one of these stands in what `*IDN?` answers."""

    def __init__(self, resource: MessageBasedResource, clock: Clock) -> None:
        self.traffic: Callable[[str, str], None] = lambda _direction, _text: None
        """Told of everything sent and received: `traffic("sent" or "received", text)`; for the SCPI log."""
        self.place = ""
        """Where the bench file has it, for messages."""
        self.retries = 0
        """How often a query is asked again that was not answered, or with garbage (`[retry] queries`)."""
        self.disturbed: Callable[[str], None] = lambda _what: None
        """Told of each conversation that broke, also where asking again mended it."""
        self._resource = resource
        self._name = resource.resource_name  # asked for now: a session that is gone cannot tell any more
        self._clock = clock
        self._lock = RLock()
        self._lost = False
        self._timeout = resource.timeout
        self._prepare()

    def __repr__(self) -> str:
        return f"{type(self).__name__} at {self._name}" + (f" ({self.place})" if self.place else "")

    def identify(self) -> Identity:
        """Ask `*IDN?`. Raises `InstrumentError` where something else than one of `MODELS` answers."""
        answer = self.ask("*IDN?")
        fields = [field.strip() for field in answer.split(",")]
        if len(fields) != 4:
            raise InstrumentError(
                f"{self} answered {answer!r} to *IDN?, expected maker, model, serial number and firmware; is that a "
                "SCPI instrument?"
            )
        if not any(model in fields[1] for model in self.MODELS):
            raise InstrumentError(
                f"{self} is a {fields[0]} {fields[1]}, expected one of {', '.join(self.MODELS)}; is the resource or "
                "the driver swapped in the bench file?"
            )
        return Identity(*fields)

    # Conversation by declaration

    def do(self, action: Action, **fields: int) -> None:
        """Send a command; raises `InstrumentError` if the instrument refuses it."""
        self.send(action.command(**fields))

    def set(self, setting: Setting, value: float, **fields: int) -> None:
        """Set a value; raises `InstrumentError` if it is out of range or the instrument refuses it."""
        self.send(setting.valued(value, **fields))

    def text(self, query: Query, **fields: int) -> str:
        """Ask; the answer without its line end."""
        return self.ask(query.command(**fields))

    def number(self, query: Query, **fields: int) -> float:
        """Ask for a number; raises `InstrumentError` for anything else, and where nothing could be measured."""
        command = query.command(**fields)
        value = self._repeated(command, lambda: self._parse(command, self._ask(command)))
        if abs(value) >= NO_MEASUREMENT:
            raise InstrumentError(f"{self} could not measure ({command} answered {value:g}); is the line in range?")
        return value

    def flag(self, query: Query, **fields: int) -> bool:
        """Ask for 1 or 0; raises `InstrumentError` for anything else."""
        command = query.command(**fields)
        return self._repeated(command, lambda: self._parse_flag(command, self._ask(command)))

    def _parse_flag(self, command: str, answer: str) -> bool:
        if answer not in {"0", "1", "+0", "+1"}:
            raise TransportError(f"{self} answered {answer!r} to {command}, expected 0 or 1")
        return answer.endswith("1")

    def _parse(self, command: str, answer: str) -> float:
        try:
            return float(answer)
        except ValueError:
            raise TransportError(f"{self} answered {answer!r} to {command}, expected a number") from None

    def wait(self, what: str, condition: Callable[[], bool], timeout: int, every: int = 5 * MS) -> None:
        """Ask `condition` every so many ns until it holds; raises `InstrumentError` after `timeout` ns."""
        deadline = self._clock.now() + timeout
        while not condition():
            if self._clock.now() >= deadline:
                raise InstrumentError(f"{self}: {what} did not happen within {pretty(timeout)}")
            self._clock.sleep(every)

    # Conversation by text

    def send(self, command: str) -> None:
        """Send a command and read the error queue; raises `InstrumentError` with what the instrument says."""
        with self._lock:
            with self._visa(command):
                self._write(command)
            errors = self._errors()
        if errors:
            raise InstrumentError(
                f"{self} refused {command!r}: {'; '.join(errors)}. Compare the bench file and the procedure with what "
                "the instrument can do"
            )

    def ask(self, query: str) -> str:
        """Ask; the answer without its line end. Raises `InstrumentError` where none comes within the timeout."""
        return self._repeated(query, lambda: self._ask(query))

    def _repeated(self, query: str, once: Callable[[], Answer]) -> Answer:
        """What `once` returns; done again where the transport failed, and asking twice is harmless."""
        left = self.retries if may_be_repeated(query) else 0
        while True:
            try:
                return once()
            except TransportError as error:
                self.disturbed(str(error))
                if not left:
                    raise
                left -= 1
                self._clock.sleep(RETRY_PAUSE)

    def _ask(self, query: str) -> str:
        with self._lock, self._visa(query):
            self._write(query)
            answer = self._resource.read().rstrip("\r\n")
            self.traffic("received", answer)
            return answer

    def block(self, query: str) -> NDArray[np.uint8]:
        """Ask for a definite-length block (IEEE 488.2, 8.7.9); its bytes, shape (n,)."""
        return self._repeated(query, lambda: self._block(query))

    def _block(self, query: str) -> NDArray[np.uint8]:
        with self._lock, self._visa(query, reopen=True), self._resource.read_termination_context(""):
            self._write(query)
            head = self._resource.read_bytes(2)
            if head[:1] != b"#" or head[1:] not in b"123456789":
                self._resync(reopen=True)
                raise TransportError(f"{self} answered {head!r}... to {query}, expected a block that begins #8")
            digits = self._resource.read_bytes(int(head[1:]))
            if not digits.isdigit():
                self._resync(reopen=True)
                raise TransportError(f"{self} answered {(head + digits)!r}... to {query}, expected a block's length")
            data = self._resource.read_bytes(int(digits), chunk_size=CHUNK)
            self._resource.read_bytes(1)
            self.traffic("received", f"{(head + digits).decode()} and {len(data)} bytes")
            return np.frombuffer(data, dtype=np.uint8)

    def _write(self, command: str) -> None:
        self.traffic("sent", command)
        self._resource.write(command)

    def _errors(self) -> list[str]:
        errors: list[str] = []
        while len(errors) < QUEUE_SIZE_MAX:
            answer = self.ask("SYST:ERR?")
            if not re.fullmatch(r'[+-]?\d+,\s*".*"', answer):
                raise TransportError(f"{self} answered {answer!r} to SYST:ERR?, expected a number and a text")
            if int(answer.partition(",")[0]) == 0:
                break
            errors.append(answer)
        return errors

    @contextmanager
    def _visa(self, command: str, *, reopen: bool = False) -> Iterator[None]:
        """Turn what VISA and the network raise into `TransportError`, and make sure that no late answer is taken.

        A connection that was lost is opened anew for the next command. `reopen`: in the middle of a block a device
        clear is not enough, as the rest of the block may be under way.
        """
        try:
            if self._lost:
                self._reopen()
            yield
        except BenchError:
            raise
        except VisaIOError as error:
            late = error.error_code == constants.StatusCode.error_timeout
            self._resync(reopen=reopen or not late)
            if late:
                raise TransportError(
                    f"{self} did not answer {command!r} within {self._timeout:g} ms; {self._reason(command)}"
                ) from error
            raise TransportError(f"{self} cannot be reached for {command!r}: {error}{self._hint()}") from error
        except UnicodeDecodeError as error:
            self._resync(reopen=reopen)
            raise TransportError(f"{self} answered {error.object!r} to {command!r}, expected ASCII text") from error
        except Exception as error:  # backends raise whatever their sockets and assertions do
            self._lost = True
            told = str(error) or type(error).__name__
            raise TransportError(f"{self} cannot be reached for {command!r}: {told}{self._hint()}") from error

    def _hint(self) -> str:
        """What a lost connection may come from, where it is not plain."""
        if not self._is_socket:
            return ""
        return ". A raw socket also opens where nobody listens: is it switched on, and is this its SCPI port?"

    def _reason(self, command: str) -> str:
        """Why there was no answer: an instrument that refuses a query says nothing, and queues an error."""
        if command != "SYST:ERR?":
            try:
                errors = self._errors()
            except InstrumentError:
                errors = []
            if errors:
                return f"its error queue says {'; '.join(errors)}"
        return f"is it on, is the cable in, is the resource name in the bench file right?{self._hint()}"

    def _prepare(self) -> None:
        self._is_socket = self._resource.resource_class == "SOCKET"
        self._resource.write_termination = "\n"
        self._resource.read_termination = "\n" if self._is_socket else ""  # elsewhere END closes an answer

    def _resync(self, *, reopen: bool = False) -> None:
        """Forget answers under way: by device clear, or by opening it anew, as on a socket, which has no clear."""
        try:
            if self._is_socket or reopen or self._lost:
                self._reopen()
            else:
                self._resource.clear()
        except Exception:  # noqa: BLE001  the caller reports that it cannot be reached; the next command tries again
            self._lost = True

    def _reopen(self) -> None:
        self._lost = True
        with suppress(Exception):  # what is left of a lost session may be closed already
            self._resource.close()
        self._resource.open()
        self._resource.timeout = self._timeout
        self._prepare()
        self._lost = False
