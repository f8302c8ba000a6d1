"""Where Plug & Charge does not work: is there a contract, is it in order, how to get one (C-10, C-11, C-13)."""

import pytest

from fixtures import clauses
from harness.actors.charging_settings import (
    CHECK_CONTRACT,
    ERASE_CONTRACT,
    ERASE_PROVISIONING,
    RAW,
    RESTORE_PROVISIONING,
)
from harness.can.uds import UdsError
from harness.units import MIN, S

LASTS = 1 * MIN
SECURITY_ACCESS_DENIED, NOT_IN_THIS_SESSION = 0x33, 0x31
"""Negative response codes (ISO 14229-1, annex A.1)."""


@clauses("C-10")
def test_the_settings_follow_the_contract(charging_settings, contract, station, car):
    """None, then installed, also after the battery was away, then removed: display, CAN and UDS say the same."""
    charging_settings.expects_contract("NONE")
    station.plugs_in()
    station.expects_charging("contract")
    station.unplugs()
    charging_settings.expects_contract("VALID", since=station.now())
    charging_settings.expects_listed(contract["emaid"])
    car.power_off()
    car.clock.sleep(5 * S)
    car.expects("IHU_Settings.PlugAndCharge", "ON", within=10 * S, since=car.power())
    charging_settings.expects_contract("VALID", since=car.now())
    charging_settings.expects_contract("NONE", since=charging_settings.removes())


@clauses("C-10")
def test_a_contract_that_is_over_is_shown_as_such(charging_settings, provider, station, car):
    """A certificate of a minute: installed, then expired on display, CAN and UDS, and not used any more."""
    provider.behaves(valid_for=LASTS)
    charging_settings.switches(True)
    provider.expects_switched(True)
    provider.leads()
    station.plugs_in()
    station.expects_charging("contract")
    charging_settings.expects_contract("VALID", since=car.now())
    car.clock.sleep(LASTS)
    charging_settings.expects_contract("EXPIRED", since=car.now())
    charging_settings.expects_use(False)
    car.expects("OBC_Contract.InstallWanted", "YES", within=2 * S, since=car.now())


@clauses("C-10")
def test_the_provider_says_whether_the_contract_is_in_order(provider, contract, station, limit):
    """Blocked for a bill that was not paid it is not, and nobody charges by it; paid, it is again."""
    emaid = contract["emaid"]
    provider.expects_state(emaid, "in order")
    provider.blocks(emaid)
    provider.expects_state(emaid, "blocked")
    station.plugs_in()
    station.expects_reason("CONTRACT_REFUSED")
    station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), since=station.now())
    provider.unblocks(emaid)
    provider.expects_state(emaid, "in order")
    station.plugs_in()
    station.expects_charging("contract")


@clauses("C-10")
def test_a_contract_that_nobody_knows_is_told_as_unknown(provider, contract):
    """One character of the eMAID wrong: no answer for another's contract."""
    wrong = contract["emaid"][:-2] + ("1" if contract["emaid"][-2] != "1" else "2") + contract["emaid"][-1]
    assert f"no contract {wrong}" in provider.refuses("GET", f"/provider/contracts/{wrong}")


@clauses("C-11")
def test_without_a_contract_the_activation_is_repeated_and_works(charging_settings, provider, station, limit):
    """Switched on, but never led to a contract: no charging by contract. Led there, the next plug charges."""
    charging_settings.switches(True)
    provider.expects_switched(True)
    station.plugs_in()
    station.expects_reason("INSTALLATION_REFUSED")
    station.expects_no_charging(1 * S)
    charging_settings.expects_contract("NONE", since=station.now())
    station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), since=station.now())
    charging_settings.goes_to_switch()
    contract = provider.leads()
    station.plugs_in()
    visit = station.expects_charging("contract")
    assert visit["emaid"] == contract["emaid"]
    charging_settings.expects_contract("VALID", since=station.now())


@clauses("C-11")
def test_a_set_up_that_was_left_half_way_is_begun_anew(charging_settings, provider, station):
    """The owner put the phone away after the tariff: no contract of it; the second way through gives one."""
    charging_settings.switches(True)
    provider.expects_switched(True)
    begun = provider.begins()
    for step in ("vehicle", "tariff"):
        begun = provider.takes(begun, step)
    assert provider.contracts() == []
    contract = provider.leads()
    assert [each["emaid"] for each in provider.contracts()] == [contract["emaid"]]
    station.plugs_in()
    assert station.expects_charging("contract")["emaid"] == contract["emaid"]


@clauses("C-13")
def test_what_a_workshop_erased_is_told_and_a_new_activation_mends_it(
    charging_settings, contract, provider, station, limit
):
    """Installed, erased over UDS: display, CAN and UDS say none; a new one comes at the next plug."""
    station.plugs_in()
    station.expects_charging("contract")
    station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), since=station.now())
    erased = charging_settings.workshop_erases_contract()
    charging_settings.expects_contract("NONE", since=erased)
    assert RAW[charging_settings.workshop_does(CHECK_CONTRACT)[0]] == "NONE"
    assert charging_settings.emaid_by_uds() == ""
    charging_settings.goes_to_switch()
    renewed = provider.leads()
    station.plugs_in()
    station.expects_charging("contract")
    charging_settings.expects_contract("VALID", since=station.now())
    charging_settings.expects_listed(renewed["emaid"])
    assert renewed["emaid"] != contract["emaid"]


@clauses("C-13")
def test_only_an_unlocked_workshop_erases(charging_settings, contract, station):
    """Without security access, and in the default session, the routine is refused and the contract stays."""
    station.plugs_in()
    station.expects_charging("contract")
    charger = charging_settings.charger
    with pytest.raises(UdsError) as outside:
        charger.routine(ERASE_CONTRACT)
    assert outside.value.code == NOT_IN_THIS_SESSION
    with charger.in_session("extended"), pytest.raises(UdsError) as locked:
        charger.routine(ERASE_CONTRACT)
    assert locked.value.code == SECURITY_ACCESS_DENIED
    charging_settings.expects_contract("VALID", since=station.now())
    charging_settings.expects_listed(contract["emaid"])


@clauses("C-13")
def test_a_provisioning_certificate_that_was_erased_comes_back_from_the_workshop_alone(
    charging_settings, station, car, limit
):
    """Without it the car has no PCID to show and asks for no contract; restored, it has the same one, and works."""
    pcid = charging_settings.reads_pcid()
    charging_settings.switches(True)
    charging_settings.workshop_does(ERASE_PROVISIONING)
    car.expects("OBC_Contract.Provisioned", "NO", within=limit("contract_shown"))
    car.expects("OBC_Contract.InstallWanted", "NO", within=limit("contract_shown"))
    assert charging_settings.pcid_by_uds() == ""
    station.plugs_in()
    station.expects_reason("NO_CONTRACT")
    charging_settings.workshop_does(RESTORE_PROVISIONING)
    car.expects("OBC_Contract.Provisioned", "YES", within=limit("contract_shown"), since=car.now())
    assert charging_settings.reads_pcid() == charging_settings.pcid_by_uds() == pcid
