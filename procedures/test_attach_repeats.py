"""How long the modem takes to attach: many times from power-on and from the PIN, by modem and by network (B-24)."""

import pytest

from fixtures import clauses, procedure
from harness.judge import Sample, agree


@pytest.fixture
def judge_attaches(measure):
    """Mean, spread and largest attach time of both sources, held against a limit; and whether the sources agree."""

    def judge(attaches, limit):
        by_modem, by_network = [one.modem for one in attaches], [one.network for one in attaches]
        for source in (by_modem, by_network):
            sample = Sample.of(source[0].name, source)
            measure(sample.spread())
            measure(sample.best())
            measure(sample.worst(), limit)
            measure(sample.quantity(), limit)
        measure(agree("modem and network tester", by_modem, by_network).check().difference)
        for one in attaches:
            agree("modem and network tester", [one.modem], [one.network]).check()

    return judge


@pytest.mark.usefixtures("bare_bench")
@clauses("B-24")
def test_the_modem_attaches_in_time_whenever_the_car_is_powered(workshop, limit, judge_attaches):
    """Battery on, attach, battery off until the modem has gone too, and so on: none takes longer than it may."""
    attaches = [workshop.attach_after_power_on()]
    while len(attaches) < limit("attach_repeats"):
        workshop.power_down()
        attaches.append(workshop.attach_after_power_on())
    judge_attaches(attaches, "attach_from_power_on")


@clauses("B-24")
@procedure("modem-attach-pin")
def test_the_modem_attaches_in_time_whenever_the_pin_is_entered(workshop, limit, judge_attaches):
    """The SIM asks for its PIN, the right one is entered, and so on: none takes longer than it may."""
    attaches = [workshop.attach_after_pin() for _ in range(limit("attach_repeats"))]
    judge_attaches(attaches, "attach_from_pin")
