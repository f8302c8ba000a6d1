"""A lab behind real ports, its loop in a thread of the test: instruments without a car, on the wall clock."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from emulation import lab
from emulation.bench import EmulatedBench, ScpiDevice
from emulation.offboard.network import RadioNetwork
from emulation.offboard.records import Records
from emulation.pace import Pace, new_loop
from emulation.serve.hislip import HislipServer
from emulation.serve.scpi_socket import ScpiSocketServer

PATIENCE = 30.0
"""Seconds; a thread's loop takes milliseconds on a machine that nobody else uses."""

Result = TypeVar("Result")


class ServedLab:
    """Instruments at `hislip[name]` and `socket[name]` (VISA resource names), twins in `bench.parts`."""

    def __init__(self) -> None:
        self.bench = EmulatedBench(seed=1)
        self.bench.parts["records"] = Records(self.bench.world)
        self.bench.parts["network"] = RadioNetwork(self.bench)
        lab.install(self.bench)
        self.hislip: dict[str, str] = {}
        self.socket: dict[str, str] = {}
        self.servers: dict[str, Any] = {}
        self._loop = new_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="served lab")
        self._failure: Exception | None = None

    def call(self, act: Callable[[], Result]) -> Result:
        """Do something in the loop's thread, the world at the present."""

        async def acting() -> Result:
            with self.pace.acting():
                return act()

        return asyncio.run_coroutine_threadsafe(acting(), self._loop).result(PATIENCE)

    def port(self, name: str, wire: str = "hislip") -> int:
        """Port number of an instrument."""
        return int(self.servers[f"{wire}.{name}"].port)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._serve())
            except Exception as error:  # noqa: BLE001  told by `close`, in the test's own thread
                self._failure = error
            finally:
                self._ready.set()

    async def _serve(self) -> None:
        self.pace = Pace(self.bench.world)
        self._stop = asyncio.Event()
        for name in lab.INSTRUMENTS:
            await self._add(name, self.bench.parts[name])
        running = asyncio.create_task(self.pace.run())
        self._ready.set()
        stop = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({running, stop}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for server in self.servers.values():
                await server.close()
            running.cancel()
            stop.cancel()
            await asyncio.gather(running, stop, return_exceptions=True)
        if self.pace.failure is not None:
            raise self.pace.failure

    async def _add(self, name: str, device: ScpiDevice) -> None:
        for wire, kind, addresses in (
            ("hislip", HislipServer, self.hislip),
            ("socket", ScpiSocketServer, self.socket),
        ):
            server = self.servers[f"{wire}.{name}"] = kind(self.pace, device)
            await server.start()
            addresses[name] = server.address

    def add(self, name: str, device: ScpiDevice) -> None:
        """Serve one more device."""
        asyncio.run_coroutine_threadsafe(self._add(name, device), self._loop).result(PATIENCE)

    def open(self) -> None:
        self._thread.start()
        assert self._ready.wait(PATIENCE)

    def close(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        if self._failure is not None:
            raise self._failure


@contextmanager
def served_lab(devices: Mapping[str, ScpiDevice] | None = None) -> Iterator[ServedLab]:
    """A lab for as long as the block lasts, with more devices by name."""
    lab = ServedLab()
    lab.open()
    try:
        for name, device in (devices or {}).items():
            lab.add(name, device)
        yield lab
    finally:
        lab.close()
