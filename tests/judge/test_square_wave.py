"""A square wave is measured between its mesial crossings, its levels by their medians, or refused with the reason."""

import numpy as np
import pytest

from harness.errors import BenchError
from harness.judge import square_wave
from harness.ports import Waveform
from harness.units import US

INTERVAL = 2_500
"""2.5 ms in 1,000 points, in ns."""


def waveform(*, high=9.0, low=-12.0, hertz=1_000.0, duty=0.05, noise=0.05, count=1_000):
    """Samples of a square wave with edges of 5 us, its first rise in the window 0.2 ms after the beginning."""
    phase = (np.arange(count) * INTERVAL - 200 * US) * hertz / 1e9 % 1
    phase -= phase > (1 + duty) / 2
    steep = 1e9 / (hertz * 5 * US)
    share = np.minimum(np.clip(0.5 + phase * steep, 0, 1), np.clip(0.5 - (phase - duty) * steep, 0, 1))
    volts = low + (high - low) * share + np.random.default_rng(1).normal(0, noise, count)
    return Waveform(0, INTERVAL, volts, noise, 25, gain_error_volts=0.52, offset_error_volts=0.33)


@pytest.mark.parametrize("duty", [0.03, 0.05, 0.1, 0.267, 0.5, 0.85, 0.96])
@pytest.mark.parametrize("hertz", [800.0, 1_000.0, 1_003.0, 1_200.0])
def test_frequency_and_duty_are_found_within_their_own_uncertainty(duty, hertz):
    found = square_wave(waveform(duty=duty, hertz=hertz), "pilot")
    assert abs(found.frequency.value - hertz) <= found.frequency.expanded
    assert abs(found.duty.value - 100 * duty) <= found.duty.expanded
    assert found.frequency.expanded < 0.005 * hertz
    assert found.duty.expanded < 0.4
    assert (found.frequency.unit, found.duty.unit) == ("Hz", "%")


@pytest.mark.parametrize("high", [6.0, 9.0, 12.0])
def test_levels_are_told_apart_with_what_the_scope_promises(high):
    """States of IEC 61851-1 are 3 V apart; each is a level within 1 V."""
    found = square_wave(waveform(high=high))
    assert found.high.value == pytest.approx(high, abs=0.1)
    assert found.low.value == pytest.approx(-12, abs=0.1)
    assert 0.1 < found.high.expanded < 1.0


def test_a_line_that_stands_still_has_a_level_and_nothing_else():
    found = square_wave(waveform(duty=1.0, low=9.0))
    assert found.high.value == pytest.approx(9.0, abs=0.05)
    assert (found.low, found.frequency, found.duty) == (None, None, None)


def test_an_edge_alone_is_no_square_wave():
    with pytest.raises(BenchError, match="at least one period"):
        square_wave(waveform(hertz=200.0), "pilot")
