"""UDS server (ISO 14229-1) that every ECU has: sessions, identifiers, fault memory, routines, communication control.

Negative responses follow the order of ISO 14229-1 figure 5: service, session, security, length, sub-function, range.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from emulation.can_bus import Frame
from emulation.ecus.base.fault_memory import FaultMemory
from emulation.ecus.base.fault_services import FaultServices
from emulation.ecus.base.isotp import IsoTp
from emulation.ecus.base.negative_response import (
    CONDITIONS_NOT_CORRECT,
    INCORRECT_LENGTH,
    NOT_IN_THIS_SESSION,
    OUT_OF_RANGE,
    SERVICE_NOT_SUPPORTED,
    SUB_FUNCTION_NOT_SUPPORTED,
    Refused,
    expect_length,
)
from emulation.ecus.base.routine_control import RoutineControl, RoutineHandler
from emulation.ecus.base.security_access import SecurityAccess
from emulation.ecus.base.vehicle import Diagnostics
from harness.units import MS

if TYPE_CHECKING:
    from emulation.ecus.base.ecu import Ecu

SILENT_WHEN_FUNCTIONAL = frozenset({SERVICE_NOT_SUPPORTED, SUB_FUNCTION_NOT_SUPPORTED, OUT_OF_RANGE, 0x7E, 0x7F})
"""Refusals that are not sent when everybody was asked."""

ANSWER_AFTER = (1 * MS, 12 * MS)
"""Least and greatest time from request to answer; own design, within P2 of diagnostics.toml."""
SUPPRESS = 0x80
WITHOUT_SUB_FUNCTION = frozenset({0x14, 0x22})
ONLY_EXTENDED = frozenset({0x27, 0x28, 0x85})
IS_ANSWER = 0x40
"""Bit of a service identifier that no request has; most stacks leave such a one alone (AUTOSAR, SWS_Dcm_00084)."""


class UdsServer:
    """Diagnostics of one ECU."""

    def __init__(self, ecu: Ecu, data: Diagnostics) -> None:
        self.data = data
        self.memory = FaultMemory(data.trouble_codes)
        self.live: dict[int, Callable[[], bytes]] = {}
        """Data identifiers whose bytes are asked for anew each time."""
        self._ecu = ecu
        self._world = ecu.world
        self._random = ecu.world.random(f"{data.node} diagnostics")
        self._transport = IsoTp(ecu.world, self._send, self._request, data.padding)
        faults = FaultServices(self.memory)
        self._services: dict[int, Callable[[bytes], bytes]] = {
            0x10: self._session_control,
            0x11: self._reset,
            0x14: faults.clear,
            0x19: faults.read,
            0x22: self._read_data,
            0x28: self._communication_control,
            0x3E: self._tester_present,
            0x85: faults.set_recording,
        }
        self._security: SecurityAccess | None = None
        if data.security_mask is not None:
            self._security = SecurityAccess(ecu.world, data.node, data.security_mask)
            self._services[0x27] = self._security.serve
        self._routine_control = RoutineControl(data.routines, lambda: self.session, self._security)
        self._services[0x31] = self._routine_control.serve
        self._forget()
        ecu.bus.attach(self._physical, data.request)
        ecu.bus.attach(self._functional, data.functional)

    @property
    def session(self) -> str:
        """Name of the active session."""
        return self.data.sessions[self._session]

    @property
    def routines(self) -> dict[int, RoutineHandler]:
        """What the ECU does for a routine of diagnostics.toml, by identifier."""
        return self._routine_control.handlers

    def halt(self) -> None:
        """The ECU lost its supply: only the fault memory stays."""
        self._forget()

    def _forget(self) -> None:
        self._session = 0x01
        self._session_ends = 0
        self._lock()
        self._routine_control.forget()
        self._is_functional = False
        self.memory.recording = True
        self._transport.forget()

    def _physical(self, frame: Frame) -> None:
        self._feed(frame, functional=False)

    def _functional(self, frame: Frame) -> None:
        self._feed(frame, functional=True)

    def _feed(self, frame: Frame, functional: bool) -> None:
        if self._ecu.running and not frame.flags:
            self._is_functional = functional
            self._transport.feed(frame.data)

    def _send(self, data: bytes) -> None:
        self._ecu.bus.send(self.data.response, data, 0, self._ecu)

    def _request(self, request: bytes) -> None:
        delay = self._random.randint(*ANSWER_AFTER)
        self._world.call_at(self._world.now + delay, self._answer, (request, self._is_functional, self._ecu.booted_at))

    def _answer(self, asked: tuple[bytes, bool, int]) -> None:
        request, functional, boot = asked
        if not self._ecu.running or self._ecu.booted_at != boot:
            return
        service = request[0]
        if service & IS_ANSWER:
            return
        self._keep_session()
        try:
            answer = bytes([service + 0x40]) + self._serve(service, request[1:])
        except Refused as refusal:
            if functional and refusal.code in SILENT_WHEN_FUNCTIONAL:
                return
            answer = bytes([0x7F, service, refusal.code])
        else:
            if service not in WITHOUT_SUB_FUNCTION and request[1] & SUPPRESS:
                return
        self._transport.transmit(answer, f"{self.data.node} answer")

    def _serve(self, service: int, rest: bytes) -> bytes:
        if service not in self._services:
            raise Refused(SERVICE_NOT_SUPPORTED)
        if service in ONLY_EXTENDED and self.session == "default":
            raise Refused(NOT_IN_THIS_SESSION)
        if service not in WITHOUT_SUB_FUNCTION:
            if not rest:
                raise Refused(INCORRECT_LENGTH)
            rest = bytes([rest[0] & ~SUPPRESS & 0xFF]) + rest[1:]
        return self._services[service](rest)

    # sessions

    def _keep_session(self) -> None:
        if self.session != "default":
            self._session_ends = self._world.now + self.data.s3_ms * MS
            self._world.call_at(self._session_ends, self._end_session)

    def _end_session(self, _argument: object) -> None:
        if self.session != "default" and self._world.now >= self._session_ends:
            self._enter(0x01)

    def _enter(self, session: int) -> None:
        self._session = session
        self._lock()
        if self.session == "default":
            self.memory.recording = True
            self._ecu.allow_transmission(True)

    def _lock(self) -> None:
        if self._security is not None:
            self._security.lock()

    def _session_control(self, rest: bytes) -> bytes:
        if rest[0] not in self.data.sessions:
            raise Refused(SUB_FUNCTION_NOT_SUPPORTED)
        expect_length(rest, 1)
        self._enter(rest[0])
        self._keep_session()
        p2, p2_extended = self.data.p2_ms, self.data.p2_extended_ms // 10
        return rest + p2.to_bytes(2, "big") + p2_extended.to_bytes(2, "big")

    def _tester_present(self, rest: bytes) -> bytes:
        if rest[0]:
            raise Refused(SUB_FUNCTION_NOT_SUPPORTED)
        expect_length(rest, 1)
        return rest

    def _reset(self, rest: bytes) -> bytes:
        if rest[0] not in {0x01, 0x03}:  # hard, soft
            raise Refused(SUB_FUNCTION_NOT_SUPPORTED)
        expect_length(rest, 1)
        if not self._ecu.may_reset():
            raise Refused(CONDITIONS_NOT_CORRECT)
        self._world.call_at(self._world.now + 1 * MS, lambda _argument: self._ecu.reset())  # the answer goes out first
        return rest

    def _communication_control(self, rest: bytes) -> bytes:
        if rest[0] > 0x03:
            raise Refused(SUB_FUNCTION_NOT_SUPPORTED)
        expect_length(rest, 2)
        if rest[1] not in {0x01, 0x03}:  # normal messages, or those and network management
            raise Refused(OUT_OF_RANGE)
        self._ecu.allow_transmission(rest[0] in {0x00, 0x02})
        return rest[:1]

    # data

    def _read_data(self, rest: bytes) -> bytes:
        if not rest or len(rest) % 2:
            raise Refused(INCORRECT_LENGTH)
        answer = b""
        for at in range(0, len(rest), 2):
            identifier = int.from_bytes(rest[at : at + 2], "big")
            if identifier == 0xF186:
                answer += rest[at : at + 2] + bytes([self._session])
            elif identifier in self.live:
                answer += rest[at : at + 2] + self.live[identifier]()
            elif identifier in self.data.data:
                answer += rest[at : at + 2] + self.data.data[identifier].encode("ascii")
        if not answer:
            raise Refused(OUT_OF_RANGE)
        return answer
