"""The SIM in the modem: PIN, PUK, their tries, and cards that do not work."""

import pytest

from emulation.ecus.modem.sim import Sim
from harness.units import S
from tests.telematics.car import IMSI, PIN, Car


@pytest.fixture
def car():
    return Car()


@pytest.fixture
def locked():
    """A car whose SIM asks for its PIN, up and waiting."""
    car = Car(ready=False)
    car.modem.sim = Sim(pin_enabled=True)
    car.power()
    car.until(lambda: car.modem.awake)
    car.at("ATE0+CMEE=1")
    return car


def test_the_right_pin_opens_the_sim_and_the_modem_registers(locked):
    assert locked.at("AT+CPIN?") == ["+CPIN: SIM PIN", "OK"]
    assert locked.at("AT+CIMI") == ["+CME ERROR: 11"]
    assert locked.at(f'AT+CPIN="{PIN}"') == ["+CPIN: READY", "OK"]
    locked.until_registered(10 * S)
    assert locked.at("AT+CIMI") == [IMSI, "OK"]


def test_three_wrong_pins_want_the_puk_and_the_puk_sets_a_new_pin(locked):
    assert locked.at("AT+CPIN=1111") == ["+CME ERROR: 16"]
    assert locked.at("AT+CPINR")[0] == "+CPINR: SIM PIN,2,3"
    assert locked.at("AT+CPIN=1111") == ["+CME ERROR: 16"]
    assert locked.at("AT+CPIN=1111") == ["+CPIN: SIM PUK", "+CME ERROR: 12"]
    assert locked.at("AT+CPIN?") == ["+CPIN: SIM PUK", "OK"]
    assert locked.at('AT+CPIN="11111111","4321"') == ["+CME ERROR: 16"]
    assert locked.at("AT+CPINR")[1] == "+CPINR: SIM PUK,9,10"
    assert locked.at('AT+CPIN="12345678","4321"') == ["+CPIN: READY", "OK"]
    assert locked.at('AT+CPWD="SC","4321","1234"') == ["OK"]
    locked.until_registered(10 * S)


def test_a_right_pin_gives_all_tries_back(locked):
    locked.at("AT+CPIN=1111")
    locked.at(f"AT+CPIN={PIN}")
    assert locked.at("AT+CPINR")[0] == "+CPINR: SIM PIN,3,3"


def test_ten_wrong_puks_lose_the_card(locked):
    for _ in range(3):
        locked.at("AT+CPIN=1111")
    for _ in range(10):
        locked.at('AT+CPIN="11111111","4321"')
    assert locked.at("AT+CPIN?") == ["+CME ERROR: 13"]
    assert locked.at('AT+CPIN="12345678","4321"') == ["+CME ERROR: 13"]


def test_a_pin_that_is_switched_on_is_asked_for_after_the_next_boot(car):
    car.at("ATE0+CMEE=1")
    assert car.at('AT+CLCK="SC",1,"9999"') == ["+CME ERROR: 16"]
    assert car.at(f'AT+CLCK="SC",1,"{PIN}"') == ["OK"]
    assert car.at('AT+CLCK="SC",2') == ["+CLCK: 1", "OK"]
    assert car.at("AT+CPIN?") == ["+CPIN: READY", "OK"]
    car.at("AT+CFUN=1,1")
    car.port.inbox.clear()
    car.until(lambda: "+CPIN: SIM PIN" in car.told())
    assert car.told()[0] == "^SYSSTART"


@pytest.mark.parametrize(
    ("sim", "code"), [(None, 10), (Sim(size="4FF"), 10), (Sim(readable=False), 13)], ids=["none", "nano", "unreadable"]
)
def test_no_sim_a_wrong_size_and_an_unreadable_one_are_told_apart_and_do_not_register(car, sim, code):
    car.at("ATE0+CMEE=1")
    car.modem.insert(sim)
    car.run(15 * S)
    assert car.at("AT+CPIN?") == [f"+CME ERROR: {code}"]
    assert car.at("AT+CIMI") == [f"+CME ERROR: {code}"]
    assert car.at("AT+CEREG?")[0] == "+CEREG: 0,0"
    assert car.at("ATD+46123;") == [f"+CME ERROR: {code}"]


def test_an_emergency_call_needs_no_sim(car):
    car.at("ATE0+CMEE=1")
    car.modem.insert(None)
    car.run(1 * S)
    assert car.at("ATD112;") == ["OK"]
    assert car.connected().target == "emergency"
