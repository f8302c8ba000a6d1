"""Electrical nets: levels that are read, drivers that win, edges and sines that a scope would sample."""

import numpy as np
import pytest

from emulation.lines import Line
from emulation.world import Process, World
from harness.units import MS, US, S


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def line(world) -> Line:
    return Line(world, "sos_button")


def test_a_button_pressed_before_the_first_look_is_seen_as_pressed(world, line):
    line.drive("relay", 5.0)
    world.run(until=10)
    pressed = line.pressed()
    assert (pressed.happened, pressed.value) == (True, 10)


def test_pressed_and_released_tell_their_instants(world, line):
    seen = []

    def watcher() -> Process:
        for _ in range(2):
            pressed = line.pressed()
            yield pressed
            released = line.released()
            yield released
            seen.append((pressed.value, released.value))

    world.spawn(watcher(), "watcher")
    for time, volts in ((3, 5.0), (8, 0.0), (9, 5.0), (10, None)):
        world.call_at(time, lambda volts: line.drive("relay", volts), volts)
    world.run(until=20)
    assert seen == [(3, 8), (9, 10)]


def test_bounce_is_seen_as_the_presses_it_is(world, line):
    """Whoever debounces is the ECU: the line hides nothing."""
    presses = []

    def watcher() -> Process:
        while True:
            yield line.pressed()
            presses.append(world.now)
            yield line.released()

    world.spawn(watcher(), "watcher")
    for time, volts in ((0, 5.0), (1 * MS, 0.0), (2 * MS, 5.0), (3 * MS, 0.0), (4 * MS, 5.0)):
        world.call_at(time, lambda volts: line.drive("relay", volts), volts)
    world.run(until=1 * S)
    assert presses == [0, 2 * MS, 4 * MS]


def test_the_highest_source_wins_and_the_idle_level_stands_without_any(line):
    line.drive("generator", 3.3)
    line.drive("relay", 5.0)
    assert line.volts == 5.0
    line.drive("relay", None)
    assert line.volts == 3.3
    line.drive("generator", None)
    line.drive("stranger", None)
    assert line.volts == 0.0


def test_a_sine_is_not_hidden_by_another_source_at_the_same_level(line):
    line.drive("amplifier", 0.0, ac_volts=1.0, ac_hertz=440.0)
    line.drive("bias", 0.0)
    assert line.ac_volts == 1.0


@pytest.mark.parametrize(("volts", "high"), [(2.5, False), (2.500_001, True)])
def test_a_logic_input_sees_high_above_its_threshold(line, volts, high):
    line.drive("relay", volts)
    assert line.is_high is high


def test_changed_is_told_once_a_change_and_not_for_the_same_again(line):
    line.drive("relay", 5.0)
    changed = line.changed()
    line.drive("relay", 5.0)
    assert not changed.happened
    line.drive("relay", 4.9)
    assert changed.value.volts == 4.9


def test_the_past_can_be_asked(world, line):
    for time, volts in ((10, 1.0), (20, 2.0)):
        world.call_at(time, lambda volts: line.drive("relay", volts), volts)
    world.run(until=30)
    assert [line.at(time).volts for time in (0, 9, 10, 19, 20, 30)] == [0, 0, 1, 1, 2, 2]


def test_an_edge_crosses_half_at_its_instant_and_is_a_straight_ramp(world, line):
    world.call_at(1 * MS, lambda _: line.drive("relay", 5.0))
    world.run(until=2 * MS)
    samples = line.sample(1 * MS - 15 * US, 5 * US, 7)
    np.testing.assert_allclose(samples, [0, 0, 1.25, 2.5, 3.75, 5.0, 5.0], atol=1e-9)


def test_a_pulse_holds_its_width_between_the_half_crossings(world, line):
    width = 2 * S
    world.call_at(1 * MS, lambda _: line.drive("relay", 5.0))
    world.call_at(1 * MS + width, lambda _: line.drive("relay", None))
    world.run(until=3 * S)
    for edge in (1 * MS, 1 * MS + width):
        before, on, after = line.sample(edge - 1 * US, 1 * US, 3)
        assert on == pytest.approx(2.5)
        assert (before - 2.5) == pytest.approx(2.5 - after)


def test_samples_before_the_first_instant_show_the_idle_level(line):
    np.testing.assert_array_equal(line.sample(-1 * S, 1 * MS, 5), np.zeros(5))


def test_a_sampled_sine_has_its_rms_and_its_frequency(world, line):
    line.drive("amplifier", 1.0, ac_volts=1.0, ac_hertz=440.0)
    world.run(until=1 * S)
    samples = line.sample(0, 10 * US, 100_000)[10:]
    assert np.std(samples) == pytest.approx(1.0, rel=1e-3)
    assert np.mean(samples) == pytest.approx(1.0, abs=1e-3)
    assert np.argmax(np.abs(np.fft.rfft(samples - samples.mean()))) == pytest.approx(440, abs=1)


def test_a_sine_ends_with_its_drive(world, line):
    line.drive("amplifier", 0.0, ac_volts=1.0, ac_hertz=440.0)
    world.call_at(10 * MS, lambda _: line.drive("amplifier", None))
    world.run(until=20 * MS)
    samples = line.sample(0, 100 * US, 200)
    assert np.abs(samples[:95]).max() > 1.0
    assert np.abs(samples[105:]).max() == 0.0


def test_a_spike_shorter_than_an_edge_looks_the_same_early_and_late_in_a_run():
    """Up, and down again 6 us later, on edges of 20 us: the second ramp begins where the first one ends."""

    def spike(begin):
        world = World()
        line = Line(world, "sos_button", edge=20 * US)
        for after, volts in ((100 * US, 5.0), (106 * US, None)):
            world.run(until=begin + after)
            line.drive("relay", volts)
        return line.sample(begin, 1 * US, 200)

    early = spike(0)
    assert early.max() == 5.0
    assert np.array_equal(early, spike(7 * S))
