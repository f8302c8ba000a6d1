"""How far the installation has come is seen on the driver display and at the charge socket (C-07)."""

import pytest

from fixtures import clauses
from harness.actors import Ignition
from harness.catalogue import limit
from harness.units import S

pytestmark = [clauses("C-07"), pytest.mark.usefixtures("contract")]

TEXT = "DIM_Message.Text"
SLOW = 3 * S
"""A backend that is slow enough to look at the lamp meanwhile, and quick enough for every timer."""


def texts(car, since):
    """What the driver display said, one after the other."""
    return [change.value for change in car.timeline.signal(TEXT, since)]


def test_display_and_lamp_follow_every_step(station, car, provider):
    """Connecting white, installing blue, authorising yellow, charging green; the display says the same in words."""
    provider.behaves(delay=SLOW)
    plugged = station.plugs_in()
    installing = station.expects("INSTALLING", limit("communication_setup"))
    station.expects_lamp("BLUE")
    assert car.expects(TEXT, "INSTALLING_CONTRACT_CERTIFICATE", limit("charging_told"), plugged) >= installing
    station.expects("AUTHORISING", SLOW + limit("charging_told"))
    station.expects_lamp("YELLOW")
    station.expects("CHARGING", 2 * SLOW)
    station.expects_lamp("GREEN")
    car.expects(TEXT, "CHARGING", limit("charging_told"), plugged)
    assert [text for text in texts(car, plugged) if text not in ("NONE", "CHARGE_CABLE_CONNECTED")] == [
        "PLUG_AND_CHARGE_CONNECTING",
        "INSTALLING_CONTRACT_CERTIFICATE",
        "AUTHORISING",
        "CHARGING",
    ]


def test_the_lamp_is_white_while_car_and_station_find_each_other(station):
    """A station that does not answer is looked for; meanwhile the lamp says that the plug was seen."""
    station.behaves(silent_at="SupplyEquipmentDiscovery")
    station.plugs_in()
    station.expects("CONNECTING", limit("plug_seen"))
    station.expects_lamp("WHITE")


@pytest.mark.parametrize("mode", [Ignition.OFF, Ignition.II])
def test_the_display_is_awake_while_it_is_plugged_in(mode, station, car, driver):
    """Also in a parked car; without the cable it sleeps again where the ignition lets it."""
    driver.ignition(mode)
    car.clock.sleep(2 * S)
    plugged = station.plugs_in()
    car.expects(TEXT, "CHARGE_CABLE_CONNECTED", limit("charging_told"), plugged)
    station.expects_charging("contract")
    unplugged = station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), unplugged)
    station.expects_lamp("OFF")
    car.clock.sleep(limit("charging_told"))
    later = car.now()
    car.clock.sleep(2 * S)
    if mode is Ignition.OFF:
        assert not car.timeline.signal(TEXT, later)
    else:
        assert car.timeline.stays(TEXT, "NONE", later)


def test_a_failure_is_shown_before_normal_charging_is_offered(station, car, provider):
    """Red, with words; then yellow, and who is to do what."""
    provider.behaves(spoil="signature")
    plugged = station.plugs_in()
    station.expects("FAILED", limit("charge_by_contract"))
    station.expects_lamp("RED")
    car.expects(TEXT, "PLUG_AND_CHARGE_FAILED", limit("charging_told"), plugged)
    station.expects("WAITING_FOR_IDENTIFICATION", limit("fall_back"))
    station.expects_lamp("YELLOW")
    car.expects(TEXT, "IDENTIFY_AT_THE_STATION", limit("charging_told"), plugged)
