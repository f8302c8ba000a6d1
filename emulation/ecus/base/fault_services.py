"""UDS services on an ECU's fault memory: 0x14 clears it, 0x19 reads it, 0x85 holds it (ISO 14229-1)."""

from __future__ import annotations

from emulation.ecus.base.fault_memory import AVAILABLE, FaultMemory
from emulation.ecus.base.negative_response import (
    OUT_OF_RANGE,
    SUB_FUNCTION_NOT_SUPPORTED,
    Refused,
    expect_length,
)

COUNT, LIST, EXTENDED_DATA, SUPPORTED = 0x01, 0x02, 0x06, 0x0A
"""Report types of ReadDTCInformation."""
DTC_FORMAT = 0x01
"""ISO 14229-1."""
RECORD, EVERY_RECORD = 0x01, 0xFF


class FaultServices:
    """Each takes a request without its service identifier, returns the answer's; raises `Refused`."""

    def __init__(self, memory: FaultMemory) -> None:
        self._memory = memory

    def clear(self, rest: bytes) -> bytes:
        """ClearDiagnosticInformation: a group of trouble codes, or all."""
        expect_length(rest, 3)
        if not self._memory.clear(int.from_bytes(rest, "big")):
            raise Refused(OUT_OF_RANGE)
        return b""

    def read(self, rest: bytes) -> bytes:
        """ReadDTCInformation: how many, which, which are supported, or how often one occurred."""
        kind = rest[0]
        if kind == EXTENDED_DATA:
            return self._extended_data(rest)
        if kind == SUPPORTED:
            expect_length(rest, 1)
            found = self._memory.supported
        elif kind in {COUNT, LIST}:
            expect_length(rest, 2)
            found = self._memory.with_status(rest[1] & AVAILABLE)
        else:
            raise Refused(SUB_FUNCTION_NOT_SUPPORTED)
        if kind == COUNT:
            return bytes([kind, AVAILABLE, DTC_FORMAT]) + len(found).to_bytes(2, "big")
        return bytes([kind, AVAILABLE]) + b"".join(
            entry.code.to_bytes(3, "big") + bytes([entry.status]) for entry in found
        )

    def _extended_data(self, rest: bytes) -> bytes:
        """Extended data record 1 of a trouble code: how often it occurred."""
        expect_length(rest, 5)
        entry = self._memory.find(int.from_bytes(rest[1:4], "big"))
        if entry is None or rest[4] not in {RECORD, EVERY_RECORD}:
            raise Refused(OUT_OF_RANGE)
        return rest[:4] + bytes([entry.status, RECORD, entry.occurrences])

    def set_recording(self, rest: bytes) -> bytes:
        """ControlDTCSetting: on, or off."""
        if rest[0] not in {0x01, 0x02}:
            raise Refused(SUB_FUNCTION_NOT_SUPPORTED)
        expect_length(rest, 1)
        self._memory.recording = rest[0] == 0x01
        return rest
