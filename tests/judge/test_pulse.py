"""A pulse is measured between its mesial crossings, from its first contact to its last, or refused with the reason."""

import numpy as np
import pytest

from harness.errors import BenchError
from harness.judge import find_pulses, only_pulse, pulse_width
from harness.ports import Waveform
from harness.units import MS, US, S

INTERVAL = 10 * US


def waveform(*contacts, length=2_500 * MS, edge=200 * US, high=5.0, noise=0.02, interval=INTERVAL, bits=None):
    """Samples of a line that is high during each (rise, fall) of `contacts` (ns), with finite edges and noise."""
    times = np.arange(0, length, interval, dtype=np.float64)
    volts = np.zeros(len(times))
    for rise, fall in contacts:
        volts += np.interp(
            times, [rise - edge / 2, rise + edge / 2, fall - edge / 2, fall + edge / 2], [0, high, high, 0]
        )
    volts += np.random.default_rng(1).normal(0, noise, len(times)) if noise else 0
    if bits is not None:
        volts = np.clip(np.round(volts / bits) * bits, -1.0, 6.0)
    return Waveform(-100 * MS, interval, volts, noise, timebase_ppm=25)


def test_a_clean_pulse_is_found_within_its_own_uncertainty():
    start, length = 100 * MS + 3_456, 2 * S - 1 * MS
    pulse = only_pulse(waveform((start, start + length)), "SOS hold")
    assert pulse.duration.name == "SOS hold"
    assert abs(pulse.duration.value - length / S) <= pulse.duration.expanded
    assert pulse.duration.expanded < 0.1e-3
    assert abs(pulse.start - (start - 100 * MS)) < 5 * US
    assert abs(pulse.end - (start - 100 * MS + length)) < 5 * US
    assert pulse.high_volts == pytest.approx(5.0, abs=0.01)
    assert pulse.openings == ()


@pytest.mark.parametrize("offset", [0, 1_111, 5_000, 9_999])
def test_interpolation_finds_an_edge_between_two_samples(offset):
    quantity = pulse_width(waveform((200 * MS, 1_200 * MS + offset), noise=0))
    assert quantity.value == pytest.approx((1_000 * MS + offset) / S, abs=0.2e-6)


def test_quantised_samples_of_eight_bits_give_the_same_width():
    quantity = pulse_width(waveform((200 * MS, 1_200 * MS), bits=0.03125))
    assert quantity.value == pytest.approx(1.0, abs=20e-6)


def test_a_pulse_of_a_millisecond_is_found_in_a_long_record():
    assert pulse_width(waveform((1 * S, 1 * S + 1 * MS))).value == pytest.approx(1e-3, abs=20e-6)


def test_contact_bounce_belongs_to_the_press_and_widens_its_uncertainty():
    bouncing = waveform((100 * MS, 101 * MS), (102 * MS, 1_100 * MS), (1_101 * MS, 1_102 * MS))
    pulse = only_pulse(bouncing)
    assert pulse.duration.value == pytest.approx(1.002, abs=50e-6)
    assert len(pulse.openings) == 2
    assert {row.source for row in pulse.duration.budget} >= {"bounce"}
    chatter = next(row for row in pulse.duration.budget if row.source == "bounce")
    assert chatter.u == pytest.approx((2e-3 + 2e-3) / 12**0.5, rel=0.02)


def test_two_presses_are_two_pulses():
    twice = waveform((100 * MS, 400 * MS), (600 * MS, 1_000 * MS))
    assert [round(pulse.duration.value, 3) for pulse in find_pulses(twice)] == [0.3, 0.4]
    with pytest.raises(BenchError, match=r"expected one pulse on the line, saw 2, beginning at \S+ [nmu]s, 500 ms"):
        only_pulse(twice)


def test_a_line_that_never_moved_has_no_pulse():
    with pytest.raises(BenchError, match="no pulse: the line stayed between"):
        pulse_width(waveform())
    with pytest.raises(BenchError, match="no pulse"):
        pulse_width(waveform(noise=0))


@pytest.mark.parametrize(("contact", "where"), [((-1 * S, 1 * S), "beginning"), ((1 * S, 9 * S), "end")])
def test_a_pulse_that_leaves_the_record_is_not_guessed(contact, where):
    with pytest.raises(BenchError, match=f"high at the {where}"):
        pulse_width(waveform(contact))


def test_a_clipped_record_is_refused():
    clean = waveform((1 * S, 2 * S), noise=0.05)
    clipped = Waveform(clean.start, clean.interval, np.minimum(clean.volts, 4.8), 0.05, 25)
    with pytest.raises(BenchError, match=r"clipped: .* 4\.8 V"):
        pulse_width(clipped)


def test_a_coarse_timebase_is_less_certain_than_a_fine_one():
    fine, coarse = (waveform((200 * MS, 1_200 * MS), interval=step, noise=0) for step in (10 * US, 1 * MS))
    assert pulse_width(coarse).u > 10 * pulse_width(fine).u
