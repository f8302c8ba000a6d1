"""A bench with a past begins with Plug & Charge off and no contract, whatever the test before left (C-01, C-13)."""

from harness.actors.beginning import Beginning
from harness.actors.charging_settings import ERASE_PROVISIONING, SWITCH


def test_what_was_left_is_put_right(charging_settings, provider, station, car):
    """Switched on, a contract in the car, the provisioning certificate erased: all as from the factory again."""
    charging_settings.switches(True)
    provider.expects_switched(True)
    provider.leads()
    station.plugs_in()
    station.expects_charging("contract")
    station.unplugs()
    pcid = charging_settings.reads_pcid()
    charging_settings.workshop_does(ERASE_PROVISIONING)
    car.expects("OBC_Contract.Provisioned", "NO", within=2_000_000_000)
    Beginning(charging_settings.bench).charging_as_usual()
    charging_settings.expects_contract("NONE", since=car.now())
    assert car.state(SWITCH) == "OFF"
    assert charging_settings.pcid_by_uds() == pcid
    assert provider.state()["switched_on"] is False
