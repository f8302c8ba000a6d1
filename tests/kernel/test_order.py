"""The kernel's order of events: by time, then as asked for, and woken processes after everything that was due."""

import pytest

from emulation.world import Process, World
from harness.units import MS, S


@pytest.fixture
def world() -> World:
    return World(seed=1)


def test_callbacks_run_by_time_and_then_in_the_order_asked_for(world):
    seen = []
    for time, name in ((2, "c"), (1, "a"), (2, "d"), (1, "b")):
        world.call_at(time, seen.append, name)
    world.run(until=2)
    assert seen == ["a", "b", "c", "d"]


def test_a_deadline_is_inclusive_and_time_stands_on_it_afterwards(world):
    seen = []
    world.call_at(5, seen.append, "on it")
    world.call_at(6, seen.append, "after it")
    assert world.run(until=5) is False
    assert (seen, world.now) == (["on it"], 5)


def test_a_call_in_the_past_happens_now(world):
    world.run(until=10)
    seen = []
    world.call_at(3, lambda _: seen.append(world.now))
    world.run(until=10)
    assert seen == [10]


@pytest.mark.parametrize("first", ["press", "timer"])
def test_on_a_tie_both_sides_of_an_or_have_happened_when_the_process_wakes(world, first):
    released = world.condition("released")
    if first == "press":
        world.call_at(2 * S, released.happen)
    seen = []

    def watcher() -> Process:
        late = world.after(2 * S)
        yield released | late
        seen.append((released.happened, late.happened))

    world.spawn(watcher(), "watcher")
    world.run(until=1)
    if first == "timer":
        world.call_at(2 * S, released.happen)
    world.run(until=3 * S)
    assert seen == [(True, True)]


def test_a_process_begins_after_what_was_due_at_its_instant(world):
    seen = []

    def process() -> Process:
        seen.append("process")
        yield 1

    world.spawn(process(), "process")
    world.call_at(0, seen.append, "due")
    world.run(until=0)
    assert seen == ["due", "process"]


def test_twenty_delays_of_100_ms_are_2_s_exactly(world):
    def ticker() -> Process:
        for _ in range(20):
            yield 100 * MS
        return world.now

    ticked = world.spawn(ticker(), "ticker")
    world.run(condition=ticked)
    assert ticked.value == 2 * S


def test_a_run_returns_at_the_moment_its_condition_happens_before_time_goes_on(world):
    bell = world.condition("bell")
    world.call_at(7, bell.happen)
    world.call_at(8, lambda _: pytest.fail("ran on"))
    assert world.run(until=100, condition=bell) is True
    assert world.now == 7


def test_periodic_keeps_its_grid_takes_a_new_period_and_stops(world):
    seen = []
    periodic = world.every(10, lambda: seen.append(world.now), offset=3)
    world.run(until=25)
    periodic.period = 5
    world.run(until=43)
    periodic.stop()
    world.run(until=100)
    assert seen == [3, 13, 23, 33, 38, 43]


@pytest.mark.parametrize("period", [0, -1])
def test_a_period_that_is_not_positive_is_refused(world, period):
    with pytest.raises(ValueError, match=f"a period must be positive, got {period} ns"):
        world.every(period, lambda: None)


def test_one_seed_repeats_a_run_event_for_event_and_another_differs():
    def run(seed: int) -> list[tuple[int, str]]:
        world, log = World(seed), []

        def component(name: str) -> Process:
            jitter = world.random(name)
            for _ in range(20):
                yield jitter.randint(1, 50)
                log.append((world.now, name))

        for name in ("airbag", "body", "modem"):
            world.spawn(component(name), name)
        world.run(until=2_000)
        return log

    assert run(1) == run(1)
    assert run(1) != run(2)


def test_a_components_random_numbers_do_not_depend_on_the_other_components():
    alone, crowded = World(5), World(5)
    crowded.random("newcomer").random()
    assert alone.random("modem").random() == crowded.random("modem").random()
