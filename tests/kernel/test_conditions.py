"""Conditions: they happen once, combine with `|` and `&`, nest, and leave nothing behind."""

import pytest

from emulation.world import Condition, Process, World


@pytest.fixture
def world() -> World:
    return World()


def waiting(world: World, condition: Condition) -> list[int]:
    """The instants at which a process that waits for `condition` went on."""
    woken = []

    def process() -> Process:
        yield condition
        woken.append(world.now)

    world.spawn(process(), "waiting")
    return woken


def happen_at(world: World, time: int, name: str = "part") -> Condition:
    condition = world.condition(name)
    world.call_at(time, condition.happen)
    return condition


def test_the_first_value_stands(world):
    bell = world.condition("bell")
    bell.happen("ding")
    bell.happen("dong")
    assert (bell.happened, bell.value) == (True, "ding")


@pytest.mark.parametrize(
    ("expression", "instant"),
    [
        ("a | b", 10),
        ("b | a", 10),
        ("a & b", 20),
        ("b & a", 20),
        ("a | a", 10),
        ("a & a", 10),
        ("a | b | c", 10),
        ("a & b & c", 30),
        ("(a | b) & c", 30),
        ("(a & c) | b", 20),
        ("(a | b) & (b | c)", 20),
        ("(a & b) | (b & c)", 20),
    ],
)
def test_combinations_happen_as_their_parts_say(world, expression, instant):
    parts = {"a": happen_at(world, 10), "b": happen_at(world, 20), "c": happen_at(world, 30)}
    woken = waiting(world, eval(expression, parts))
    world.run(until=40)
    assert woken == [instant]


def test_a_combination_of_what_has_happened_does_not_wait(world):
    done, never = world.condition(), world.condition()
    done.happen()
    either, both = done | never, done & never
    assert (either.happened, both.happened) == (True, False)
    woken = waiting(world, either)
    world.run(until=0)
    assert woken == [0]


def test_a_combination_knows_what_happened_though_nobody_waits_for_it(world):
    """Else `pressed = a | b` read after a wait for something else would be wrong."""
    either = happen_at(world, 10) | world.condition()
    world.run(until=10)
    assert either.happened


def test_a_combination_can_be_waited_for_again_after_a_timeout(world):
    """The shape `while not seen.happened: yield seen | world.after(...)`."""
    seen = happen_at(world, 25) | world.condition()
    looks = []

    def patient() -> Process:
        while not seen.happened:
            yield seen | world.after(10)
            looks.append(world.now)

    world.spawn(patient(), "patient")
    world.run(until=100)
    assert looks == [10, 20, 25]


def test_waiting_with_a_timeout_a_thousand_times_leaves_no_waiter_behind(world):
    bell, horn = world.condition("bell"), world.condition("horn")

    def impatient() -> Process:
        for _ in range(1_000):
            yield bell | horn | world.after(10)
        yield bell & horn

    task = world.spawn(impatient(), "impatient")
    world.run(until=10_000)
    assert (len(bell._waiters), len(horn._waiters)) == (1, 1)
    task.stop()
    assert (bell._waiters, horn._waiters) == ([], [])


def test_a_combination_cannot_be_made_to_happen_by_hand(world):
    with pytest.raises(TypeError, match="`bell or horn` happens by its parts"):
        (world.condition("bell") | world.condition("horn")).happen()


def test_every_process_that_waits_for_one_condition_is_woken_in_the_order_of_waiting(world):
    bell, woken = happen_at(world, 5), []

    def process(name: str) -> Process:
        yield bell
        woken.append(name)

    for name in "abc":
        world.spawn(process(name), name)
    world.run(until=5)
    assert woken == ["a", "b", "c"]


def test_after_nothing_has_happened_at_once(world):
    assert world.after(0).happened
    assert world.after(-5).happened


def test_a_task_is_a_condition_with_the_processs_return_value(world):
    def child() -> Process:
        yield 10
        return "done"

    def parent() -> Process:
        task = world.spawn(child(), "child")
        yield task
        return task.value

    task = world.spawn(parent(), "parent")
    world.run(until=10)
    assert (task.happened, task.value) == (True, "done")
