"""Serving from the first port to the signal that ends it; what `hil serve` calls by entry point."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from emulation import plugin
from emulation.pace import new_loop
from emulation.serve.options import Options
from emulation.serve.served_bench import ServedBench

Announce = Callable[[Mapping[str, str]], None]


def serve(
    announce: Announce,
    *,
    seed: int = 0,
    faults: Sequence[str] = (),
    fault_files: Sequence[str | Path] = (),
    **options: object,
) -> str:
    """Serve an emulated bench until SIGINT or SIGTERM; `announce` gets the addresses once every port listens.

    Returns how well it kept pace. Raises `ValueError` for a wrong fault or option, `OSError` for a port that is taken,
    and what a process of the world raised.
    """
    bench = plugin.build(seed, faults, fault_files)
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(_serve(bench, Options(**options), announce))  # type: ignore[arg-type]


async def _serve(bench: plugin.EmulatedBench, options: Options, announce: Announce) -> str:
    loop = asyncio.get_running_loop()
    served = ServedBench(bench, options)
    running = asyncio.create_task(served.pace.run())
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, running.cancel)
    try:
        await served.start()
        announce(served.addresses())
        try:
            await running
        except asyncio.CancelledError:
            pass
    finally:
        running.cancel()
        await served.close()
    return str(served.pace.lateness)
