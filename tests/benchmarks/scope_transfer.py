"""A waveform of a million points from a served scope, beside the same bytes over a bare socket.

The scope's answer is ready when it is asked for, so that the wire is measured and not the acquisition. The served side
runs in a process of its own, as `hil serve` does.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import pyvisa
from rich import box
from rich.console import Console
from rich.table import Table

from emulation.pace import Pace, new_loop
from emulation.serve.hislip import HislipServer
from emulation.serve.scpi_socket import ScpiSocketServer
from emulation.world import World
from harness.clock import WallClock
from instruments.keysight_infiniivision import InfiniiVision
from tests.benchmarks.measure import Contest, rate, run

POINTS = 1_000_000
BLOCK = b"#8%08d" % POINTS + (np.arange(POINTS) % 256).astype(np.uint8).tobytes() + b"\n"
"""Every byte value is in it, also the newline."""
TRANSFERS = 20
AIM = 10
"""Times the bare socket's time that HiSLIP may take."""


class Ready:
    """An instrument whose waveform waits to be fetched."""

    def __init__(self) -> None:
        self._output = bytearray()

    def write(self, message: bytes) -> None:
        """Every question is answered by the block."""
        if b"?" in message:
            self._output += BLOCK

    def output(self) -> bytearray:
        """What waits to be read."""
        return self._output

    def clear(self) -> None:
        """Forget the answer."""
        self._output.clear()

    def status_byte(self) -> int:
        """Nothing to tell."""
        return 0


async def _serve(pipe: Connection) -> None:
    pace = Pace(World())
    servers = [HislipServer(pace, Ready()), ScpiSocketServer(pace, Ready())]
    for server in servers:
        await server.start()

    async def bare(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            writer.write(BLOCK)
        writer.close()

    plain = await asyncio.start_server(bare, "127.0.0.1", 0)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_reader(pipe.fileno(), stop.set)
    pipe.send([*(server.address for server in servers), plain.sockets[0].getsockname()[1]])
    running = asyncio.create_task(pace.run())
    await stop.wait()
    running.cancel()
    plain.close()
    for server in servers:
        await server.close()


def _process(pipe: Connection) -> None:
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(_serve(pipe))


@contextmanager
def _served() -> Iterator[list[Any]]:
    """Addresses over HiSLIP and as a socket, and the port of a bare one."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_process, args=(there,))
    process.start()
    try:
        yield here.recv()
    finally:
        here.send(None)
        process.join()


def _fetch(address: str, count: int) -> float:
    """Our driver and PyVISA-py."""
    manager = pyvisa.ResourceManager("@py")
    resource: Any = manager.open_resource(address)
    resource.timeout = 20_000
    scope = InfiniiVision(resource, WallClock())

    def fetch() -> None:
        for _ in range(count):
            assert len(scope.block(":WAV:DATA?")) == POINTS

    try:
        fetch()
        return rate(fetch, count)
    finally:
        resource.close()
        manager.close()


def _fetch_bare(port: int, count: int) -> float:
    """A socket that is asked and read to the last byte, without any library."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        buffer = bytearray(len(BLOCK))

        def fetch() -> None:
            for _ in range(count):
                connection.sendall(b":WAV:DATA?\n")
                view = memoryview(buffer)
                while view:
                    view = view[connection.recv_into(view) :]

        fetch()
        return rate(fetch, count)


def main(console: Console) -> None:
    """Print what a transfer takes, in ms and in times of the bare socket's."""
    table = Table(title=f"Scope transfer of {POINTS:,} points; aim: HiSLIP at most {AIM} times bare", box=box.SIMPLE)
    for heading, side in (("", "left"), ("ms", "right"), ("bare socket, ms", "right"), ("times", "right")):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]  # rich's literals
    with _served() as (hislip, raw_scpi, port):
        for what, address in (("our driver, PyVISA-py, HiSLIP", hislip), ("the same, raw SCPI socket", raw_scpi)):
            contest = Contest(what, partial(_fetch, address, TRANSFERS), "bare", partial(_fetch_bare, port, TRANSFERS))
            outcome = run(contest)
            table.add_row(what, f"{1e3 / outcome.ours:.2f}", f"{1e3 / outcome.theirs:.2f}", f"{1 / outcome.ratio:.1f}")
    console.print(table)
