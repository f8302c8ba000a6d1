"""Current flows once charging is authorised, and not a moment earlier (C-08)."""

import pytest

from fixtures import clauses
from harness.catalogue import limit
from harness.units import MS, S

pytestmark = clauses("C-08")

TOLD_LATE = 100 * MS
"""A step that follows another at once is told on CAN up to so much later (bench default)."""
SLOW = 4 * S
"""A backend that leaves time to look at the pilot, within every timer."""


@pytest.fixture
def installed(station, contract):
    """The contract is in the car, the cable out again."""
    station.plugs_in()
    station.expects_charging("contract")
    unplugged = station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), unplugged)
    return contract


@pytest.mark.usefixtures("contract")
@pytest.mark.parametrize("supply", ["AC", "DC"])
def test_no_current_is_asked_for_before_the_provider_has_agreed(supply, station, provider, measure):
    """The pilot goes from 12 to 9 V at the plug, and to 6 V only once charging is paid for."""
    station.behaves(supply=supply)
    provider.behaves(delay=SLOW)
    measure(station.pilot().high, "pilot_a", "before the plug")
    station.plugs_in()
    station.expects("AUTHORISING", limit("charge_by_contract"))
    seen = station.pilot()
    measure(seen.high, "pilot_b", "while it is authorised")
    measure(seen.low, "pilot_low")
    station.expects_no_charging(SLOW // 2)
    station.expects_charging("contract")
    measure(station.pilot().high, "pilot_c", "while it charges")


@pytest.mark.parametrize("refusal", ["blocks", "ends"])
def test_a_contract_that_is_refused_gets_no_current(refusal, installed, station, provider):
    """The certificate in the car is as good as ever; the provider alone knows that it must not be used."""
    getattr(provider, refusal)(installed["emaid"])
    station.behaves(install_service=False)
    plugged = station.plugs_in()
    station.expects_fall_back("CONTRACT_REFUSED")
    station.expects_no_charging(20 * S)
    assert station.events("authorised", plugged) == []


@pytest.mark.usefixtures("installed")
def test_a_backend_that_answers_after_59_s_is_waited_for(station, provider):
    """One second less than the car's patience."""
    provider.behaves(delay=limit("authorisation_ongoing") - 1 * S)
    station.plugs_in()
    station.expects("AUTHORISING", limit("communication_setup"))
    station.expects_no_charging(limit("authorisation_ongoing") - 5 * S)
    station.expects_charging("contract")


@pytest.mark.usefixtures("installed")
def test_a_backend_that_answers_after_61_s_comes_too_late(station, provider, car):
    """One second more: the car gives up, and the late answer starts nothing."""
    provider.behaves(delay=limit("authorisation_ongoing") + 1 * S)
    plugged = station.plugs_in()
    begun = car.expects("OBC_Charging.Step", "AUTHORIZATION", limit("communication_setup"), plugged)
    patience = limit("authorisation_ongoing")
    gave_up = station.expects_reason("AUTHORISATION_TIMEOUT", within=patience + limit("message_margin"))
    assert patience - TOLD_LATE <= gave_up - begun <= patience + limit("message_margin")
    station.expects_no_charging(20 * S)


@pytest.mark.usefixtures("contract")
def test_the_stop_button_ends_the_current(station, car, measure):
    """The session ends in order, the pilot goes back to 9 V, and the meter stands."""
    station.plugs_in()
    station.expects_charging("contract")
    stopped = station.stops()
    station.expects("FINISHED", limit("charging_ends"), stopped)
    car.expects("OBC_Charging.Contactor", "OPEN", limit("charging_told"), stopped)
    car.expects("BMS_Charging.State", "COMPLETE", limit("charging_told"), stopped)
    assert station.sequence()[-2:] == ["PowerDelivery", "SessionStop"]
    measure(station.pilot().high, "pilot_b", "after it charged")
    energy = station.visit()["energy_wh"]
    car.clock.sleep(5 * S)
    assert station.visit()["energy_wh"] == energy


@pytest.mark.usefixtures("contract")
@pytest.mark.parametrize("state", ["INSTALLING", "AUTHORISING", "CHARGING"])
def test_unplugged_in_the_middle_nothing_flows_any_more(state, station, car, provider, measure):
    """The station opens its contactor and is free; half a contract is none."""
    provider.behaves(delay=SLOW)
    station.plugs_in()
    station.expects(state, limit("charge_by_contract"))
    unplugged = station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), unplugged)
    car.clock.sleep(2 * SLOW)
    measure(station.pilot().high, "pilot_a", "with the cable out")
    later = unplugged + limit("plug_seen")
    assert not car.timeline.was("OBC_Charging.Contactor", "CLOSED", since=later)
    assert not car.timeline.was("OBC_Charging.State", "CHARGING", since=later)
    assert station.events("contactor", later) == []
    if state == "INSTALLING":
        assert car.state("OBC_Contract.State") == "NONE"
