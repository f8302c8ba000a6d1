"""How the modem registers, how long it takes, and what it does when it is refused or loses the cell."""

import pytest

from emulation.ecus.modem.radio_service import Registration
from emulation.ecus.telematics.signal_status import registration_of
from harness.units import MIN, MS, S
from tests.telematics.car import IMSI, Car


@pytest.fixture
def car():
    return Car()


def test_from_power_on_it_takes_8_to_14_s_and_from_radio_on_3_to_6_s_with_a_tail():
    from_power, from_radio = [], []
    for seed in range(25):
        car = Car(seed, ready=False)
        car.power()
        car.until(lambda car=car: car.modem.powered)
        began = car.world.now
        from_power.append(car.until_registered() - began)
        for _ in range(2):
            car.modem.set_functionality(0)
            car.run(1 * S)
            car.modem.set_functionality(1)
            began = car.world.now
            from_radio.append(car.until_registered() - began)
    assert min(from_power) > 7 * S
    assert max(from_power) < 16 * S
    assert sum(8 * S <= time <= 14 * S for time in from_power) >= 22
    assert min(from_radio) > 2 * S
    assert max(from_radio) < 9 * S
    assert sum(2_500 * MS <= time <= 6 * S for time in from_radio) >= 45
    assert len(set(from_power)) == 25


def test_at_and_network_agree_on_being_attached(car):
    assert car.network.state(IMSI) == "ATT"
    car.at("AT+CFUN=0")
    assert car.network.state(IMSI) == "ON"
    assert car.at("AT+CEREG?")[-2] == "+CEREG: 0,0"
    car.at("AT+CFUN=1;+CEREG=2")
    car.port.inbox.clear()
    at = car.until_registered()
    assert car.network.state(IMSI) == "ATT"
    attached = car.records("network", "attached")[-1].time
    assert 0 <= at - attached <= 10 * MS
    car.run(100 * MS)
    assert car.told() == ["+CEREG: 2", '+CEREG: 1,"0001","01A2D001",7']


def test_a_lost_attach_request_is_repeated_after_t3410_and_t3411(car):
    car.modem.set_functionality(0)
    lost = iter([True, True])
    car.network.gets_lost = lambda: next(lost, False)
    began = car.world.now
    car.modem.set_functionality(1)
    assert 50 * S < car.until_registered() - began < 65 * S


@pytest.mark.parametrize(("cause", "stat"), [(3, 3), (11, 8), (17, 2)])
def test_a_rejection_is_denied_emergency_only_or_tried_again_by_its_cause(car, cause, stat):
    car.modem.set_functionality(0)
    car.network.reject_cause = cause
    car.modem.set_functionality(1)
    car.run(25 * S)
    assert car.modem.registration == stat
    car.network.reject_cause = None
    car.network.change(plmn="00101")
    car.run(30 * S)
    assert car.modem.registration == (3 if cause == 3 else 1)


def test_five_attempts_are_followed_by_t3402(car):
    car.modem.set_functionality(0)
    car.network.reject_cause = 17
    car.modem.set_functionality(1)
    car.run(2 * MIN)
    assert len(car.records("network", "rejected")) == 5
    car.run(9 * MIN)
    assert len(car.records("network", "rejected")) == 5


def test_a_short_gap_in_coverage_keeps_the_registration_and_a_long_one_loses_it(car):
    car.network.change(coverage="none")
    car.run(1 * S)
    car.network.change(coverage="full")
    car.run(2 * S)
    assert len(car.records("network", "attached")) == 1
    car.network.change(coverage="none")
    car.run(5 * S)
    assert car.modem.registration is Registration.SEARCHING
    assert car.at("AT+CSQ")[-2] == "+CSQ: 99,99"
    car.network.change(coverage="full")
    car.until_registered(10 * S)


def test_a_cell_that_was_off_for_a_moment_is_attached_to_again(car):
    car.network.set_cell(False)
    car.run(500 * MS)
    car.network.set_cell(True)
    car.run(5 * S)
    assert car.network.state(IMSI) == "ATT"
    assert car.modem.registration is Registration.HOME


def test_abroad_means_roaming(car):
    car.network.change(plmn="00102")
    car.run(10 * S)
    assert car.at("AT+CREG?")[-2] == "+CREG: 0,5"
    assert registration_of(car.unit.modem) == "ROAMING"


def test_operator_selection_leaves_finds_and_refuses(car):
    car.at("ATE0+CMEE=1")
    assert car.at("AT+COPS=2") == ["OK"]
    assert car.at("AT+COPS?") == ["+COPS: 2", "OK"]
    assert car.at('AT+COPS=1,2,"26201"', 60 * S) == ["+CME ERROR: 30"]
    assert car.at('AT+COPS=1,2,"00101"', 60 * S) == ["OK"]
    assert car.at("AT+COPS?") == ['+COPS: 1,2,"00101",7', "OK"]
    assert car.at("AT+COPS=0", 60 * S) == ["OK"]
    assert car.at("AT+CGATT=0", 60 * S) == ["OK"]
    assert car.at("AT+CGATT?") == ["+CGATT: 0", "OK"]
    assert car.at("AT+CGATT=1", 60 * S) == ["OK"]
