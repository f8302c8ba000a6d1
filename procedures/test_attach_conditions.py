"""The modem attaches at any battery voltage, after a wrong PIN, and when a cell comes late (B-24)."""

import pytest

from fixtures import clauses, procedure
from harness.catalogue import load
from harness.judge import agree
from harness.units import MIN, S

pytestmark = clauses("B-24")


@pytest.fixture
def judge_attach(measure):
    """Both sources against a limit, and whether they agree."""

    def judge(attach, limit):
        measure(attach.modem, limit)
        measure(attach.network, limit)
        agree("modem and network tester", [attach.modem], [attach.network]).check()

    return judge


@pytest.mark.usefixtures("bare_bench")
@pytest.mark.parametrize("supply", ["battery_low", "battery_high"])
def test_the_modem_attaches_at_every_battery_voltage(workshop, judge_attach, supply):
    """Switched on at the lowest and at the highest voltage, it takes no longer than it may."""
    judge_attach(workshop.attach_after_power_on(load().limit(supply).number), "attach_from_power_on")


@pytest.mark.usefixtures("bare_bench")
def test_the_modem_finds_a_cell_that_comes_late(car, workshop, surroundings, judge_attach):
    """Powered without a cell, it says that it is looking; it attaches as soon as there is one."""
    surroundings.cell(False)
    workshop.power_up()
    car.expects("TCU_Status.Registration", "SEARCHING", within=load().limit("attach_from_power_on").number)
    car.clock.sleep(1 * MIN)
    assert car.timeline.was("TCU_Status.Registration", "SEARCHING")
    assert not car.timeline.was("TCU_Status.Ready", 1)
    assert car.bench.modem.registration() == "searching"
    surroundings.cell(True)
    judge_attach(workshop.watch_attach(workshop.now(), "attach from a cell"), "attach_from_cell")


@pytest.mark.parametrize("gap", [5 * S, 90 * S], ids=["a short gap", "a long gap"])
def test_the_modem_comes_back_when_the_cell_does(car, workshop, surroundings, judge_attach, gap):
    """The cell goes off the air while the modem is attached: the car says so, and attaches again with the cell."""
    since = car.now()
    surroundings.cell(False)
    car.clock.sleep(gap)
    assert car.timeline.was("TCU_Status.Ready", 0, since=since)
    surroundings.cell(True)
    judge_attach(workshop.watch_attach(workshop.now(), "attach from a cell"), "attach_from_cell")


@procedure("modem-attach-pin")
def test_a_wrong_pin_costs_a_try_and_no_time(workshop, limit, judge_attach):
    """Cold, with a SIM that asks for its PIN: the wrong one is refused, the right one attaches in time."""
    workshop.ask_for_pin()
    workshop.power_down()
    workshop.power_up()
    before = workshop.now()
    assert workshop.enter_wrong_pin() == limit("pin_tries") - 1
    workshop.stays_detached(10 * S, since=before)
    judge_attach(workshop.watch_attach(workshop.enter_pin(), "attach from PIN"), "attach_from_pin")


@procedure("modem-attach-pin")
def test_nothing_attaches_before_the_pin(workshop):
    """While the SIM waits for its PIN, neither modem nor network knows of an attach."""
    workshop.ask_for_pin()
    asked = workshop.now()
    workshop.stays_detached(1 * MIN)
    assert workshop.timeline.stays("TCU_Status.Registration", "SIM_LOCKED", since=asked)
