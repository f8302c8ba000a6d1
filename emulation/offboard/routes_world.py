"""Off-board API: the world outside as every bench has it that was just made (all clauses).

A served bench has a past. Each part that keeps something from one test to the next appends its own `as usual` to
`AS_USUAL`; they run in that order.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter

from emulation.bench import EmulatedBench
from emulation.offboard.binding import Bench

world = APIRouter(prefix="/world", tags=["bench"])

AS_USUAL: list[Callable[[EmulatedBench], None]] = []
"""What brings each part back; a module of routes appends its own where it is imported."""


@world.post("/as-usual", status_code=204)
async def as_usual(bench: Bench) -> None:
    """Accounts, phones, links, contracts, cases: whatever earlier tests left is as on a new bench."""
    for reset in AS_USUAL:
        reset(bench)


def _accounts(bench: EmulatedBench) -> None:
    for name in ("accounts", "delivery_centre", "phones"):
        bench.parts[name].as_usual()


AS_USUAL.append(_accounts)
