"""What a busy host alone may have made late on wall time is inconclusive, never the car's failure."""

import pytest

from emulation import plugin
from emulation.ecus.head_unit.button_pages import ButtonPages
from fixtures.stage import Stage
from harness import clock
from harness.actors import Car
from harness.errors import ExpectationError, Inconclusive
from harness.units import MS, S


@pytest.fixture
def stage(monkeypatch):
    """A bench whose host may be late by 250 ms, in simulated time."""
    stage = Stage.open()
    stage.get_ready()
    for module in ("harness.actors.actor", "harness.actors.car", "harness.can.network"):
        monkeypatch.setattr(f"{module}.lateness", lambda _clock: clock.LATE)
    yield stage
    stage.close()


@pytest.fixture
def lock_after(stage):
    """Lock the buttons so many ns from now."""
    stage.driver.ignition("I")
    stage.bench.head_unit.open("Settings", "SOS/ON CALL")
    car = plugin.active()

    def schedule(delay):
        car.world.call_at(car.world.now + delay, lambda _: car.parts["head_unit"].sources[ButtonPages].toggle_lock())

    return schedule


@pytest.mark.parametrize(
    ("delay", "outcome"), [(100 * MS, None), (1_100 * MS, Inconclusive), (1_400 * MS, ExpectationError)]
)
def test_a_signal_that_comes_late_is_judged_by_how_late_it_came(stage, lock_after, delay, outcome):
    lock_after(delay)

    def wait():
        stage.car.expects("TCU_Status.ButtonLock", "LOCKED", within=1 * S)

    if outcome is None:
        wait()
    else:
        with pytest.raises(outcome):
            wait()


@pytest.mark.parametrize(("after", "outcome"), [(900 * MS, True), (1_100 * MS, Inconclusive), (1_400 * MS, False)])
def test_what_the_world_outside_knows_late_is_as_well(stage, after, outcome):
    car, start = Car(stage.bench), stage.bench.clock.now()

    def wait():
        return car.until(lambda: car.now() - start >= after, 1 * S)

    if outcome is Inconclusive:
        with pytest.raises(Inconclusive):
            wait()
    else:
        assert wait() is outcome


def test_on_simulated_time_nothing_is_late():
    stage = Stage.open()
    try:
        start = stage.bench.clock.now()
        assert clock.lateness(stage.bench.clock) == 0
        assert not stage.car.until(lambda: stage.car.now() - start >= 1_100 * MS, 1 * S)
    finally:
        stage.close()
    assert clock.lateness(clock.WallClock()) == clock.LATE
