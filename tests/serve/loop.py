"""A served bench in the test's own event loop, with clients beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from emulation.bench import EmulatedBench
from emulation.pace import new_loop
from emulation.plugin import RESTING_VOLTS
from emulation.serve import Options, ServedBench

PATIENCE = 30.0
"""Seconds after which a test that waits for something has failed; it usually comes within milliseconds."""


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a test's coroutine in such a loop as `hil serve` has."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(asyncio.wait_for(main(), PATIENCE))


@asynccontextmanager
async def serving(bench: EmulatedBench | None = None, **options: Any) -> AsyncIterator[ServedBench]:
    """A bench without a car unless one is given, served as long as the block lasts."""
    served = ServedBench(bench or EmulatedBench(), Options(**{"mirror": False, **options}))
    running = asyncio.create_task(served.pace.run())
    try:
        await served.start()
        yield served
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await served.close()


def power(bench: EmulatedBench) -> None:
    """Connect the battery."""
    bench.line("battery").drive("supply 2", RESTING_VOLTS)


class Client:
    """A TCP client of one server; what it reads is awaited, never guessed."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def of(cls, address: str) -> Client:
        host, port = address.rpartition("/")[2].rsplit(":", 1)
        return cls(*await asyncio.open_connection(host, int(port)))

    async def says(self, text: str) -> None:
        self.writer.write(text.encode())
        await self.writer.drain()

    async def hears(self, end: str = ">") -> str:
        """Up to and with `end`."""
        return (await self.reader.readuntil(end.encode())).decode()

    async def is_closed(self) -> bool:
        """Whether nothing but the end of the connection comes."""
        try:
            return await self.reader.read() == b""
        except ConnectionError:
            return True

    async def close(self) -> None:
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()
