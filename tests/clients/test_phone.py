"""python-gsmmodem-new at the modem's device file: it sets up the modem as a phone does, calls and writes messages."""

from __future__ import annotations

import warnings

import pytest

from tests.clients.conftest import PATIENCE, eventually

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its regular expressions are not raw strings
    from gsmmodem.exceptions import CmsError, CommandError
    from gsmmodem.modem import GsmModem


@pytest.fixture(scope="module")
def phone(served_car):
    modem = GsmModem(str(served_car.links / "modem"), 115_200, requestDelivery=False)
    modem.connect()
    yield modem
    modem.close()


def test_a_phone_finds_everything_that_it_asks_for(phone):
    assert phone.imsi == "001010123456789"
    assert phone.imei.isdecimal()
    assert phone.manufacturer == "Connect HIL"
    assert 0 < phone.signalStrength <= 31
    assert phone.networkName == "Test PLMN 1-1"
    assert phone.waitForNetworkCoverage(timeout=PATIENCE) > 0
    assert {"+CMGS", "+CLCC", "+CEREG"} <= set(phone.supportedCommands)
    assert phone.smsc == "+46700000000"


@pytest.mark.parametrize("text_mode", [False, True], ids=["PDU mode", "text mode"])
def test_a_phone_sends_messages(phone, offboard, text_mode):
    phone.smsTextMode = text_mode
    assert phone.listStoredSms() == []
    newest = offboard.get("/records/newest").json()["number"]
    first = phone.sendSms("+46701234567", "Is anybody there? [1/2]")
    second = phone.sendSms("0701234567", "No.")
    assert (second.reference - first.reference) % 256 == 1
    sent = [r["data"]["number"] for r in offboard.get(f"/records?after={newest}").json() if r["kind"] == "message"]
    assert sent == ["+46701234567", "0701234567"]


def test_a_phone_is_told_what_cannot_be(phone):
    with pytest.raises(CmsError) as refused:
        phone.write("AT+CMGR=3")
    assert refused.value.code == 321
    with pytest.raises(CommandError):
        phone.write("AT+WIND?")


def test_a_phone_calls_the_laboratory_s_assistance_and_hangs_up(phone, offboard):
    """Only where both conditions of the interlock hold: test SIM, test network."""
    assert phone.imsi.startswith("00101")
    assert '"00101"' in phone.write("AT+COPS=3,2;+COPS?")[0]
    number = offboard.get("/network/countries").json()["SE"]["assistance_number"]
    call = phone.dial(number, timeout=PATIENCE)
    eventually(lambda: call.answered, "the answer")
    (newest,) = [c for c in offboard.get("/assistance/calls").json() if c["ended"] is None]
    assert newest["number"] == number
    call.hangup()
    eventually(lambda: not call.active, "the end of the call")
    assert offboard.get("/assistance/calls").json()[-1]["end_reason"] == "local"
