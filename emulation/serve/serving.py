"""Serving from the first port to the signal that ends it; what `hil serve` calls by entry point."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from emulation.bench import EmulatedBench
from emulation.ecus import ECUS
from emulation.pace import new_loop
from emulation.plugin import build
from emulation.serve.options import Options
from emulation.serve.served_bench import ServedBench

Announce = Callable[[Mapping[str, str], Collection[str]], None]
"""Gets the address of each part, and the names of the ECUs that are there."""


def serve(
    announce: Announce,
    *,
    seed: int = 0,
    faults: Sequence[str] = (),
    fault_files: Sequence[str | Path] = (),
    only: Collection[str] = (),
    without: Collection[str] = (),
    **options: Any,
) -> str:
    """Serve an emulated bench until SIGINT or SIGTERM; `announce` is called once every port listens.

    `options` are those of `Options`. Returns how well it kept pace. Raises `ValueError` for a wrong fault, ECU or
    option, `OSError` for a port that is taken, and `WorldFailed` where a part of the car broke.
    """
    chosen = chosen_ecus(only, without)
    chosen_options = Options(**options)
    bench = build(seed, faults, fault_files, chosen)
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(_serve(bench, chosen_options, lambda addresses: announce(addresses, chosen)))


def chosen_ecus(only: Collection[str], without: Collection[str]) -> list[str]:
    """The ECUs to serve, in the order of `ECUS`. Raises `ValueError` for one that does not exist."""
    for name in [*only, *without]:
        if name not in ECUS:
            raise ValueError(f"there is no ECU {name!r}; there is {', '.join(ECUS)}")
    return [name for name in ECUS if name not in without and (not only or name in only)]


async def _serve(bench: EmulatedBench, options: Options, announce: Callable[[Mapping[str, str]], None]) -> str:
    loop = asyncio.get_running_loop()
    served = ServedBench(bench, options)
    running = asyncio.create_task(served.pace.run())
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, running.cancel)
    try:
        await served.start()
        announce(served.addresses())
        with suppress(asyncio.CancelledError):
            await running
    finally:
        running.cancel()
        await served.close()
    return str(served.pace.lateness)
