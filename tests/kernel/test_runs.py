"""How a run ends: stopped processes, errors, an idle world, a livelock, several threads."""

import threading

import pytest

from emulation.world import LIVELOCK_STEPS, Idle, Livelock, Process, World
from harness.units import MS


@pytest.fixture
def world() -> World:
    return World(seed=42)


def test_a_stopped_process_runs_its_finally_and_nothing_more(world):
    log = []

    def process() -> Process:
        try:
            while True:
                yield 10
                log.append(world.now)
        finally:
            log.append("off")

    task = world.spawn(process(), "process")
    world.run(until=25)
    task.stop()
    task.stop()
    world.run(until=100)
    assert log == [10, 20, "off"]
    assert task.happened


def test_a_process_stopped_at_the_very_instant_of_its_wake_up_stays_stopped(world):
    bell, log = world.condition("bell"), []

    def process() -> Process:
        yield bell
        log.append("woken")

    task = world.spawn(process(), "process")
    world.run(until=1)
    bell.happen()
    task.stop()
    world.run(until=2)
    assert log == []


def test_what_a_process_raises_comes_out_of_the_run_with_its_name_the_time_and_the_seed(world):
    def process() -> Process:
        yield 3 * MS
        raise ZeroDivisionError("oops")

    world.spawn(process(), "airbag")
    with pytest.raises(ZeroDivisionError, match="oops") as error:
        world.run(until=1_000 * MS)
    assert error.value.__notes__ == ["in process airbag at 3000000 ns of simulated time, seed 42"]


@pytest.mark.parametrize("wrong", [0, -1, 1.5, None, "soon", True])
def test_a_process_that_yields_nonsense_is_told_what_it_may_yield(world, wrong):
    def process() -> Process:
        yield wrong

    world.spawn(process(), "console")
    with pytest.raises(TypeError, match=r"process console yielded .*expected a Condition, or a delay"):
        world.run(until=10)


def test_an_idle_world_says_who_waits_for_what(world):
    bell = world.condition("bell")

    def process(name: str) -> Process:
        yield bell | world.condition(f"{name}'s own")

    world.spawn(process("b"), "b")
    world.spawn(process("a"), "a")
    with pytest.raises(Idle) as idle:
        world.run(condition=world.condition("crash call"))
    assert str(idle.value) == (
        "the world is idle at 0 ns: crash call can no longer happen; "
        "a waits for bell or a's own; b waits for bell or b's own"
    )


def test_with_a_deadline_an_idle_world_just_lets_time_pass(world):
    assert world.run(until=5, condition=world.condition()) is False
    assert world.now == 5


def test_processes_that_wake_each_other_for_ever_are_a_livelock(world):
    def process() -> Process:
        while True:
            yield world.after(0)

    world.run(until=7)
    world.spawn(process(), "spinner")
    with pytest.raises(Livelock, match=f"{LIVELOCK_STEPS} steps at 7 ns .* spinner"):
        world.run(until=10)


def test_callbacks_that_call_each_other_for_ever_are_a_livelock(world):
    def again(_: object) -> None:
        world.call_at(world.now, again)

    world.call_at(3, again)
    with pytest.raises(Livelock, match=r"at 3 ns .*again"):
        world.run(until=10)


def test_many_steps_at_one_instant_are_no_livelock_when_they_end(world):
    for _ in range(LIVELOCK_STEPS + 10):
        world.call_at(5, lambda _: None)
    assert world.run(until=10) is False


def test_a_process_may_not_block_on_its_own_world(world):
    def process() -> Process:
        world.run(until=10)
        yield 1

    world.spawn(process(), "process")
    with pytest.raises(RuntimeError, match="yield instead of waiting"):
        world.run(until=5)
    world.run(until=20)  # and the world still runs
    assert world.now == 20


def test_threads_take_turns_so_that_a_greedy_one_cannot_starve_another(world):
    order = []

    def other() -> None:
        with world.lock:
            order.append("the one who waited")

    thread = threading.Thread(target=other)
    with world.lock:
        thread.start()
        while not world.lock._next.locked():  # until the other thread stands in the queue
            pass
    with world.lock:
        order.append("the greedy one")
    thread.join()
    assert order == ["the one who waited", "the greedy one"]


def test_threads_that_run_one_world_together_lose_no_event(world):
    seen = []
    world.every(1 * MS, lambda: seen.append(world.now))

    def run() -> None:
        for _ in range(50):
            with world.lock:
                world.run(until=world.now + 1 * MS)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [number * MS for number in range(151)]


def test_the_lock_is_re_entrant(world):
    with world.lock, world.lock:
        world.run(until=3)
    with world.lock:
        assert world.now == 3
