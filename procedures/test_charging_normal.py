"""Where Plug & Charge fails, is not there or is switched off, the car charges after identification (C-12)."""

import pytest

from fixtures import clauses
from harness.catalogue import limit
from harness.errors import BenchError
from harness.units import S

pytestmark = clauses("C-12")

WAITING = "WAITING_FOR_IDENTIFICATION"


@pytest.mark.usefixtures("contract")
@pytest.mark.parametrize("means", ["card", "app"])
def test_after_plug_and_charge_failed_the_driver_identifies_himself(means, station, provider):
    """The station authorises whoever did, and bills no contract."""
    provider.behaves(spoil="other_car")
    station.plugs_in()
    station.expects_fall_back("KEY_WRONG")
    station.identifies(means)
    visit = station.expects_charging("external", limit("charge_by_customer"))
    assert (visit["means"], visit["emaid"]) == (means, None)
    station.unplugs()
    station.expects_bill("external")


@pytest.mark.usefixtures("contract")
def test_a_station_without_digital_communication_charges_by_its_duty(station, measure):
    """The pilot rests until somebody is identified; then its duty says how much current there is."""
    station.behaves(digital=False)
    station.plugs_in()
    station.expects_reason("NO_DIGITAL_COMMUNICATION")
    station.expects(WAITING, limit("fall_back"))
    resting = station.pilot()
    assert resting.duty is None
    measure(resting.high, "pilot_b", "before identification")
    station.expects_no_charging(2 * S)
    station.identifies("card")
    station.expects_charging("external", limit("charge_by_customer"))
    frequency, duty = station.oscillator()
    measure(frequency, "pilot_frequency")
    measure(duty, "pilot_basic")
    assert station.sequence() == []
    station.stops()
    station.clock.sleep(limit("charging_ends"))
    measure(station.pilot().high, "pilot_b", "after the stop button")


@pytest.mark.parametrize("digital", [True, False])
def test_switched_off_the_car_charges_as_any_other(digital, station):
    """No contract is asked for, and it is no failure."""
    station.behaves(digital=digital)
    plugged = station.plugs_in()
    station.expects_reason("SWITCHED_OFF")
    station.expects(WAITING, limit("fall_back"))
    station.identifies("card")
    station.expects_charging("external", limit("charge_by_customer"))
    assert "TLS" not in station.sequence()
    assert not station.timeline.was("OBC_Charging.State", "FAILED", since=plugged)


@pytest.mark.parametrize("digital", [True, False])
def test_nobody_identified_nobody_charges(digital, station):
    """The station waits for a customer as long as that takes, longer than for any message."""
    station.behaves(digital=digital)
    station.plugs_in()
    station.expects(WAITING, limit("fall_back"))
    station.expects_no_charging(limit("authorisation_ongoing") + 5 * S)
    assert station.visit()["authorised"] is None
    station.identifies("app")
    station.expects_charging("external", limit("charge_by_customer"))


def test_without_a_car_nobody_can_identify_himself(station):
    """And an identification is for one visit: the next car begins anew."""
    with pytest.raises(BenchError, match="409"):
        station.identifies("card")
    station.plugs_in()
    station.expects(WAITING, limit("fall_back"))
    station.identifies("card")
    station.expects_charging("external", limit("charge_by_customer"))
    unplugged = station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), unplugged)
    station.plugs_in()
    station.expects(WAITING, limit("fall_back"))
    station.expects_no_charging(5 * S)
