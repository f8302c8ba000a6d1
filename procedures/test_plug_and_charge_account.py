"""The contract in the charging account: blocked, removed, changed, ended (C-14 ... C-17)."""

import pytest

from fixtures import clauses
from harness.errors import ExpectationError
from harness.units import S


@pytest.fixture
def installed(contract, station, limit):
    """A contract in the car, which has charged by it once and is unplugged."""
    station.plugs_in()
    station.expects_charging("contract")
    station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), since=station.now())
    return contract


@clauses("C-14")
def test_switched_off_the_contract_is_listed_and_not_used(installed, charging_settings, provider, station, limit):
    """In the account either way; off, nobody charges by it, although it is in order; on again, it charges."""
    charging_settings.expects_listed(installed["emaid"])
    charging_settings.expects_use(True)
    charging_settings.switches(False)
    charging_settings.expects_use(False)
    charging_settings.expects_listed(installed["emaid"])
    charging_settings.expects_contract("VALID", since=station.now())
    provider.expects_state(installed["emaid"], "in order")
    station.plugs_in()
    station.expects_reason("SWITCHED_OFF")
    station.expects_no_charging(20 * S)
    assert station.visit()["emaid"] is None
    station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), since=station.now())
    charging_settings.switches(True)
    charging_settings.expects_use(True)
    station.plugs_in()
    assert station.expects_charging("contract")["emaid"] == installed["emaid"]


@clauses("C-14")
def test_the_block_outlives_the_battery(installed, charging_settings, car, station):
    """Off stays off while the car boots: not even for a moment does CAN say that the contract may be used."""
    charging_settings.switches(False)
    charging_settings.expects_use(False)
    car.power_off()
    car.clock.sleep(5 * S)
    on = car.power()
    car.expects("IHU_Settings.PlugAndCharge", "OFF", within=10 * S, since=on)
    charging_settings.expects_listed(installed["emaid"])
    station.plugs_in()
    station.expects_no_charging(15 * S)
    assert not car.timeline.was("OBC_Contract.UseAllowed", "YES", since=on)


@clauses("C-15")
def test_the_bin_removes_the_certificate_and_its_key(installed, charging_settings, provider, station, limit):
    """Gone from account, CAN and UDS for good; no charging by it; a new one comes with a new activation."""
    removed = charging_settings.removes()
    charging_settings.expects_contract("NONE", since=removed)
    gone = station.now()
    station.clock.sleep(20 * S)
    assert not station.timeline.was("OBC_Contract.State", "VALID", since=gone)
    assert charging_settings.emaid_by_uds() == ""
    provider.ends(installed["emaid"])  # else the next plug would install the same contract again
    station.plugs_in()
    station.expects_reason("INSTALLATION_REFUSED")
    station.expects_no_charging(1 * S)
    station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), since=station.now())
    renewed = provider.leads()
    charging_settings.adds()
    station.plugs_in()
    assert station.expects_charging("contract")["emaid"] == renewed["emaid"]
    charging_settings.expects_listed(renewed["emaid"])


@clauses("C-15")
def test_adding_a_contract_needs_the_switch(installed, charging_settings, car, station, limit):
    """Off, the account lets none be added, and a station installs none; on, it does."""
    charging_settings.removes()
    charging_settings.switches(False)
    assert not charging_settings.can_add()
    with pytest.raises(ExpectationError, match="switch Plug & Charge on first"):
        charging_settings.adds()
    station.plugs_in()
    station.expects_reason("SWITCHED_OFF")
    charging_settings.expects_contract("NONE", since=station.now())
    station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), since=station.now())
    charging_settings.switches(True)
    charging_settings.adds()
    car.expects("OBC_Contract.InstallWanted", "YES", within=limit("contract_shown"))
    station.plugs_in()
    assert station.expects_charging("contract")["emaid"] == installed["emaid"]


@clauses("C-15")
@pytest.mark.usefixtures("installed")
def test_a_touch_of_the_bin_counts_once(charging_settings, car, station, limit):
    """Removed and installed again, the contract is still there after the car was without power."""
    charging_settings.expects_contract("NONE", since=charging_settings.removes())
    charging_settings.adds()
    station.plugs_in()
    station.expects_charging("contract")
    station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), since=station.now())
    car.power_off()
    car.clock.sleep(5 * S)
    car.expects("IHU_Settings.PlugAndCharge", "ON", within=10 * S, since=car.power())
    car.clock.sleep(2 * S)
    charging_settings.expects_contract("VALID", since=car.now())


@clauses("C-16")
@pytest.mark.parametrize("company", ["partner", "other"])
def test_the_newest_contract_takes_the_old_one_s_place(company, installed, charging_settings, provider, station):
    """Another contract, of either provider: the next plug installs it, and charges by it; only one is kept."""
    provider.clock.sleep(2 * S)
    pcid = charging_settings.reads_pcid()
    newest = provider.leads(company, pcid)
    charging_settings.adds()
    station.plugs_in()
    visit = station.expects_charging("contract")
    assert visit["emaid"] == newest["emaid"] != installed["emaid"]
    charging_settings.expects_listed(newest["emaid"])
    provider.expects_state(installed["emaid"], "in order")


@clauses("C-16")
def test_of_two_contracts_the_one_that_was_opened_last_is_installed(charging_settings, provider, station):
    """Opened before the first plug, whoever it is with: the newer one comes, in whichever order they were asked for."""
    charging_settings.switches(True)
    provider.expects_switched(True)
    pcid = charging_settings.reads_pcid()
    older = provider.leads("other", pcid)
    provider.clock.sleep(2 * S)
    newer = provider.leads("partner")
    station.plugs_in()
    assert station.expects_charging("contract")["emaid"] == newer["emaid"]
    charging_settings.expects_listed(newer["emaid"])
    assert older["emaid"] != newer["emaid"]


@clauses("C-16")
def test_an_older_contract_never_takes_a_newer_one_s_place(installed, charging_settings, provider, station, limit):
    """The newer one is ended: what the provider then has is older; the car keeps what is newest."""
    provider.clock.sleep(2 * S)
    newest = provider.leads()
    charging_settings.adds()
    station.plugs_in()
    station.expects_charging("contract")
    station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), since=station.now())
    provider.ends(newest["emaid"])
    charging_settings.adds()
    station.plugs_in()
    station.expects_reason("CONTRACT_REFUSED")
    charging_settings.expects_listed(newest["emaid"])
    provider.expects_state(installed["emaid"], "in order")


@clauses("C-17")
def test_deleting_in_the_car_does_not_end_the_contract(installed, charging_settings, provider, station):
    """Removed, it is in order with the provider for as long as one cares to wait; the next plug installs it again."""
    removed = charging_settings.removes()
    charging_settings.expects_contract("NONE", since=removed)
    provider.clock.sleep(60 * S)
    provider.expects_state(installed["emaid"], "in order")
    station.plugs_in()
    assert station.expects_charging("contract")["emaid"] == installed["emaid"]


@clauses("C-17")
def test_only_the_provider_ends_it_and_then_for_good(installed, charging_settings, provider, station):
    """Ended there, the certificate still stands in the car, and nobody charges by it; ending twice is refused."""
    provider.ends(installed["emaid"])
    provider.expects_state(installed["emaid"], "ended")
    charging_settings.expects_listed(installed["emaid"])
    station.plugs_in()
    station.expects_reason("CONTRACT_REFUSED")
    station.expects_no_charging(5 * S)
    assert "has ended already" in provider.ends_no_more(installed["emaid"])


@clauses("C-17")
def test_a_workshop_and_a_switch_do_not_end_it_either(installed, charging_settings, provider):
    """Erased over UDS, switched off: the provider's answer is the same."""
    charging_settings.workshop_erases_contract()
    charging_settings.switches(False)
    provider.expects_switched(False)
    provider.expects_state(installed["emaid"], "in order")
    assert [each["emaid"] for each in provider.contracts()] == [installed["emaid"]]
