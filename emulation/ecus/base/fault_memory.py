"""Fault memory of an ECU: trouble codes with the status bits of ISO 14229-1. It outlives a loss of supply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from emulation.ecus.base.vehicle import TroubleCode

TEST_FAILED = 0x01
TEST_FAILED_THIS_CYCLE = 0x02
PENDING = 0x04
CONFIRMED = 0x08
TEST_FAILED_SINCE_CLEAR = 0x20

AVAILABLE = TEST_FAILED | TEST_FAILED_THIS_CYCLE | PENDING | CONFIRMED | TEST_FAILED_SINCE_CLEAR
"""Status bits that these ECUs keep (DTCStatusAvailabilityMask)."""

OCCURRENCES_MAX = 255


@dataclass
class Entry:
    """State of one trouble code."""

    code: int
    status: int = 0
    occurrences: int = 0


class FaultMemory:
    """Every trouble code that an ECU knows, and what its tests said."""

    def __init__(self, codes: Mapping[str, TroubleCode]) -> None:
        self._entries = {name: Entry(code.code) for name, code in codes.items()}
        self.recording = True
        """Off while a tester has switched it off by ControlDTCSetting."""

    def failed(self, name: str) -> None:
        """The test of `name` failed."""
        if self.recording:
            entry = self._entries[name]
            if not entry.status & TEST_FAILED:
                entry.occurrences = min(entry.occurrences + 1, OCCURRENCES_MAX)
            entry.status |= AVAILABLE

    def passed(self, name: str) -> None:
        """The test of `name` passes again: no longer failed, still confirmed."""
        if self.recording:
            self._entries[name].status &= ~TEST_FAILED

    def clear(self, group: int) -> bool:
        """Clear all codes (0xFFFFFF) or one. Returns whether there is such a code."""
        chosen = [entry for entry in self._entries.values() if group in {0xFFFFFF, entry.code}]
        for entry in chosen:
            entry.status = entry.occurrences = 0
        return bool(chosen) or group == 0xFFFFFF

    def with_status(self, mask: int) -> list[Entry]:
        """Entries with at least one of the status bits in `mask`."""
        return [entry for entry in self._entries.values() if entry.status & mask]

    def find(self, code: int) -> Entry | None:
        """The entry of `code`; None where the ECU does not know it."""
        return next((entry for entry in self._entries.values() if entry.code == code), None)

    @property
    def supported(self) -> list[Entry]:
        """Every entry, stored or not."""
        return list(self._entries.values())
