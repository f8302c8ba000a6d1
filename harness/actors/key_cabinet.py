"""What a workshop does about keys: blocks a lost one, teaches a newly ordered one, by diagnostics (A-06, B-26)."""

from __future__ import annotations

from typing import NamedTuple

from harness.can.uds import Uds

BLOCK, REGISTER, RESTORE, READ = 0x0311, 0x0312, 0x0313, 0x0314
"""Routines of the body module (vehicle/diagnostics.toml)."""


class Register(NamedTuple):
    """The body module's register by key numbers: the car's own, those it refuses, those that lie in the cabin."""

    registered: frozenset[int]
    blocked: frozenset[int]
    inside: frozenset[int]

    @property
    def counting(self) -> frozenset[int]:
        """Keys that belong to the car and are not blocked."""
        return self.registered - self.blocked


def change(body: Uds, routine: int, option: bytes = b"") -> None:
    """Run a routine that changes the register: extended session, security access. Raises `UdsError`."""
    with body.in_session("extended"):
        body.unlock()
        body.routine(routine, option)


def read(body: Uds) -> Register:
    """The register as it is now."""
    return Register(*(_numbers(mask) for mask in body.routine(READ)[:3]))


def _numbers(mask: int) -> frozenset[int]:
    return frozenset(bit + 1 for bit in range(8) if mask >> bit & 1)
