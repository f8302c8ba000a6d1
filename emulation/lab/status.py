"""Status reporting of an emulated instrument as IEEE 488.2 and SCPI-99 have it: error queue, registers, status byte."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

QUEUE_SIZE = 20
"""Errors that the queue holds (34980A, E36312A, 33500B, 34465A: 20)."""

# Standard event register (IEEE 488.2, 11.5.1)
OPERATION_COMPLETE = 1
QUERY_ERROR = 4
DEVICE_ERROR = 8
EXECUTION_ERROR = 16
COMMAND_ERROR = 32
POWER_ON = 128

# Status byte (IEEE 488.2, 11.2; SCPI-99, 20)
ERROR_AVAILABLE = 4
QUESTIONABLE = 8
MESSAGE_AVAILABLE = 16
EVENT_SUMMARY = 32
MASTER_SUMMARY = 64
OPERATION = 128

TEXTS = {
    -101: "Invalid character",
    -103: "Invalid separator",
    -104: "Data type error",
    -108: "Parameter not allowed",
    -109: "Missing parameter",
    -113: "Undefined header",
    -114: "Header suffix out of range",
    -131: "Invalid suffix",
    -138: "Suffix not allowed",
    -151: "Invalid string data",
    -171: "Invalid expression",
    -211: "Trigger ignored",
    -213: "Init ignored",
    -221: "Settings conflict",
    -222: "Data out of range",
    -224: "Illegal parameter value",
    -230: "Data corrupt or stale",
    -350: "Queue overflow",
    -410: "Query INTERRUPTED",
    -420: "Query UNTERMINATED",
    -430: "Query DEADLOCKED",
}
"""Error texts (SCPI-99, 21.8)."""


class ScpiError(Exception):
    """A command that the instrument refuses: a code of `TEXTS`, and what is wrong in this case."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(f"{TEXTS[code]}; {detail}" if detail else TEXTS[code])
        self.code = code


@dataclass
class Register:
    """An event register behind its condition: a bit that rises in `condition` stays in `event` until that is read."""

    condition: int = 0
    event: int = 0
    enable: int = 0

    def set(self, bit: int, on: bool) -> None:
        """Set or clear one bit of the condition; `bit` is its weight."""
        if on and not self.condition & bit:
            self.event |= bit
        self.condition = self.condition | bit if on else self.condition & ~bit

    def take(self) -> int:
        """Read the event register, which clears it."""
        event, self.event = self.event, 0
        return event

    @property
    def summary(self) -> bool:
        """What goes up into the status byte."""
        return bool(self.event & self.enable)


class Status:
    """Everything that a controller can ask about errors and events."""

    def __init__(self) -> None:
        self.standard = Register(event=POWER_ON)
        self.operation = Register()
        self.questionable = Register()
        self.service_enable = 0
        self._errors: deque[tuple[int, str]] = deque()

    @property
    def error_count(self) -> int:
        """Errors in the queue."""
        return len(self._errors)

    def report(self, error: ScpiError) -> None:
        """Queue an error and raise its class's bit; a full queue keeps its oldest and ends in -350."""
        if len(self._errors) < QUEUE_SIZE:
            self._errors.append((error.code, str(error)))
        else:
            self._errors[-1] = (-350, TEXTS[-350])
        classes = {1: COMMAND_ERROR, 2: EXECUTION_ERROR, 3: DEVICE_ERROR, 4: QUERY_ERROR}
        self.standard.event |= classes[-error.code // 100]

    def next_error(self) -> str:
        """Take the oldest error, as `SYSTem:ERRor?` answers it."""
        code, text = self._errors.popleft() if self._errors else (0, "No error")
        return f'{code:+d},"{text}"'

    def clear(self) -> None:
        """`*CLS`: events and errors go, enables stay."""
        self._errors.clear()
        for register in (self.standard, self.operation, self.questionable):
            register.event = 0

    def byte(self, message_available: bool) -> int:
        """The status byte as `*STB?` has it, with the master summary in bit 6."""
        byte = self.reasons(message_available)
        return byte | MASTER_SUMMARY if byte & self.service_enable else byte

    def reasons(self, message_available: bool) -> int:
        """The status byte without bit 6."""
        return (
            ERROR_AVAILABLE * bool(self._errors)
            | QUESTIONABLE * self.questionable.summary
            | MESSAGE_AVAILABLE * message_available
            | EVENT_SUMMARY * self.standard.summary
            | OPERATION * self.operation.summary
        )


class ServiceRequest:
    """RQS, as one controller sees it: asked for once for each new reason, until a serial poll (IEEE 488.2, 11.3.3)."""

    def __init__(self, status: Status) -> None:
        self._status = status
        self._seen = 0
        self._asked = False

    def request(self, message_available: bool) -> int:
        """The status byte with RQS where service is newly asked for, else 0; it stays asked for until a poll."""
        if not self._look(message_available):
            return 0
        return self._status.reasons(message_available) | MASTER_SUMMARY

    def poll(self, message_available: bool) -> int:
        """The status byte as a serial poll reads it, RQS in bit 6; the request is then served."""
        self._look(message_available)
        byte = self._status.reasons(message_available) | MASTER_SUMMARY * self._asked
        self._asked = False
        return byte

    def _look(self, message_available: bool) -> bool:
        wanted = self._status.reasons(message_available) & self._status.service_enable
        new, self._seen = wanted & ~self._seen, wanted
        asks = bool(new) and not self._asked
        self._asked |= asks
        return asks
