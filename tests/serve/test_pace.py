"""The world on the wall clock: never early, true to its own instants after a stall, and loud when it breaks."""

from __future__ import annotations

import asyncio
import threading

import pytest

from emulation.pace import Lateness, Pace, WorldFailed
from emulation.world import Process, World
from harness.units import MS, S
from tests.serve.loop import run


async def paced(world: World, until: asyncio.Event) -> Pace:
    pace = Pace(world)
    running = asyncio.create_task(pace.run())
    waiting = asyncio.create_task(until.wait())
    await asyncio.wait((running, waiting), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if running.done():
        await running
    running.cancel()
    return pace


def test_nothing_happens_before_the_wall_clock_says_so() -> None:
    async def main() -> None:
        world, done, seen = World(), asyncio.Event(), []
        pace = Pace(world)

        def beat() -> None:
            seen.append((world.now, pace.present()))
            if len(seen) == 20:
                done.set()

        world.every(5 * MS, beat)
        running = asyncio.create_task(pace.run())
        await done.wait()
        running.cancel()
        assert [at for at, _present in seen] == [beat * 5 * MS for beat in range(20)]
        assert all(present >= at for at, present in seen)

    run(main)


def test_a_stalled_loop_runs_what_it_missed_at_its_own_instants() -> None:
    async def main() -> None:
        world, done, instants = World(), asyncio.Event(), []

        def beat() -> None:
            instants.append(world.now)
            if len(instants) == 40:
                done.set()

        world.every(10 * MS, beat)
        asyncio.get_running_loop().call_later(0.05, threading.Event().wait, 0.2)
        pace = await paced(world, done)
        assert instants == [beat * 10 * MS for beat in range(40)]
        assert pace.lateness.longest >= 100 * MS

    run(main)


def test_what_is_done_to_the_world_happens_now_and_wakes_it() -> None:
    async def main() -> None:
        world, answered = World(), asyncio.Event()

        def answer() -> Process:
            yield 2 * MS
            answered.set()

        pace = Pace(world)
        running = asyncio.create_task(pace.run())
        await asyncio.sleep(0.05)
        asleep = pace.present()
        with pace.acting():
            assert world.now >= asleep
            world.spawn(answer(), "answer")
        await answered.wait()
        assert pace.present() - asleep < 900 * MS, "the loop slept its whole second although something was due"
        running.cancel()

    run(main)


def test_what_a_process_raises_ends_the_world_and_names_it() -> None:
    async def main() -> None:
        world = World(seed=5)

        def airbag() -> Process:
            yield 1 * MS
            raise ZeroDivisionError("no crash to divide by")

        world.spawn(airbag(), "airbag")
        with pytest.raises(WorldFailed, match=r"ZeroDivisionError: no crash .* process airbag .* seed 5"):
            await paced(world, asyncio.Event())

    run(main)


def test_a_watcher_may_act_on_the_world_itself() -> None:
    async def main() -> None:
        world, done, seen = World(), asyncio.Event(), []
        pace = Pace(world)

        def watcher() -> None:
            with pace.acting():
                seen.append(world.now)
            if len(seen) == 3:
                done.set()

        pace.watch(watcher)
        world.every(1 * MS, lambda: None)
        running = asyncio.create_task(pace.run())
        await done.wait()
        running.cancel()
        assert pace.failure is None

    run(main)


def test_lateness_is_counted_without_growing() -> None:
    lateness = Lateness()
    for late in range(1_000):
        lateness.add(late * 100_000)
    lateness.add(3 * S)
    assert 49 * MS < lateness.quantile(0.5) < 51 * MS
    assert 98 * MS < lateness.quantile(0.99) < 101 * MS
    assert lateness.longest == lateness.quantile(1.0) == 3 * S
    assert Lateness().quantile(0.5) == 0
