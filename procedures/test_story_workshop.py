"""A workshop visit replaced a key and erased the contract: what works, what mends the rest (A-06, C-11 ... C-13)."""

import pytest

from fixtures import clauses, procedure
from harness.actors import Ignition
from harness.actors.owner import OWNER_ID
from harness.units import S

pytestmark = [clauses("A-06", "C-11", "C-12", "C-13"), procedure("story-workshop")]

EVERY_KEY = "every key of the car must be inside"
DISCONNECTED = 20 * S
"""The workshop had the battery off for so long: longer than any unit lingers."""


@pytest.fixture
def after_workshop(contract, station, charging_settings, workshop, car, limit):
    """It has charged by contract; then key 2 was blocked, key 3 taught, the contract erased, the battery off."""
    station.plugs_in()
    station.expects_charging("contract")
    station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), since=station.now())
    workshop.blocks_key(2)
    workshop.registers_key(3)
    charging_settings.workshop_erases_contract()
    car.power_off()
    car.clock.sleep(DISCONNECTED)
    car.power()
    car.wait_ready()
    return contract


def test_the_car_charges_as_any_other_until_the_activation_is_repeated(
    after_workshop, charging_settings, provider, station, limit
):
    """On the way home the driver needs a card; the provider kept its contract; at home a new one is set up."""
    charging_settings.expects_contract("NONE")
    provider.expects_state(after_workshop["emaid"], "in order")
    station.behaves(install_service=False)
    station.plugs_in()
    station.expects_fall_back("NO_CONTRACT")
    station.identifies("card")
    visit = station.expects_charging("external", limit("charge_by_customer"))
    assert visit["emaid"] is None
    station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), since=station.now())
    station.behaves(install_service=True)
    charging_settings.goes_to_switch()
    renewed = provider.leads()
    station.plugs_in()
    assert station.expects_charging("contract")["emaid"] == renewed["emaid"]
    charging_settings.expects_listed(renewed["emaid"])


@pytest.mark.usefixtures("after_workshop")
def test_the_new_set_of_keys_opens_starts_and_links_and_the_lost_one_does_not(
    linking, phone, keys, doors, driver, workshop
):
    """Blocked it stays, also without the battery: for the lock, for the engine, and for an administrator."""
    assert workshop.key_register().counting == {1, 3}
    keys.near(1)
    doors.expects_locked("KEY", since=keys.locks(1))
    keys.away(1)
    keys.near(2)
    pressed = keys.unlocks(2)
    assert not doors.tries_to_open()
    doors.expects_nothing_opens(duration=2 * S, since=pressed)
    keys.away(2)
    keys.near(3)
    doors.expects_unlocked("KEY", since=keys.unlocks(3))
    keys.inside(2)
    assert not driver.tries_to_start()
    driver.ignition(Ignition.OFF)
    keys.inside(3)
    assert driver.tries_to_start()
    driver.ignition(Ignition.OFF)
    phone.is_served()
    phone.deletes_link()
    linking.expects_users(0)
    linking.prepares(phone, OWNER_ID)
    linking.is_refused(EVERY_KEY)
    keys.away(2)
    keys.inside(1)
    linking.follows(phone, linking.begins())
    assert linking.expects_linked(phone)["administrator"]
