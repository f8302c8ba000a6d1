"""The modem's view of one telephone call: its states as `+CLCC` has them (3GPP TS 27.007)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from emulation.offboard.calls import Call


class LegState(IntEnum):
    """`<stat>` of `+CLCC`; 6 occurs in `^DSCI` only."""

    ACTIVE = 0
    HELD = 1
    DIALLING = 2
    ALERTING = 3
    INCOMING = 4
    WAITING = 5
    ENDED = 6


class ServiceCategory(IntEnum):
    """Emergency service category (3GPP TS 24.008, 10.5.4.33)."""

    UNSPECIFIED = 0
    MANUAL_ECALL = 32
    AUTOMATIC_ECALL = 64


class NoServiceError(Exception):
    """A call cannot go out now: no radio, no cell, or none but emergency calls; `emergency_only` tells which."""

    def __init__(self, emergency_only: bool) -> None:
        super().__init__("emergency calls only" if emergency_only else "no service")
        self.emergency_only = emergency_only


class BusyError(Exception):
    """A call is on already."""


@dataclass
class CallLeg:
    """One call with its state; `by_port` tells whether the AT port dialled it, and so gets its result codes."""

    call: Call
    state: LegState
    by_port: bool = False
    ecall: ServiceCategory | None = None
    """Where it is an emergency call of the car."""
    id: int = 1

    @property
    def direction(self) -> int:
        """`<dir>`: 0 mobile-originated, 1 mobile-terminated."""
        return 0 if self.call.direction == "mo" else 1

    @property
    def type_of_address(self) -> int:
        """`<type>` of the number: 145 international, 129 otherwise (3GPP TS 24.008, 10.5.4.7)."""
        return 145 if self.call.number.startswith("+") else 129
