"""At a public station the contract comes through the cable, and pays with no card and no app (C-06)."""

import pytest

from fixtures import clauses
from harness.catalogue import limit
from harness.judge import Quantity
from harness.units import MS, S

pytestmark = clauses("C-06")

TOLD_LATE = 100 * MS
"""A step that follows another at once is told on CAN up to so much later (bench default)."""
SET_UP = ["SupplyEquipmentDiscovery", "TLS", "SupportedAppProtocol", "SessionSetup", "ServiceDiscovery"]
INSTALLATION = ["ServiceDetail", "PaymentServiceSelection", "CertificateInstallation"]
AUTHORISATION = ["PaymentDetails", "Authorization", "ChargeParameterDiscovery"]
"""Requests of ISO 15118-2, in their order."""


def test_the_contract_is_installed_through_the_cable_and_pays(station, car, contract, measure):
    """One plug: digital communication by the duty of the pilot, the contract in the car, charging, and its bill."""
    plugged = station.plugs_in()
    station.expects("CONNECTING", limit("plug_seen"))
    frequency, duty = station.oscillator()
    measure(frequency, "pilot_frequency")
    measure(duty, "pilot_digital")
    visit = station.expects_charging("contract")
    assert station.sequence() == [*SET_UP, *INSTALLATION, *AUTHORISATION, "PowerDelivery"]
    assert (visit["emaid"], visit["means"]) == (contract["emaid"], "contract")
    assert station.events("identified", plugged) == []
    car.expects("OBC_Contract.State", "VALID", within=2 * S)
    begun = car.timeline.first("OBC_Charging.State", "CHARGING", plugged)
    measure(Quantity.between("from the plug to current", plugged, begun, 50 * MS), "charge_by_contract")
    station.unplugs()
    station.expects_bill("contract", contract["emaid"])


@pytest.mark.usefixtures("contract")
def test_a_contract_that_is_there_is_not_installed_again(station):
    """The second visit goes straight on to the payment."""
    station.plugs_in()
    station.expects_charging("contract")
    station.unplugs()
    station.expects("UNPLUGGED", limit("plug_seen"), since=station.now())
    station.plugs_in()
    station.expects_charging("contract")
    assert station.sequence() == [*SET_UP, "PaymentServiceSelection", *AUTHORISATION, "PowerDelivery"]


@pytest.mark.usefixtures("contract")
def test_direct_current_is_charged_the_same_way(station):
    """With isolation check and voltage adjustment before any current."""
    station.behaves(supply="DC")
    station.plugs_in()
    station.expects_charging("contract")
    assert station.sequence()[-3:] == ["CableCheck", "PreCharge", "PowerDelivery"]


@pytest.mark.usefixtures("contract")
@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ("signature", "SIGNATURE_WRONG"),
        ("other_car", "KEY_WRONG"),
        ("expired", "CONTRACT_EXPIRED"),
        ("foreign_root", "CONTRACT_REFUSED"),
        ("chain", "CONTRACT_REFUSED"),
    ],
)
def test_an_answer_that_cannot_be_trusted_installs_nothing(spoil, reason, station, car, provider):
    """The car says what is wrong, stays without a contract, and offers normal charging."""
    provider.behaves(spoil=spoil)
    plugged = station.plugs_in()
    station.expects_fall_back(reason)
    assert car.timeline.stays("OBC_Contract.State", "NONE", since=plugged)
    assert "PaymentDetails" not in station.sequence()


@pytest.mark.usefixtures("contract")
@pytest.mark.parametrize(
    ("certificate", "reason"), [("expired", "STATION_CERTIFICATE_EXPIRED"), ("foreign_root", "STATION_NOT_TRUSTED")]
)
def test_a_station_that_cannot_be_trusted_is_told_nothing_of_the_contract(certificate, reason, station):
    """The car goes no further than to the station's certificate; what follows is normal charging without TLS."""
    station.behaves(certificate=certificate)
    station.plugs_in()
    station.expects_fall_back(reason)
    told = station.sequence()
    assert told[:2] == SET_UP[:2]
    assert not {"CertificateInstallation", "PaymentDetails"} & set(told)
    assert told.count("TLS") == 1


@pytest.mark.usefixtures("contract")
@pytest.mark.parametrize(
    ("settings", "reason"), [({"install_service": False}, "NO_CONTRACT"), ({"contract_payment": False}, "NOT_OFFERED")]
)
def test_a_station_without_the_service_is_named_as_the_reason(settings, reason, station):
    """Nothing to install with, or no payment by contract at all."""
    station.behaves(**settings)
    station.plugs_in()
    station.expects_fall_back(reason)
    assert "CertificateInstallation" not in station.sequence()


@pytest.mark.usefixtures("contract")
@pytest.mark.parametrize(
    ("request_name", "step", "timer"),
    [
        ("SessionSetup", "SESSION_SETUP", "message_timeout"),
        ("CertificateInstallation", "CERTIFICATE_INSTALLATION", "slow_message_timeout"),
    ],
)
def test_a_station_that_falls_silent_is_given_up_in_time(request_name, step, timer, station, car):
    """Not before the timer of ISO 15118-2 has run down, and not much later."""
    station.behaves(silent_at=request_name)
    plugged = station.plugs_in()
    asked = car.expects("OBC_Charging.Step", step, limit("charge_by_contract"), plugged)
    gave_up = station.expects_reason("NO_ANSWER")
    assert limit(timer) - TOLD_LATE <= gave_up - asked <= limit(timer) + limit("message_margin")
    station.expects_no_charging(5 * S)
