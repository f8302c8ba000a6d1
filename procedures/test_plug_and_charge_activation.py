"""Plug & Charge is switched on, where it is supported, and led to a contract (C-01 ... C-05)."""

import pytest

from fixtures import clauses
from harness.actors.charging_settings import SWITCH
from harness.units import S


@clauses("C-01")
def test_the_switch_is_told_on_can_and_heard_by_the_charger(charging_settings, car, provider):
    """Off from the factory; on, off and on again, each time in CAN, in the charger and on the display."""
    assert car.state(SWITCH) == "OFF"
    for on in (True, False, True):
        charging_settings.switches(on)
        car.expects("OBC_Contract.InstallWanted", "YES" if on else "NO", within=2 * S)
    provider.expects_switched(True)


@clauses("C-01")
def test_the_switch_outlives_the_battery(charging_settings, car):
    """What was chosen is there again after the car had no power."""
    charging_settings.switches(True)
    car.power_off()
    car.clock.sleep(5 * S)
    off = car.power()
    car.expects(SWITCH, "ON", within=10 * S, since=off)
    car.expects("OBC_Contract.InstallWanted", "YES", within=10 * S, since=off)
    assert not car.timeline.was(SWITCH, "OFF", since=off)


@clauses("C-02")
@pytest.mark.parametrize(("country", "name"), [("GB", "United Kingdom"), ("AU", "Australia")])
def test_a_country_without_support_greys_the_switch_out(country, name, charging_settings, surroundings):
    """With the country's name as the reason; back home it can be switched again."""
    charging_settings.expects_offered()
    surroundings.country(country)
    charging_settings.expects_not_offered(f"not available in {name}")
    surroundings.country("SE")
    charging_settings.expects_offered()


@clauses("C-02")
def test_a_provider_without_it_greys_the_switch_out(charging_settings, provider):
    """And neither the app nor another provider leads to a contract."""
    provider.behaves(offered=False)
    charging_settings.expects_not_offered("your provider does not offer it")
    for company, phone in (("partner", 1), ("other", None)):
        provider.refuses("POST", "/provider/set-ups", {"company": company, "phone": phone})
    provider.behaves(offered=True)
    charging_settings.expects_offered()


@clauses("C-02")
@pytest.mark.parametrize("lacking", ["contract_payment", "digital"])
def test_a_station_without_support_greys_the_switch_out(lacking, charging_settings, station):
    """No payment by contract, or no digital communication: for as long as the car is plugged in there."""
    charging_settings.switches(True)
    station.behaves(**{lacking: False})
    station.plugs_in()
    charging_settings.expects_not_offered("this station does not support it")
    station.unplugs()
    charging_settings.expects_offered()


@clauses("C-02")
def test_what_was_told_last_holds_without_coverage(charging_settings, surroundings):
    """A car that nobody can reach goes on to grey out what was not supported, and hears of the change later."""
    surroundings.country("GB")
    charging_settings.expects_not_offered("not available in United Kingdom")
    surroundings.coverage("none")
    surroundings.country("SE")
    charging_settings.expects_not_offered("not available in United Kingdom")
    surroundings.coverage("full")
    assert charging_settings.until(lambda: charging_settings.bench.head_unit.is_enabled("plug_and_charge"), 120 * S)


@clauses("C-03")
def test_the_app_leads_only_once_it_is_switched_on(charging_settings, provider):
    """Before, it asks for the switch; after it was switched off again as well."""
    begin = {"company": "partner", "phone": 1}
    assert "switch Plug & Charge on" in provider.refuses("POST", "/provider/set-ups", begin)
    charging_settings.switches(True)
    provider.expects_switched(True)
    provider.leads()
    charging_settings.switches(False)
    provider.expects_switched(False)
    provider.refuses("POST", "/provider/set-ups", begin)


@clauses("C-03")
def test_no_step_can_be_skipped_and_none_leads_to_a_contract_but_the_last(charging_settings, provider):
    """Each step out of order is refused, wrong values as well, and no contract stands before the terms are accepted."""
    charging_settings.switches(True)
    provider.expects_switched(True)
    shown = provider.begins()
    for step in ("vehicle", "tariff", "payment", "terms"):
        assert shown["next"] == step
        for other in {"vehicle", "tariff", "payment", "terms", "plug_in"} - {step}:
            assert f"next step is {step}" in provider.does_not_take(shown, other)
        if step != "vehicle":
            provider.does_not_take(shown, step, "no")
        assert provider.contracts() == []
        shown = provider.takes(shown, step)
    assert [each["emaid"] for each in provider.contracts()] == [shown["contract"]["emaid"]]
    assert "next step is plug_in" in provider.does_not_take(shown, "terms")


@clauses("C-03")
def test_a_phone_that_is_not_linked_is_not_led(charging_settings, provider):
    """The guide is part of the app's services for the car."""
    charging_settings.switches(True)
    provider.expects_switched(True)
    for phone in (2, None):
        told = provider.refuses("POST", "/provider/set-ups", {"company": "partner", "phone": phone})
        assert "not linked" in told


@clauses("C-04")
def test_the_pcid_on_the_display_is_the_car_s_own(charging_settings, car):
    """The same on the display and over UDS, also after the car was without power; and it is not the VIN."""
    shown = charging_settings.reads_pcid()
    assert charging_settings.pcid_by_uds() == shown
    assert shown[:3] == car.identity()["charger"].vin[:3]
    assert shown != car.identity()["charger"].vin
    car.power_off()
    car.clock.sleep(5 * S)
    car.expects(SWITCH, "OFF", within=10 * S, since=car.power())
    assert charging_settings.reads_pcid() == shown


@clauses("C-04")
def test_another_provider_takes_the_car_s_pcid_and_no_other(charging_settings, provider):
    """A contract for this car with the right one; none with a wrong, a short or no PCID."""
    pcid = charging_settings.reads_pcid()
    form = provider.begins("other")
    for wrong in (pcid[:-1], pcid[:-1] + ("0" if pcid[-1] != "0" else "1"), pcid.lower(), ""):
        assert "no car has this PCID" in provider.does_not_take(form, "pcid", wrong)
    contract = provider.leads("other", pcid)
    assert (contract["company"], contract["pcid"]) == ("other", pcid)
    assert provider.leads("other", pcid)["emaid"] != contract["emaid"]


@clauses("C-05")
def test_help_is_one_touch_from_the_switch(charging_settings):
    """And names both ways to a contract, and where it is installed."""
    told = charging_settings.learns_more()
    for word in ("app", "PCID", "public station"):
        assert word in told
