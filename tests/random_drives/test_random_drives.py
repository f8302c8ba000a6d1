"""Random drives: some things never happen, whatever anybody does in whatever order; a car that does them is found."""

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.random_drives.drive import Drive
from tests.random_drives.shorten import Happened, shortened

SEEDS = (1, 2, 3, 4)
PLAIN = settings(
    deadline=None, database=None, print_blob=False, max_examples=8, stateful_step_count=20,
    suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
)  # fmt: skip
"""Each example is a car of its own, driven for some ten simulated minutes. `shortened` takes shrinking's place."""
QUICK = settings(PLAIN, max_examples=12)
"""Enough for the faults below by their seeds."""


def driven(number, *faults):
    """A drive by this seed, as a class of its own."""
    return seed(number)(type(f"Drive{number}", (Drive,), {"seed": number, "faults": faults}))


def drive_many(car, how):
    """Drive cars by their seed; what never may happen is told by as few acts as a few replays find."""
    try:
        run_state_machine_as_test(car, settings=how)
    except Happened as found:
        raise shortened(car, found) from found


@pytest.mark.parametrize("number", SEEDS)
def test_what_must_never_happen_never_happens(number):
    drive_many(driven(number), PLAIN)


@pytest.mark.parametrize(
    ("fault", "number", "found", "acts"),
    [
        ("EagerConsole", 4, "a call nobody triggered", 3),
        ("EagerUnlock", 3, "unlocked without a key or a verified PIN", 8),
        ("BraggingImmobiliser", 3, "the engine started while the immobiliser was", 3),
    ],
)
def test_a_car_that_does_it_is_found_and_its_story_told_by_few_acts(fault, number, found, acts):
    with pytest.raises(Happened, match=found) as failure:
        drive_many(driven(number, fault), QUICK)
    assert f"Seed {number}; what was done:" in str(failure.value)
    assert len(failure.value.acts) <= acts
