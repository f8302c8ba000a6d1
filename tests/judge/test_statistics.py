"""Statistics give the figures of published tables, and two sources agree only within their uncertainty."""

import pytest

from harness.errors import ExpectationError
from harness.judge import Quantity, Sample, agree

VALUES = (9.8, 10.2, 10.1, 9.9, 10.0)  # mean 10, s = sqrt(0.1 / 4)


def seconds(*values, u=0.01):
    return [Quantity("attach", value, "s", u) for value in values]


def test_mean_spread_and_extremes_are_hand_computed():
    sample = Sample.of("attach", seconds(*VALUES))
    assert (sample.n, sample.smallest, sample.largest) == (5, 9.8, 10.2)
    assert sample.mean == pytest.approx(10.0)
    assert sample.sd == pytest.approx((0.1 / 4) ** 0.5)
    low, high = sample.confidence()
    assert high - sample.mean == pytest.approx(2.776 * sample.sd / 5**0.5, rel=1e-3)
    assert sample.mean - low == pytest.approx(high - sample.mean)


def test_the_mean_carries_repeats_and_instrument():
    quantity = Sample.of("attach", seconds(*VALUES, u=0.1)).quantity()
    assert quantity.u == pytest.approx((0.1 / 4 / 5 + 0.1**2) ** 0.5)
    assert quantity.dof > 4
    assert Sample.of("attach", seconds(*VALUES, u=0.1)).worst().expanded == pytest.approx(0.2)


@pytest.mark.parametrize(("n", "factor"), [(10, 3.379), (50, 2.379)])
def test_the_tolerance_factor_is_that_of_the_tables(n, factor):
    # ISO 16269-6, two-sided, 95 % of the population with 95 % confidence
    sample = Sample("x", "s", tuple(float(number % 2) for number in range(n)))
    low, high = sample.tolerance()
    assert (high - low) / 2 / sample.sd == pytest.approx(factor, rel=0.01)


def test_one_value_has_no_spread():
    with pytest.raises(ValueError, match="at least 2 values"):
        Sample.of("attach", seconds(1.0))


def test_values_in_two_units_are_no_sample():
    with pytest.raises(ValueError, match="one unit"):
        Sample.of("attach", [*seconds(1.0), Quantity("attach", 1.0, "V", 0.1)])


def test_sources_that_differ_by_less_than_their_uncertainty_agree():
    agreement = agree("AT and network", seconds(10.0, 11.0, 12.0), seconds(10.005, 11.01, 11.99)).check()
    assert agreement.agrees
    assert agreement.e_n < 1


def test_a_source_that_is_two_seconds_early_does_not_agree():
    with pytest.raises(ExpectationError, match="expected AT and network to agree"):
        agree("AT and network", seconds(10.0, 11.0, 12.0), seconds(12.0, 13.01, 13.99)).check()


def test_the_normalised_error_is_hand_computed():
    agreement = agree("x", seconds(1.0, 2.0, u=3e-3), seconds(1.005, 2.005, u=4e-3))
    assert agreement.difference.u == pytest.approx(5e-3)
    assert agreement.e_n == pytest.approx(0.5)


def test_pairs_need_partners():
    with pytest.raises(ValueError, match="expected pairs, got 2 and 1"):
        agree("x", seconds(1.0, 2.0), seconds(1.0))
    with pytest.raises(ValueError, match="expected pairs, got 0 and 0"):
        agree("x", [], [])


def test_a_single_pair_agrees_within_the_two_uncertainties():
    assert agree("x", seconds(1.0, u=3e-3), seconds(1.009, u=4e-3)).e_n == pytest.approx(0.9)
    assert not agree("x", seconds(1.0, u=3e-3), seconds(1.011, u=4e-3)).agrees


def test_the_spread_is_as_uncertain_as_its_degrees_of_freedom_say():
    sample = Sample.of("attach", seconds(*VALUES))
    assert sample.spread().u == pytest.approx(sample.sd / 8**0.5)
    assert (sample.best().value, sample.worst().value) == (9.8, 10.2)
