"""Vehicle modem Internet: Connect uses it, and it takes no other connection's place unasked (B-20, B-21)."""

import pytest

from fixtures import clauses
from harness.units import MIN, S


@clauses("B-20")
def test_connect_is_there_while_the_modem_s_internet_is(connectivity):
    """The modem has an address of its own, the display says that it is in use, and Connect is on."""
    connectivity.expects_up(since=0)
    assert connectivity.used() == "MODEM"
    connectivity.expects_connect("ON", since=0)
    down = connectivity.switches(False)
    connectivity.expects_connect("OFF", since=down)
    assert connectivity.used() == "NONE"
    up = connectivity.switches(True)
    connectivity.expects_connect("ON", since=up)


@clauses("B-20")
def test_a_command_of_the_app_reaches_the_car_by_the_modem_alone(connectivity, phone):
    """Also while a phone in the car lends its Internet: without the modem's no service gets through."""
    connectivity.switches(False)
    connectivity.phone_lends(True)
    phone.is_refused("modem Internet is off")
    connectivity.phone_lends(False)
    connectivity.switches(True)
    phone.is_served()


@clauses("B-20")
def test_a_connection_that_was_cut_comes_back_by_itself(connectivity, limit):
    """Taken down at the modem's port: Connect says so, and is back a pause later."""
    connectivity.expects_up(since=0)
    cut = connectivity.cut()
    connectivity.expects_connect("NO_COVERAGE", since=cut)
    connectivity.bench.networks["body"].expect("TCU_Services.Connect", "ON", limit("reconnect"))
    assert connectivity.is_up()
    assert connectivity.address()


@clauses("B-20")
def test_connect_is_back_after_a_tunnel(connectivity, surroundings, limit):
    """No coverage, no Internet; with coverage both return."""
    start = connectivity.now()
    surroundings.coverage("none")
    connectivity.bench.networks["body"].expect("TCU_Services.Connect", "NO_COVERAGE", limit("reconnect"), start)
    connectivity.clock.sleep(20 * S)
    assert not connectivity.is_up()
    back = connectivity.now()
    surroundings.coverage("full")
    within = limit("attach_from_cell") + limit("reconnect")
    connectivity.bench.networks["body"].expect("TCU_Services.Connect", "ON", within, back)
    connectivity.expects_up(since=back)


@clauses("B-21")
def test_the_switch_takes_the_connection_down_and_keeps_it_down(connectivity):
    """No address at the modem's port for a minute, and the car stays registered: calls need no Internet."""
    down = connectivity.switches(False)
    connectivity.clock.sleep(1 * MIN)
    assert not connectivity.is_up()
    assert connectivity.address() == ""
    assert connectivity.timeline.stays("TCU_Network.DataConnection", "OFF", since=connectivity.now() - 50 * S)
    assert connectivity.timeline.stays("TCU_Status.Ready", 1, since=down)
    up = connectivity.switches(True)
    assert connectivity.address()
    assert up > down


@clauses("B-21")
def test_without_another_connection_nobody_is_asked(connectivity):
    """One touch is enough, each way."""
    connectivity.touches_switch()
    assert not connectivity.is_asked()
    connectivity.expects_down()
    up = connectivity.touches_switch()
    assert not connectivity.is_asked()
    connectivity.expects_up(since=up)


@pytest.fixture
def is_asked(connectivity):
    """Modem Internet is off, a phone lends its own, the switch is touched, and the display asks; returns when."""

    def ask():
        connectivity.switches(False)
        connectivity.phone_lends(True)
        assert connectivity.used() == "PHONE"
        touched = connectivity.touches_switch()
        assert connectivity.is_asked(), "the display does not ask before it changes the connection"
        return touched

    return ask


@clauses("B-21")
def test_nothing_changes_before_the_change_is_confirmed(is_asked, connectivity):
    """Ten seconds before the question: no wish on CAN, no connection; confirmed, the modem takes over."""
    asked = is_asked()
    connectivity.clock.sleep(10 * S)
    assert not connectivity.timeline.was("IHU_Settings.ModemInternetRequest", "ON", since=asked)
    assert not connectivity.is_up()
    confirmed = connectivity.confirms()
    connectivity.expects_up(since=confirmed)
    assert connectivity.used() == "MODEM"


@clauses("B-21")
def test_cancelled_the_other_connection_stays(is_asked, connectivity):
    """Nothing was ever asked of the modem."""
    asked = is_asked()
    connectivity.cancels()
    connectivity.clock.sleep(10 * S)
    assert not connectivity.timeline.was("IHU_Settings.ModemInternetRequest", "ON", since=asked)
    assert not connectivity.is_up()
    assert connectivity.used() == "PHONE"


@clauses("B-21")
def test_a_question_left_unanswered_changes_nothing(is_asked, connectivity):
    """Another page is opened instead: the modem stays off, and the switch asks anew."""
    asked = is_asked()
    assert connectivity.used() == "PHONE"
    assert not connectivity.timeline.was("IHU_Settings.ModemInternetRequest", "ON", since=asked)
    connectivity.touches_switch()
    assert connectivity.is_asked()
    connectivity.cancels()


@clauses("B-21")
def test_the_choice_outlives_a_loss_of_supply(connectivity, workshop, car, limit):
    """Off stays off when the battery was away."""
    connectivity.switches(False)
    workshop.power_down()
    workshop.power_up()
    car.wait_ready()
    back = car.now()
    car.clock.sleep(limit("reconnect"))
    assert not connectivity.is_up()
    assert connectivity.timeline.stays("TCU_Network.DataConnection", "OFF", since=back)
    connectivity.switches(True)
