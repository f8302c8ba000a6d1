"""How many wake-ups a second the kernel does, by what the processes wait for; beside asyncio and threads."""

from __future__ import annotations

import asyncio
import contextlib
import threading

from emulation.world import Process, World
from harness.units import US
from tests.benchmarks.measure import rate

PROCESSES = 10
"""So many wait at the same time, as ECUs do."""


def delays(count: int) -> float:
    """Processes that sleep."""
    world = World()

    def sleeper(period: int) -> Process:
        while True:
            yield period

    for number in range(PROCESSES):
        world.spawn(sleeper(10 * US + number), f"sleeper {number}")
    return rate(lambda: world.run(until=world.now + count * 10 * US // PROCESSES), count)


def conditions(count: int) -> float:
    """Processes that wake each other in a ring."""
    world = World()
    bells = [world.condition() for _ in range(PROCESSES)]

    def passer(number: int) -> Process:
        while True:
            yield bells[number]
            bells[number] = world.condition()
            yield 1
            bells[(number + 1) % PROCESSES].happen()

    for number in range(PROCESSES):
        world.spawn(passer(number), f"passer {number}")
    bells[0].happen()
    return rate(lambda: world.run(until=world.now + count // 2), count)


def either(count: int) -> float:
    """Processes that wait for a condition or a timeout: the shape of nearly every ECU."""
    world = World()

    def impatient(period: int) -> Process:
        never = world.condition()
        while True:
            yield never | world.after(period)

    for number in range(PROCESSES):
        world.spawn(impatient(10 * US + number), f"impatient {number}")
    return rate(lambda: world.run(until=world.now + count * 10 * US // PROCESSES), count)


def asyncio_sleeps(count: int) -> float:
    """The same hand-over in asyncio: tasks that yield to the loop."""

    async def sleeper() -> None:
        for _ in range(count // PROCESSES):
            await asyncio.sleep(0)

    async def everybody() -> None:
        await asyncio.gather(*(sleeper() for _ in range(PROCESSES)))

    return rate(lambda: asyncio.run(everybody()), count)


def asyncio_timeouts(count: int) -> float:
    """Tasks that wait for an event or a timeout in asyncio, which passes at once."""

    async def impatient(never: asyncio.Event) -> None:
        for _ in range(count // PROCESSES):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(never.wait(), 1e-9)

    async def everybody() -> None:
        never = asyncio.Event()
        await asyncio.gather(*(impatient(never) for _ in range(PROCESSES)))

    return rate(lambda: asyncio.run(everybody()), count)


def threads(count: int) -> float:
    """The same hand-over between two threads, as thread-based buses do it."""
    here, there = threading.Semaphore(0), threading.Semaphore(0)

    def answer() -> None:
        for _ in range(count // 2):
            here.acquire()
            there.release()

    def ask() -> None:
        thread = threading.Thread(target=answer)
        thread.start()
        for _ in range(count // 2):
            here.release()
            there.acquire()
        thread.join()

    return rate(ask, count)
