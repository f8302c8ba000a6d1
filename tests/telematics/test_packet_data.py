"""Packet data of the modem: contexts, addresses, and the car's Internet that is kept by them (B-20, B-21)."""

import re

import pytest

from harness.units import S
from tests.telematics.car import Car


@pytest.fixture(scope="module")
def shared():
    return Car()


@pytest.fixture
def car(shared):
    shared.at("ATE0+CMEE=1")
    shared.until(lambda: shared.modem.packet.is_up(1))
    return shared


def test_what_is_up_has_an_address(car):
    assert re.fullmatch(r'\+CGPADDR: 1,"10\.\d+\.\d+\.\d+"', car.at("AT+CGPADDR=1")[0])
    assert len(car.at("AT+CGPADDR")) == 3
    assert car.at("AT+CGPADDR=?") == ["+CGPADDR: (1,2)", "OK"]


def test_the_car_brings_its_internet_up_again(car):
    assert car.at("AT+CGACT=0,1") == ["OK"]
    assert car.at("AT+CGACT?;+CGPADDR=1") == ["+CGACT: 1,0", "+CGACT: 2,1", "+CGPADDR: 1", "OK"]
    car.until(lambda: car.modem.packet.is_up(1), 8 * S)


def test_the_last_connection_cannot_be_taken_down(car):
    assert car.at("AT+CGACT=0") == ["+CME ERROR: 171"]
    assert car.at("AT+CGACT=0,1,2") == ["+CME ERROR: 171"]


def test_a_context_can_be_defined_brought_up_and_forgotten(car):
    assert car.at('AT+CGDCONT=3,"IP","test"') == ["OK"]
    assert car.at("AT+CGACT=1,3") == ["OK"]
    assert car.at('AT+CGDCONT=3,"IP","other"') == ["+CME ERROR: 3"]
    assert "+CGACT: 3,1" in car.at("AT+CGACT?")
    assert car.at("AT+CGACT=0,3;+CGDCONT=3") == ["OK"]
    assert car.at("AT+CGACT=1,3") == ["+CME ERROR: 50"]


@pytest.mark.parametrize("line", ["AT+CGACT=2,1", "AT+CGACT=", "AT+CGPADDR=7", 'AT+CGACT="1",1'])
def test_nonsense_is_refused(car, line):
    assert car.at(line) == ["+CME ERROR: 50"]


def test_without_registration_nothing_is_up():
    car = Car()
    car.at("ATE0+CMEE=1")
    car.until(lambda: car.modem.packet.is_up(1))
    car.at("AT+COPS=2")
    car.run(1 * S)
    assert car.at("AT+CGACT?") == ["+CGACT: 1,0", "+CGACT: 2,0", "OK"]
    assert car.at("AT+CGACT=1,1") == ["+CME ERROR: 30"]
    car.at("AT+COPS=0", 60 * S)
    car.until(lambda: car.modem.packet.is_up(1), 60 * S)
