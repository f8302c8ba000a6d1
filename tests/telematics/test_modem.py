"""The modem's AT port: what it answers, what it refuses, and how it frames it."""

import pytest

from harness.units import MS, S
from tests.telematics.car import IMSI, Car


@pytest.fixture(scope="module")
def registered():
    """One car for all tests that only ask."""
    car = Car()
    car.at("ATE0")
    return car


@pytest.fixture
def car():
    return Car()


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("AT", ["OK"]),
        ("at+cgmi", ["Connect HIL", "OK"]),
        ("ATI", ["Connect HIL", "CM-1 LTE", "Revision: CM1.04.02", "OK"]),
        ("AT+CGSN;+GMM", ["004999010640000", "CM-1 LTE", "OK"]),
        ("AT+CIMI", [IMSI, "OK"]),
        ("AT+CPIN?", ["+CPIN: READY", "OK"]),
        ("AT+CPINR", ["+CPINR: SIM PIN,3,3", "+CPINR: SIM PUK,10,10", "OK"]),
        ('AT+CLCK="SC",2', ["+CLCK: 0", "OK"]),
        ("AT+CCID", ["+CCID: 8900101012345678904", "OK"]),
        ("AT+CREG?;+CGREG?;+CEREG?", ["+CREG: 0,1", "+CGREG: 0,1", "+CEREG: 0,1", "OK"]),
        ("AT+CEREG=?", ["+CEREG: (0-2)", "OK"]),
        ("AT+COPS=3,0;+COPS?", ['+COPS: 0,0,"Test PLMN 1-1",7', "OK"]),
        ("AT+COPS=3,2;+COPS?", ['+COPS: 0,2,"00101",7', "OK"]),
        ("AT+CSQ", ["+CSQ: 30,99", "OK"]),
        ("AT+CESQ", ["+CESQ: 99,99,255,255,20,61", "OK"]),
        ("AT+CFUN?", ["+CFUN: 1", "OK"]),
        ("AT+CGATT?", ["+CGATT: 1", "OK"]),
        (
            "AT+CGDCONT?",
            ['+CGDCONT: 1,"IPV4V6","internet.test","",0,0', '+CGDCONT: 2,"IPV4V6","ims","",0,0', "OK"],
        ),
        ("AT+CGACT?", ["+CGACT: 1,1", "+CGACT: 2,1", "OK"]),
        ("AT+CGACT=?", ["+CGACT: (0,1)", "OK"]),
        ("AT+CLCC", ["OK"]),
        ("AT+CPAS", ["+CPAS: 0", "OK"]),
        ("ATS3?", ["013", "OK"]),
        ("ATS3=13S4=10S5?", ["008", "OK"]),
        ("AT+CMEE=?", ["+CMEE: (0-2)", "OK"]),
        ("AT ; +CSQ ; ", ["+CSQ: 30,99", "OK"]),
        ("garbage AT+CSQ", ["+CSQ: 30,99", "OK"]),
    ],
)
def test_a_question_has_this_answer(registered, line, answer):
    assert registered.at(line) == answer


@pytest.mark.parametrize(
    "line",
    [
        "AT+FOO",
        "AT+CGMI?",
        "AT+CSQ=1",
        "AT^HCSQ?",
        "AT%X",
        "ATE2",
        "ATS999?",
        "AT&Q",
        "AT+CSQ+CSQ",
        "AT+CIMI;+FOO;+CIMI",
        "AT" + "+CSQ;" * 200,
        "ATG",
        "AT+",
    ],
)
def test_what_the_modem_does_not_know_is_an_error_whatever_cmee_says(registered, line):
    registered.at("AT+CMEE=2")
    assert registered.at(line)[-1] == "ERROR"
    registered.at("AT+CMEE=0")


@pytest.mark.parametrize(
    "line",
    [
        "AT+CEREG=3",
        "AT+CEREG=",
        "AT+CEREG=x",
        "AT+CEREG=1,2",
        'AT+CLCK="XX",2',
        "AT+CFUN=2",
        "AT+CFUN=0,1",
        "AT+CPWD=1",
    ],
)
def test_arguments_that_do_not_fit_are_incorrect_parameters(registered, line):
    registered.at("AT+CMEE=1")
    assert registered.at(line) == ["+CME ERROR: 50"]
    registered.at("AT+CMEE=2")
    assert registered.at(line) == ["+CME ERROR: incorrect parameters"]
    registered.at("AT+CMEE=0")
    assert registered.at(line) == ["ERROR"]


def test_every_command_that_clac_lists_is_known(registered):
    names = registered.at("AT+CLAC")[:-1]
    assert len(names) > 30
    for name in names:
        test_form = registered.at(f"AT{name}=?", 60 * S)
        executed = registered.at(f"AT{name}") if test_form == ["ERROR"] else test_form
        assert executed[-1] == "OK", name


def raw(car, text, wait=1 * S):
    car.port.inbox.clear()
    car.port.send(text)
    car.run(wait)
    return bytes(car.port.inbox)


def test_echo_framing_and_numeric_results_are_as_v250_has_them(car):
    assert raw(car, b"AT\r") == b"AT\r\r\nOK\r\n"
    assert raw(car, b"ATE0\r") == b"ATE0\r\r\nOK\r\n"
    assert raw(car, b"AT+CSQ\r") == b"\r\n+CSQ: 30,99\r\n\r\nOK\r\n"
    assert raw(car, b"ATV0\r") == b"0\r"
    assert raw(car, b"AT+CSQ\r") == b"+CSQ: 30,99\r\n0\r"
    assert raw(car, b"AT+FOO\r") == b"4\r"
    assert raw(car, b"ATQ1\r") == b""
    assert raw(car, b"ATZ\r") == b"\r\nOK\r\n"
    assert raw(car, b"ATE0S3=36\r").endswith(b"$\nOK$\n")
    assert raw(car, b"AT$") == b"$\nOK$\n"


def test_a_slash_repeats_the_last_line_without_a_terminator(car):
    raw(car, b"ATE0\r")
    raw(car, b"AT+CSQ\r")
    assert raw(car, b"A/") == b"\r\n+CSQ: 30,99\r\n\r\nOK\r\n"


def test_backspace_takes_the_last_character_back(car):
    raw(car, b"ATE0\r")
    assert raw(car, b"AT+CSX\x08Q\r") == b"\r\n+CSQ: 30,99\r\n\r\nOK\r\n"


def test_a_line_that_arrives_while_one_runs_waits_for_its_turn(car):
    raw(car, b"ATE0\r")
    assert raw(car, b"AT+CSQ\rAT+CGMM\r") == b"\r\n+CSQ: 30,99\r\n\r\nOK\r\n\r\nCM-1 LTE\r\n\r\nOK\r\n"


def test_a_character_aborts_a_network_scan(car):
    raw(car, b"ATE0\r")
    assert raw(car, b"AT+COPS=?\r", 2 * S) == b""
    assert raw(car, b"x", 100 * MS) == b"\r\nERROR\r\n"
    assert car.at("AT+COPS=?")[0].startswith('+COPS: (2,"Test PLMN 1-1","Test1-1","00101",7)')


def test_nothing_answers_before_the_modem_has_booted():
    car = Car(ready=False)
    car.power()
    car.run(3 * S)
    assert raw(car, b"AT\r") == b""
    car.run(6 * S)
    assert raw(car, b"ATE0\r").endswith(b"OK\r\n")
