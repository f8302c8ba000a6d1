"""After a fault, plugging in again is a new attempt (C-09)."""

import pytest

from fixtures import clauses
from harness.catalogue import limit
from harness.units import MS, S

pytestmark = [clauses("C-09"), pytest.mark.usefixtures("contract")]

ATTEMPTS = 16
"""Values of `OBC_Charging.Attempt`."""
FAULTS = {
    "a station that falls silent": ({"silent_at": "Authorization"}, {}, "NO_ANSWER"),
    "a station that is not trusted": ({"certificate": "expired"}, {}, "STATION_CERTIFICATE_EXPIRED"),
    "a contract signed wrong": ({}, {"spoil": "signature"}, "SIGNATURE_WRONG"),
}
"""What was wrong with station and provider, and the reason that the car gives."""
MENDED = {"silent_at": None, "certificate": "ok"}, {"spoil": None}


@pytest.fixture
def fails(station, provider):
    """Let something be wrong, plug in, and see Plug & Charge fail."""

    def fail(name):
        settings, behaviour, reason = FAULTS[name]
        if settings:
            station.behaves(**settings)
        if behaviour:
            provider.behaves(**behaviour)
        station.plugs_in()
        station.expects_fall_back(reason)

    return fail


def again(station, apart):
    """Take the cable out and put it back."""
    unplugged = station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), unplugged)
    station.clock.sleep(apart)
    return station.plugs_in()


@pytest.mark.parametrize("fault", FAULTS)
def test_once_the_fault_is_gone_plugging_in_again_charges(fault, fails, station, provider, car):
    """No trace of the fault is left: one attempt more, no reason, current by contract."""
    fails(fault)
    attempt = car.state("OBC_Charging.Attempt")
    settings, behaviour = MENDED
    station.behaves(**settings)
    provider.behaves(**behaviour)
    again(station, apart=1 * S)
    station.expects_charging("contract")
    assert car.state("OBC_Charging.Attempt") == (attempt + 1) % ATTEMPTS
    assert car.state("OBC_Charging.Reason") == "NONE"


@pytest.mark.parametrize("apart", [300 * MS, 10 * S])
def test_a_fault_that_stays_is_found_again_and_told_again(apart, fails, station, car):
    """Every plug is a whole attempt: the station is asked anew, and the reason is of this attempt."""
    fails("a station that is not trusted")
    plugged = again(station, apart)
    station.expects_fall_back("STATION_CERTIFICATE_EXPIRED")
    reasons = [change.value for change in car.timeline.signal("OBC_Charging.Reason", plugged)]
    assert reasons[-2:] == ["NONE", "STATION_CERTIFICATE_EXPIRED"]
    assert "TLS" in station.sequence()


@pytest.mark.parametrize("state", ["INSTALLING", "AUTHORISING"])
def test_a_cable_taken_out_too_early_is_no_harm(state, station, provider):
    """What was interrupted begins anew."""
    provider.behaves(delay=3 * S)
    station.plugs_in()
    station.expects(state, limit("charge_by_contract"))
    again(station, apart=1 * S)
    station.expects_charging("contract")
