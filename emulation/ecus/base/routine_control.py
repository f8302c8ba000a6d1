"""RoutineControl (UDS 0x31, ISO 14229-1): what an ECU does for a workshop by identifier, and its results."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from emulation.ecus.base.negative_response import (
    INCORRECT_LENGTH,
    OUT_OF_RANGE,
    SECURITY_ACCESS_DENIED,
    SEQUENCE_ERROR,
    SUB_FUNCTION_NOT_SUPPORTED,
    Refused,
    expect_length,
)
from emulation.ecus.base.security_access import SecurityAccess
from emulation.ecus.base.vehicle import Routine

START, STOP, RESULTS = 0x01, 0x02, 0x03

RoutineHandler = Callable[[bytes], bytes]
"""Takes the option record, does it, returns the status record; raises `Refused`."""


class RoutineControl:
    """The routines of one ECU: `declared` says in which session and with which access each starts."""

    def __init__(
        self, declared: Mapping[int, Routine], session: Callable[[], str], security: SecurityAccess | None
    ) -> None:
        self.handlers: dict[int, RoutineHandler] = {}
        self._declared = declared
        self._session = session
        self._security = security
        self._results: dict[int, bytes] = {}

    def forget(self) -> None:
        """The ECU lost its supply: no routine has run."""
        self._results = {}

    def serve(self, rest: bytes) -> bytes:
        """Answer a request, without its service identifier. Raises `Refused`."""
        kind = rest[0]
        if kind not in {START, STOP, RESULTS}:
            raise Refused(SUB_FUNCTION_NOT_SUPPORTED)
        if len(rest) < 3:
            raise Refused(INCORRECT_LENGTH)
        identifier = int.from_bytes(rest[1:3], "big")
        if identifier not in self.handlers:
            raise Refused(OUT_OF_RANGE)
        if kind == STOP:  # these routines are over as soon as they began
            raise Refused(SUB_FUNCTION_NOT_SUPPORTED)
        if kind == RESULTS:
            expect_length(rest, 3)
            if identifier not in self._results:
                raise Refused(SEQUENCE_ERROR)
            return rest + self._results[identifier]
        routine = self._declared[identifier]
        if routine.session not in {"default", self._session()}:
            raise Refused(OUT_OF_RANGE)  # an identifier that this session does not offer: not 0x7F
        if routine.security and not (self._security and self._security.unlocked):
            raise Refused(SECURITY_ACCESS_DENIED)
        self._results[identifier] = self.handlers[identifier](rest[3:])
        return rest[:3] + self._results[identifier]
