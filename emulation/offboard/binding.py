"""Which bench a request is about: the routes are shared by every bench of the process."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from emulation.bench import EmulatedBench

BENCH = "connect_hil.bench"
"""Key of the bench in a request's ASGI scope."""


async def _bench(request: Request) -> EmulatedBench:
    bench: EmulatedBench = request.scope[BENCH]
    return bench


Bench = Annotated[EmulatedBench, Depends(_bench, scope="function")]
"""The bench that a handler acts on; its world stands still meanwhile."""
