"""UDS server (ISO 14229-1) that every ECU has: sessions, identifiers, fault memory, routines, communication control.

Negative responses follow the order of ISO 14229-1 figure 5: service, session, security, length, sub-function, range.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from emulation.can_bus import Frame
from emulation.ecus.base.fault_memory import AVAILABLE, FaultMemory
from emulation.ecus.base.isotp import IsoTp
from emulation.ecus.base.negative_response import (
    CONDITIONS_NOT_CORRECT,
    INCORRECT_LENGTH,
    NOT_IN_THIS_SESSION,
    OUT_OF_RANGE,
    SECURITY_ACCESS_DENIED,
    SEQUENCE_ERROR,
    SERVICE_NOT_SUPPORTED,
    SUB_FUNCTION_NOT_SUPPORTED,
    Refused,
    expect_length,
)
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

RoutineHandler = Callable[[bytes], bytes]
"""Takes the option record, does it, returns the status record; raises `Refused`."""


class UdsServer:
    """Diagnostics of one ECU."""

    def __init__(self, ecu: Ecu, data: Diagnostics) -> None:
        self.data = data
        self.memory = FaultMemory(data.trouble_codes)
        self.routines: dict[int, RoutineHandler] = {}
        """What the ECU does for a routine of diagnostics.toml, by identifier."""
        self.live: dict[int, Callable[[], bytes]] = {}
        """Data identifiers whose bytes are asked for anew each time."""
        self._ecu = ecu
        self._world = ecu.world
        self._random = ecu.world.random(f"{data.node} diagnostics")
        self._transport = IsoTp(ecu.world, self._send, self._request, data.padding)
        self._services: dict[int, Callable[[bytes], bytes]] = {
            0x10: self._session_control,
            0x11: self._reset,
            0x14: self._clear_faults,
            0x19: self._read_faults,
            0x22: self._read_data,
            0x28: self._communication_control,
            0x31: self._routine_control,
            0x3E: self._tester_present,
            0x85: self._fault_setting,
        }
        self._security: SecurityAccess | None = None
        if data.security_mask is not None:
            self._security = SecurityAccess(ecu.world, data.node, data.security_mask)
            self._services[0x27] = self._security.serve
        self._forget()
        ecu.bus.attach(self._physical, data.request)
        ecu.bus.attach(self._functional, data.functional)

    @property
    def session(self) -> str:
        """Name of the active session."""
        return self.data.sessions[self._session]

    def halt(self) -> None:
        """The ECU lost its supply: only the fault memory stays."""
        self._forget()

    def _forget(self) -> None:
        self._session = 0x01
        self._session_ends = 0
        self._lock()
        self._results: dict[int, bytes] = {}
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

    # fault memory

    def _clear_faults(self, rest: bytes) -> bytes:
        expect_length(rest, 3)
        if not self.memory.clear(int.from_bytes(rest, "big")):
            raise Refused(OUT_OF_RANGE)
        return b""

    def _read_faults(self, rest: bytes) -> bytes:
        kind = rest[:1]
        if kind == b"\x0a":
            expect_length(rest, 1)
            found = self.memory.supported
        elif kind in {b"\x01", b"\x02"}:
            expect_length(rest, 2)
            found = self.memory.with_status(rest[1] & AVAILABLE)
            if kind == b"\x01":
                return kind + bytes([AVAILABLE, 0x01]) + len(found).to_bytes(2, "big")  # 0x01: ISO 14229-1 format
        elif kind == b"\x06":
            return self._extended_data(rest)
        else:
            raise Refused(SUB_FUNCTION_NOT_SUPPORTED)
        records = b"".join(entry.code.to_bytes(3, "big") + bytes([entry.status]) for entry in found)
        return kind + bytes([AVAILABLE]) + records

    def _extended_data(self, rest: bytes) -> bytes:
        """Extended data record 1 of a trouble code: how often it occurred."""
        expect_length(rest, 5)
        entry = self.memory.find(int.from_bytes(rest[1:4], "big"))
        if entry is None or rest[4] not in {0x01, 0xFF}:
            raise Refused(OUT_OF_RANGE)
        return rest[:4] + bytes([entry.status, 0x01, entry.occurrences])

    def _fault_setting(self, rest: bytes) -> bytes:
        if rest[0] not in {0x01, 0x02}:
            raise Refused(SUB_FUNCTION_NOT_SUPPORTED)
        expect_length(rest, 1)
        self.memory.recording = rest[0] == 0x01
        return rest

    # routines

    def _routine_control(self, rest: bytes) -> bytes:
        kind = rest[0]
        if kind not in {0x01, 0x02, 0x03}:
            raise Refused(SUB_FUNCTION_NOT_SUPPORTED)
        if len(rest) < 3:
            raise Refused(INCORRECT_LENGTH)
        identifier = int.from_bytes(rest[1:3], "big")
        if identifier not in self.routines:
            raise Refused(OUT_OF_RANGE)
        if kind == 0x02:  # these routines are over as soon as they began
            raise Refused(SUB_FUNCTION_NOT_SUPPORTED)
        if kind == 0x03:
            expect_length(rest, 3)
            if identifier not in self._results:
                raise Refused(SEQUENCE_ERROR)
            return rest + self._results[identifier]
        routine = self.data.routines[identifier]
        if routine.session not in {"default", self.session}:
            raise Refused(OUT_OF_RANGE)  # an identifier that this session does not offer: not 0x7F
        if routine.security and not (self._security and self._security.unlocked):
            raise Refused(SECURITY_ACCESS_DENIED)
        self._results[identifier] = self.routines[identifier](rest[3:])
        return rest[:3] + self._results[identifier]
