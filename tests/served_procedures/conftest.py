"""A bench that outlives its tests, in simulated time: one emulated car, opened and closed again and again."""

import pytest

from emulation import plugin
from fixtures.stage import Stage
from harness.bench import opening


@pytest.fixture
def old_car(monkeypatch):
    """Makes every bench that is opened from now on reach the same emulated car; returns it."""
    bench = plugin.build(seed=7)

    def reopen(*_arguments):
        bench.clock.on_close = lambda: None
        plugin.activate(bench)
        return bench.clock

    bench.world.run(until=1)  # it has a past
    monkeypatch.setattr(opening, "clock", reopen)
    yield bench
    plugin.activate(None)


@pytest.fixture
def opened(old_car):  # noqa: ARG001  what it opens is the old car
    """Opens a stage on the old car, ready to call; closes all of them at the end."""
    stages = []

    def open_stage(*, ready=True):
        stages.append(Stage.open())
        if ready:
            stages[-1].get_ready()
        return stages[-1]

    yield open_stage
    for stage in stages:
        stage.close()
