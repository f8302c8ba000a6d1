"""Short messages over the AT port: what is taken, what is refused, and how a prompt ends."""

import pytest

from harness.units import S
from tests.telematics.car import Car

PDU = "0001000B916407214365F700000BE8329BFD06DDDF723619"
"""To +46701234567, 'hello world', no centre of its own: 23 octets behind the first."""


@pytest.fixture
def car():
    car = Car()
    car.at("ATE0+CMEE=1")
    return car


@pytest.fixture
def type_in(car):
    """Type bytes, let a while pass, and return what the modem wrote meanwhile."""

    def type_in(data, wait=5 * S):
        car.port.inbox.clear()
        car.port.send(data)
        car.run(wait)
        return bytes(car.port.inbox).decode()

    return type_in


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("AT+CMGF?", ["+CMGF: 0", "OK"]),
        ("AT+CMGF=1;+CMGF?", ["+CMGF: 1", "OK"]),
        ("AT+CSMP?", ["+CSMP: 17,167,0,0", "OK"]),
        ("AT+CSMP=49;+CSMP?", ["+CSMP: 49,167,0,0", "OK"]),
        ("AT+CSCA?", ['+CSCA: "+46700000000",145', "OK"]),
        ('AT+CSCA="+4612345";+CSCA?', ['+CSCA: "+4612345",145', "OK"]),
        ("AT+CPMS?", ['+CPMS: "SM",0,20,"SM",0,20,"SM",0,20', "OK"]),
        ('AT+CPMS="SM","SM"', ["+CPMS: 0,20,0,20,0,20", "OK"]),
        ('AT+CPMS="ME"', ["+CME ERROR: 50"]),
        ("AT+CNMI=2,1,0,2;+CNMI?", ["+CNMI: 2,1,0,2,0", "OK"]),
        ("AT+CSMS=0", ["+CSMS: 1,1,0", "OK"]),
        ("AT+CMGL=4", ["OK"]),
        ('AT+CMGL="ALL"', ["+CME ERROR: 50"]),
        ('AT+CMGF=1;+CMGL="ALL"', ["OK"]),
        ("AT+CMGR=1", ["+CMS ERROR: 321"]),
        ("AT+CMGD=1", ["+CMS ERROR: 321"]),
        ("AT+CMGD=1,4", ["OK"]),
        ("AT+CMGF=2", ["+CME ERROR: 50"]),
    ],
)
def test_a_question_has_this_answer(car, line, answer):
    assert car.at(line) == answer


@pytest.mark.parametrize(
    ("command", "text"), [(b'AT+CMGF=1;+CMGS="+46701234567"\r', b"hello world"), (b"AT+CMGS=23\r", PDU.encode())]
)
def test_a_message_goes_out_and_has_a_number(car, type_in, command, text):
    assert type_in(command) == "\r\n> "
    assert type_in(text) == ""
    assert type_in(b"\x1a") == "\r\n+CMGS: 1\r\n\r\nOK\r\n"
    type_in(command + text)
    assert "+CMGS: 2" in type_in(b"\x1a")
    sent = [record.data for record in car.records("network", "message")]
    assert sent == [{"subscriber": "00101********89", "number": "+46701234567"}] * 2


def test_what_is_typed_is_echoed_and_can_be_taken_back(car, type_in):
    car.at("ATE1")
    type_in(b'AT+CMGF=1;+CMGS="07012"\r')
    assert type_in(b"hulk\b\b") == "hulk\b\b"
    assert "+CMGS: 1" in type_in(b"llo\x1aAT\r", 10 * S)


def test_escape_sends_nothing(car, type_in):
    type_in(b'AT+CMGF=1;+CMGS="07012"\r')
    assert type_in(b"hello\x1b") == "\r\nOK\r\n"
    assert car.at("AT+CSQ") == ["+CSQ: 30,99", "OK"]
    assert not car.records("network", "message")


@pytest.mark.parametrize(
    ("command", "text", "code"),
    [
        (b"AT+CMGS=22\r", PDU.encode(), 304),
        (b"AT+CMGS=23\r", b"nonsense", 304),
        (b"AT+CMGS=23\r", PDU.replace("0001", "0002", 1).encode(), 304),
        (b'AT+CMGF=1;+CMGS="07012"\r', b"x" * 161, 305),
    ],
)
def test_a_message_that_is_none_is_refused(car, type_in, command, text, code):
    type_in(command)
    assert f"+CMS ERROR: {code}" in type_in(text + b"\x1a")
    assert not car.records("network", "message")


def test_without_network_or_sim_there_is_no_message(car, type_in):
    car.network.change(coverage="none")
    car.run(10 * S)
    type_in(b'AT+CMGF=1;+CMGS="07012"\r')
    assert "+CMS ERROR: 331" in type_in(b"hello\x1a")
    car.modem.insert(None)
    car.run(1 * S)
    assert car.at("AT+CMGS=23") == ["+CME ERROR: 10"]


def test_a_prompt_ends_with_the_modem(car, type_in):
    type_in(b'AT+CMGF=1;+CMGS="07012"\rhello')
    car.modem.restart()
    car.run(20 * S)
    assert car.at("ATE0+CMGF?") == ["+CMGF: 0", "OK"]
