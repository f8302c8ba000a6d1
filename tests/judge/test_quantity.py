"""A quantity says yes or no only where the measurement can, and its uncertainty is the root of the sum of squares."""

from math import inf, sqrt

import pytest

from harness.errors import ExpectationError, Inconclusive
from harness.judge import Bounds, Contribution, Quantity, Verdict, decide
from harness.judge.decision import interval, student
from harness.units import MS, S


def held(value, u=0.05e-3, dof=inf):
    return Quantity("hold", value, "s", u, dof)


def test_independent_contributions_add_in_squares():
    quantity = Quantity.of("x", 5.0, "V", [Contribution("a", 3e-3, "given"), Contribution("b", 4e-3, "given")])
    assert quantity.value == 5.0
    assert quantity.u == pytest.approx(5e-3)
    assert quantity.dof == inf
    assert quantity.expanded == pytest.approx(10e-3)


def test_degrees_of_freedom_follow_welch_and_satterthwaite():
    quantity = Quantity.of("x", 0.0, "V", [Contribution("a", 3.0, "repeats", 4), Contribution("b", 4.0, "given")])
    assert quantity.dof == pytest.approx(5.0**4 / (3.0**4 / 4))
    lone = Quantity.of("x", 0.0, "V", [Contribution("a", 1.0, "repeats", 4)])
    assert lone.k == pytest.approx(2.776, abs=1e-3)  # Student's t, 4 degrees of freedom, 95 %


@pytest.mark.parametrize(
    ("value", "reaches"), [(2.1, True), (2.0002, True), (1.9998, False), (1.0, False), (2.0, None), (2.00005, None)]
)
def test_a_hold_compares_with_a_limit_outside_the_guard_band_only(value, reaches):
    if reaches is None:
        for compare in (held(value).__ge__, held(value).__lt__, held(value).__gt__, held(value).__le__):
            with pytest.raises(Inconclusive, match="too uncertain"):
                compare(2 * S)
    else:
        assert (held(value) >= 2 * S) is reaches
        assert (held(value) > 2 * S) is reaches
        assert (held(value) < 2 * S) is not reaches
        assert (held(value) <= 2 * S) is not reaches


def test_an_exact_quantity_meets_its_limit():
    three = Quantity("calls", 3, "calls", 0.0)
    assert three <= 3
    assert three >= 3
    assert not three < 3
    assert not three > 3


def test_a_duration_does_not_compare_with_a_float():
    with pytest.raises(TypeError, match="int of ns"):
        _ = held(2.0) >= 2.0


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (1.9995, Verdict.PASS),
        (1.99905, Verdict.INCONCLUSIVE),
        (1.9985, Verdict.FAIL),
        (2.00005, Verdict.INCONCLUSIVE),
        (2.0005, Verdict.FAIL),
        (1.9991, Verdict.PASS),  # on the guarded bound: y - U = lower, to the float
    ],
)
def test_a_decision_keeps_the_guard_band_on_both_sides(value, verdict):
    limit = Bounds("hold", "s", 1.999, 2.0)
    decision = decide(held(value, u=0.05e-3 - 1e-12), limit)
    assert decision.verdict is verdict


def test_on_the_bound_conformity_is_one_half_and_undecided():
    decision = decide(held(2.0), Bounds("hold", "s", lower=2.0))
    assert decision.probability == pytest.approx(0.5)
    assert decision.margin == 0
    with pytest.raises(Inconclusive, match=r"limit hold \(at least 2 s\) is undecided"):
        decision.check()


def test_a_failed_limit_is_the_car_s_fault_and_says_by_how_much():
    with pytest.raises(ExpectationError, match=r"at most 12 s\) is not met: .*margin -3 s"):
        decide(Quantity("attach", 15.0, "s", 0.01), Bounds("attach", "s", upper=12.0)).check()


def test_guarded_acceptance_leaves_two_and_a_half_percent_at_most():
    decision = decide(held(2.0001 + 1e-12), Bounds("hold", "s", lower=2.0))
    assert decision.verdict is Verdict.PASS
    assert decision.probability == pytest.approx(0.97725, abs=1e-5)  # normal law at 2 standard deviations


@pytest.mark.parametrize(
    ("t", "dof", "expected"),
    [(2.776, 4, 0.975), (-2.776, 4, 0.025), (1.812, 10, 0.95), (12.706, 1, 0.975), (1.96, inf, 0.975), (0, 3, 0.5)],
)
def test_student_s_law_gives_the_tabulated_values(t, dof, expected):
    assert student(t, dof) == pytest.approx(expected, abs=1e-4)


def test_units_must_be_those_of_the_limit():
    with pytest.raises(TypeError, match="'s'"):
        decide(held(2.0), Bounds("voltage", "V", lower=1.0))
    with pytest.raises(TypeError, match="decides nothing"):
        decide(held(2.0), Bounds("nothing", "s"))


def test_a_quantity_and_a_limit_read_as_people_write_them():
    assert str(held(2 + 1 * MS / S)) == "hold = 2.001 s +- 0.0001 s (k = 2)"
    assert interval(Bounds("a", "s", 1.0, 2.5)) == "1 s ... 2.5 s"
    assert interval(Bounds("a", "m", upper=150)) == "at most 150 m"


def test_an_uncertain_edge_is_hand_computed_as_in_the_field_notes():
    from harness.judge.pulse import duration_budget

    rows = duration_budget(
        2.0, interval=10e-6, timebase_ppm=25, noise_fraction=0.01, threshold_fraction=0.03, transition=1e-3
    )
    hand = (10e-6 / sqrt(6), 2 * 25e-6 / sqrt(3), sqrt(2) * 0.01 * 1e-3, 2 * 0.03 * 1e-3 / sqrt(3))
    assert [row.u for row in rows] == pytest.approx(hand)
    quantity = Quantity.of("hold", 2.0, "s", rows)
    assert quantity.expanded == pytest.approx(2 * sqrt(sum(u * u for u in hand)))
    assert 0.09e-3 < quantity.expanded < 0.11e-3
    bounced = duration_budget(
        2.0, interval=10e-6, timebase_ppm=25, noise_fraction=0, threshold_fraction=0.03, transition=1e-3, bounce=5e-3
    )
    assert Quantity.of("hold", 2.0, "s", bounced).expanded == pytest.approx(2.9e-3, abs=0.05e-3)


def test_an_interval_between_two_clocks_carries_their_uncertainty():
    alone = Quantity.between("t", 1 * S, 3 * S, 1 * MS)
    apart = Quantity.between("t", 1 * S, 3 * S, 1 * MS, clocks=5 * MS)
    assert len(alone.budget) == 1
    assert apart.u == pytest.approx((alone.u**2 + 0.005**2) ** 0.5)
