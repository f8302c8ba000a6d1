"""What date it is in the world: simulated time 0, for satellites, certificates and contracts (all clauses)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""UTC when simulated time is 0."""


def date(now: int) -> datetime:
    """UTC at `now` ns of simulated time."""
    return EPOCH + timedelta(microseconds=now // 1_000)
