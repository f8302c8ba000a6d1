"""Calls on the AT port: dialled, failed, refused, answered, and those that the telematics unit makes."""

import pytest

from harness.units import MIN, MS, S
from tests.telematics.car import IMSI, Car


@pytest.fixture
def car():
    return Car()


def test_a_call_passes_through_dialling_alerting_and_active(car):
    car.at("ATE0^DSCI=1")
    assert car.at("ATD+9994655501;") == ["^DSCI: 1,0,2,0,+9994655501,145", "OK"]
    assert car.at("AT+CLCC")[0] == '+CLCC: 1,0,2,0,0,"+9994655501",145'
    car.port.inbox.clear()
    car.connected()
    car.run(10 * MS)
    assert car.told() == ["^DSCI: 1,0,3,0,+9994655501,145", "^DSCI: 1,0,0,0,+9994655501,145"]
    assert car.network.state(IMSI) == "CEST"
    car.port.inbox.clear()
    car.connected().hang_up("remote")
    car.run(10 * MS)
    assert car.told() == ["^DSCI: 1,0,6,0,+9994655501,145", "NO CARRIER"]
    car.run(11 * S)
    assert car.network.state(IMSI) == "ATT"


@pytest.mark.parametrize(("mode", "result"), [("busy", "BUSY"), ("unreachable", "NO CARRIER"), ("rings", "NO ANSWER")])
def test_a_call_that_fails_says_why(car, mode, result):
    car.behave(car.assistance, mode=mode)
    car.at("ATD+9994655501;")
    car.until(lambda: result in car.told(), 2 * MIN)


def test_calls_are_refused_by_what_stands_against_them(car):
    car.at("ATE0+CMEE=1")
    assert car.at("ATDxyz;") == ["+CME ERROR: 50"]
    assert car.at("ATD112") == ["NO CARRIER"]
    assert car.at("ATA") == ["NO CARRIER"]
    assert car.at("ATD112;") == ["OK"]
    assert car.at("ATD112;") == ["+CME ERROR: 3"]
    assert car.at("AT+CHUP") == ["OK"]
    car.network.change(coverage="none")
    assert car.at("ATD112;") == ["+CME ERROR: 30"]


def test_an_emergency_call_of_the_car_has_its_category_and_is_told(car):
    car.at("ATE0")
    assert car.at("AT+CECALL=3") == ["OK"]
    assert car.at("AT+CECALL?") == ["+CECALL: 3", "OK"]
    assert car.modem.leg.ecall == 64
    car.at("ATH")
    assert car.at("AT+CECALL?") == ["OK"]


def test_an_incoming_call_rings_with_its_number_until_it_is_taken(car):
    car.at("ATE0+CLIP=1")
    car.port.inbox.clear()
    back = car.network.ring(IMSI, "+9994655501")
    car.run(13 * S)
    assert car.told() == ["RING", '+CLIP: "+9994655501",145'] * 3
    assert car.at("AT+CPAS;+CLCC")[:2] == ["+CPAS: 3", '+CLCC: 1,1,4,0,0,"+9994655501",145']
    assert car.at("ATA") == ["OK"]
    assert back.connected
    car.port.inbox.clear()
    back.hang_up("remote")
    car.run(1 * S)
    assert car.told() == ["NO CARRIER"]


def test_the_tester_sees_the_telematics_units_own_calls(car):
    car.at("ATE0^DSCI=1")
    car.port.inbox.clear()
    car.crash()
    car.connected()
    states = [line.split(",")[2] for line in car.told() if line.startswith("^DSCI: 1,0")]
    assert states == ["2", "3", "0"]
    assert "NO CARRIER" not in car.told()
