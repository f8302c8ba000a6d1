"""Bisection finds a device's threshold within its stated uncertainty, and says so where there is none."""

from math import sqrt

import pytest

from harness.errors import ExpectationError, Inconclusive
from harness.judge import Bounds, Quantity, Trial, Verdict, bisect_threshold, decide
from harness.units import MS, US, S


def device(threshold, u=30e-6):
    presses = []

    def press(duration):
        presses.append(duration)
        return Trial(Quantity("hold", duration / S, "s", u), duration >= threshold)

    return press, presses


@pytest.mark.parametrize("threshold", [1_999_500_000, 1_500 * MS, 2_499 * MS])
def test_the_threshold_lies_within_the_stated_uncertainty(threshold):
    press, presses = device(threshold)
    found = bisect_threshold(press, 1 * S, 3 * S, 100 * US, "SOS threshold")
    assert abs(found.value - threshold / S) <= found.expanded
    assert found.name == "SOS threshold"
    assert len(presses) <= 2 + 15 + 2  # log2(2 s / 100 us) = 14.3


def test_bracket_and_pulse_both_count():
    press, _ = device(2 * S, u=30e-6)
    found = bisect_threshold(press, 1 * S, 3 * S, 2 * S // 2**10)
    assert found.u == pytest.approx(sqrt(30e-6**2 + (2 / 2**10) ** 2 / 12), rel=1e-6)


def test_a_threshold_half_a_millisecond_below_two_seconds_passes_its_limit():
    press, _ = device(2 * S - 500 * US)
    limit = Bounds("sos_hold", "s", 1.999, 2.0)
    assert decide(bisect_threshold(press, 1 * S, 3 * S, 50 * US), limit).verdict is Verdict.PASS


def test_a_threshold_three_milliseconds_early_fails_its_limit():
    press, _ = device(2 * S - 3 * MS)
    limit = Bounds("sos_hold", "s", 1.999, 2.0)
    assert decide(bisect_threshold(press, 1 * S, 3 * S, 50 * US), limit).verdict is Verdict.FAIL


def test_a_device_that_acts_too_early_or_never_is_the_car_s_fault():
    with pytest.raises(ExpectationError, match="expected a hold of 1 s to do nothing"):
        bisect_threshold(device(500 * MS)[0], 1 * S, 3 * S, 1 * MS)
    with pytest.raises(ExpectationError, match="expected a hold of 3 s to act"):
        bisect_threshold(device(9 * S)[0], 1 * S, 3 * S, 1 * MS)


def test_a_threshold_that_moves_is_inconclusive():
    press, presses = device(2 * S)

    def drifting(duration):
        trial = press(duration)
        return trial._replace(acted=duration >= 2 * S + len(presses) * 10 * MS)

    with pytest.raises(Inconclusive, match="the threshold moves"):
        bisect_threshold(drifting, 1 * S, 3 * S, 1 * MS)
