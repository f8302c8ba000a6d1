"""What every driver stands on: checked settings, typed answers, and nothing stale, over a PyVISA resource.

A driver uses what it declares (`instruments.commands`) as `self.set(self.VOLTAGE, 12.0, output=2)`,
`self.number(self.MEASURED, output=2)`, `self.do(self.TRIGGER, channel=1)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pyvisa import constants
from pyvisa.errors import Error as VisaError
from pyvisa.errors import VisaIOError
from pyvisa.resources import MessageBasedResource

from harness.clock import Clock
from harness.errors import InstrumentError
from harness.ports import Identity
from harness.units import MS, pretty
from instruments.commands import Action, Query, Setting

NO_MEASUREMENT = 9e37
"""From here on a number is SCPI's 9.9E+37: nothing measured, or over range (SCPI-99 vol. 1, 7.2.1.4)."""

QUEUE_SIZE_MAX = 64
"""More errors than any instrument queues: reading ends there even if the instrument always answers one."""

CHUNK = 1 << 20
"""Bytes of a block that are asked for at once; the default of 20 KiB costs a hundred calls for a waveform."""


class ScpiInstrument:
    """An instrument at an open PyVISA `resource`; one conversation at a time, whatever the number of threads."""

    MODELS: ClassVar[tuple[str, ...]]
    """Models that the driver is for: one of these stands in what `*IDN?` answers."""

    def __init__(self, resource: MessageBasedResource, clock: Clock) -> None:
        self.traffic: Callable[[str, str], None] = lambda _direction, _text: None
        """Told of everything sent and received: `traffic("sent" or "received", text)`; for the SCPI log."""
        self._resource = resource
        self._name = resource.resource_name  # asked for now: a session that is gone cannot tell any more
        self._clock = clock
        self._lock = RLock()
        self._prepare()

    def __repr__(self) -> str:
        return f"{type(self).__name__} at {self._name}"

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
        value = self._parse(command, self.ask(command))
        if abs(value) >= NO_MEASUREMENT:
            raise InstrumentError(f"{self} could not measure ({command} answered {value:g}); is the line in range?")
        return value

    def flag(self, query: Query, **fields: int) -> bool:
        """Ask for 1 or 0; raises `InstrumentError` for anything else."""
        command = query.command(**fields)
        answer = self.ask(command)
        if answer not in {"0", "1", "+0", "+1"}:
            raise InstrumentError(f"{self} answered {answer!r} to {command}, expected 0 or 1")
        return answer.endswith("1")

    def _parse(self, command: str, answer: str) -> float:
        try:
            return float(answer)
        except ValueError:
            raise InstrumentError(f"{self} answered {answer!r} to {command}, expected a number") from None

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
        with self._lock, self._visa(query):
            self._write(query)
            answer = self._resource.read().rstrip("\r\n")
            self.traffic("received", answer)
            return answer

    def block(self, query: str) -> NDArray[np.uint8]:
        """Ask for a definite-length block (IEEE 488.2, 8.7.9); its bytes, shape (n,)."""
        with self._lock, self._visa(query), self._resource.read_termination_context(""):
            self._write(query)
            head = self._resource.read_bytes(2)
            if head[:1] != b"#" or head[1:] not in b"123456789":
                self._resync()
                raise InstrumentError(f"{self} answered {head!r}... to {query}, expected a block that begins #8")
            digits = self._resource.read_bytes(int(head[1:]))
            if not digits.isdigit():
                self._resync()
                raise InstrumentError(f"{self} answered {(head + digits)!r}... to {query}, expected a block's length")
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
                raise InstrumentError(f"{self} answered {answer!r} to SYST:ERR?, expected a number and a text")
            if int(answer.partition(",")[0]) == 0:
                break
            errors.append(answer)
        return errors

    @contextmanager
    def _visa(self, command: str) -> Iterator[None]:
        """Turn what VISA and the network raise into `InstrumentError`, and make sure that no late answer is taken."""
        try:
            yield
        except VisaIOError as error:
            self._resync()
            if error.error_code == constants.StatusCode.error_timeout:
                raise InstrumentError(
                    f"{self} did not answer {command!r} within {self._resource.timeout:g} ms; {self._reason(command)}"
                ) from error
            raise InstrumentError(f"{self} cannot be reached for {command!r}: {error}") from error
        except UnicodeDecodeError as error:
            self._resync()
            raise InstrumentError(f"{self} answered {error.object!r} to {command!r}, expected ASCII text") from error
        except (VisaError, OSError) as error:
            raise InstrumentError(f"{self} cannot be reached for {command!r}: {error}") from error

    def _reason(self, command: str) -> str:
        """Why there was no answer: an instrument that refuses a query says nothing, and queues an error."""
        if command != "SYST:ERR?":
            try:
                errors = self._errors()
            except InstrumentError:
                errors = []
            if errors:
                return f"its error queue says {'; '.join(errors)}"
        return "is it on, is the cable in, is the resource name in the bench file right?"

    def _prepare(self) -> None:
        self._is_socket = self._resource.resource_class == "SOCKET"
        self._resource.write_termination = "\n"
        self._resource.read_termination = "\n" if self._is_socket else ""  # elsewhere END closes an answer

    def _resync(self) -> None:
        """Forget answers under way: by device clear, and on a socket, which has none, by opening it anew."""
        try:
            if self._is_socket:
                timeout = self._resource.timeout
                self._resource.close()
                self._resource.open()
                self._resource.timeout = timeout
                self._prepare()
            else:
                self._resource.clear()
        except (VisaError, OSError):
            return  # the caller reports that the instrument cannot be reached
