"""Random drives: some things never happen, whatever anybody does in whatever order; a car that does them is found."""

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.random_drives.drive import Drive

SEEDS = (1, 2, 3, 4)
PLAIN = settings(
    deadline=None, database=None, print_blob=False, max_examples=6, stateful_step_count=20,
    suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
)  # fmt: skip
"""Each example is a car of its own, driven for some ten simulated minutes."""
QUICK = settings(PLAIN, max_examples=25, phases=(Phase.generate,))


def driven(number, *faults):
    """A drive by this seed, as a class of its own."""
    return seed(number)(type(f"Drive{number}", (Drive,), {"seed": number, "faults": faults}))


@pytest.mark.parametrize("number", SEEDS)
def test_what_must_never_happen_never_happens(number):
    run_state_machine_as_test(driven(number), settings=PLAIN)


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("EagerConsole", "a call nobody triggered"),
        ("EagerUnlock", "unlocked without a key or a verified PIN"),
    ],
)
def test_a_car_that_does_it_is_found_and_its_story_told(fault, found):
    with pytest.raises(AssertionError) as failure:
        run_state_machine_as_test(driven(1, fault), settings=QUICK)
    assert found in str(failure.value)
    assert "Seed 1; what was done:" in str(failure.value)
