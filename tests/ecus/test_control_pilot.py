"""The control pilot as a signal: what station and car do is on the wire, and the scope measures it (C-06, C-08)."""

import numpy as np
import pytest

from emulation.bench import EmulatedBench
from emulation.control_pilot import ControlPilot
from emulation.lab.scope_trigger import edge
from emulation.lines import Drive, Line
from emulation.world import World
from harness.units import MS, US, S


@pytest.fixture
def pilot():
    return ControlPilot.of(EmulatedBench(seed=1))


def plug(pilot, plugged=True):
    pilot._cable.drive("relay", 5.0 if plugged else None)
    pilot._world.run(until=pilot._world.now + 1 * MS)


def test_load_and_oscillator_make_the_states(pilot):
    """A, B, C at 12, 9, 6 V; with a duty the low level is -12 V."""
    assert (pilot.state, pilot.line.volts, pilot.duty) == ("A", 12.0, None)
    plug(pilot)
    assert (pilot.state, pilot.line.volts) == ("B", 9.0)
    pilot.modulate(0.05)
    pilot.switch(True)
    assert (pilot.state, pilot.line.volts, pilot.duty) == ("C", 6.0, 0.05)
    assert pilot.line.at(pilot._world.now).low_volts == -12.0
    plug(pilot, False)
    assert (pilot.state, pilot.line.volts, pilot.duty) == ("A", 12.0, None)


def test_both_sides_hear_of_a_change(pilot):
    plug(pilot)
    heard = pilot.changed()
    pilot.modulate(0.05)
    assert heard.happened


def test_a_square_wave_is_sampled_without_an_event_an_edge():
    """Ten thousand periods are as cheap as one, and each has its duty."""
    world = World()
    line = Line(world, "control_pilot", edge=5 * US)
    line.put("station", Drive(9.0, low_volts=-12.0, pwm_hertz=1_000.0, duty=0.05))
    world.run(until=10 * S)
    assert not world._heap
    volts = line.sample(1 * S, 1_000.0, 100_000)
    assert np.mean(volts > -1.5) == pytest.approx(0.05, abs=0.002)
    assert (volts.min(), volts.max()) == (-12.0, 9.0)


def test_a_change_of_level_does_not_shift_the_periods():
    world = World()
    line = Line(world, "control_pilot", edge=5 * US)
    wave = Drive(9.0, low_volts=-12.0, pwm_hertz=1_000.0, duty=0.5)
    line.put("station", wave)
    world.run(until=1_300 * US)
    line.put("station", wave._replace(volts=6.0))
    world.run(until=5 * MS)
    volts = line.sample(0, 10_000.0, 500)
    rises = np.flatnonzero((volts[:-1] < -3) & (volts[1:] > -3))
    assert list(np.diff(rises)) == [100] * (len(rises) - 1)


@pytest.mark.parametrize(("slope", "within"), [("POS", (3_000, 3_000)), ("NEG", (2_500, 2_500))])
def test_the_trigger_finds_an_edge_of_a_running_square_wave(slope, within):
    """The next one after it was armed, between the ticks of the world."""
    world = World()
    line = Line(world, "control_pilot", edge=5 * US)
    line.put("station", Drive(12.0, low_volts=-12.0, pwm_hertz=1_000.0, duty=0.5))
    world.run(until=2_100 * US)
    triggered = world.spawn(edge(world, line, 0.0, slope), "trigger")
    world.run(until=10 * MS)
    assert triggered.value / US == pytest.approx(within[0], abs=0.01)
