"""Nothing dials unless bench file and modem prove a test network; otherwise not a byte of a dial command goes out."""

from __future__ import annotations

import pytest

from harness.bench.interlock import Interlock
from harness.errors import InterlockError
from harness.modem.at import AtClient, dials
from harness.modem.modem import Modem
from harness.timeline import Timeline
from harness.units import MS
from tests.bench.fakes import FakeClock, ScriptedPort

TEST_SIM = "\n001010123456789\n\nOK\n"
PUBLIC_SIM = "\n240010123456789\n\nOK\n"
CAMPED = '\n+COPS: 0,2,"00101",7\n\nOK\n'
PUBLIC = '\n+COPS: 0,2,"24001",7\n\nOK\n'
NOWHERE = "\n+COPS: 0\n\nOK\n"
IDLE = "\n+CEREG: 1,2\n\nOK\n"
LIMITED = "\n+CEREG: 1,8\n\nOK\n"
TEST_SCAN = '\n+COPS: (2,"Test","Test","00101",7),,(0,1,2,3,4),(0,1,2)\n\nOK\n'
PUBLIC_SCAN = '\n+COPS: (2,"Test","Test","00101",7),(3,"Telia","Telia","24001",7),,(0,1),(0,1,2)\n\nOK\n'
EMPTY_SCAN = "\nOK\n"


def bench(script, network="simulated", delay=5 * MS):
    clock, timeline = FakeClock(), Timeline()
    port = ScriptedPort(clock, {"AT+COPS=3,2": "\nOK\n", "ATD112;": "\nOK\n", "AT": "\nOK\n", **script}, delay)
    at = AtClient(port, clock, timeline)
    clock.attach(at.pump)
    modem = Modem(at, clock, timeline)
    interlock = Interlock(network, ("00101",), modem, "bench.toml")
    at.guard = interlock.check
    return modem, port


def dialled(port):
    return [command for command in port.sent if dials(command)]


def test_on_the_test_network_the_modem_dials():
    modem, port = bench({"AT+CIMI": TEST_SIM, "AT+COPS?": CAMPED})
    modem.dial("112")
    assert dialled(port) == ["ATD112;"]


REFUSED = {
    "a public network": {"AT+CIMI": TEST_SIM, "AT+COPS?": PUBLIC},
    "a public SIM": {"AT+CIMI": PUBLIC_SIM, "AT+COPS?": CAMPED},
    "a modem that says nothing": {"AT": None, "AT+COPS=3,2": None},
    "a modem that answers ERROR": {"AT+CIMI": "\nERROR\n", "AT+COPS?": CAMPED},
    "a SIM that waits for its PIN": {"AT+CIMI": "\n+CME ERROR: 11\n", "AT+COPS?": CAMPED},
    "garbage for the SIM": {"AT+CIMI": "\n\xff\xfe00101\xff\n\nOK\n", "AT+COPS?": CAMPED},
    "garbage for the network": {"AT+CIMI": TEST_SIM, "AT+COPS?": "\n+COPS: 0,0,\xfe\n\nOK\n"},
    "a network by name alone": {"AT+CIMI": TEST_SIM, "AT+COPS?": '\n+COPS: 0,0,"Test 001 01",7\n\nOK\n'},
    "an answer without a network": {"AT+CIMI": TEST_SIM, "AT+COPS?": "\nOK\n"},
    "no network, and a public one in reach": {"AT+CIMI": TEST_SIM, "AT+COPS?": NOWHERE, "AT+COPS=?": PUBLIC_SCAN},
    "no network, and no search": {"AT+CIMI": TEST_SIM, "AT+COPS?": NOWHERE, "AT+COPS=?": "\nERROR\n"},
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_without_proof_not_a_byte_of_a_dial_command_goes_out(case):
    modem, port = bench(REFUSED[case])
    with pytest.raises(InterlockError):
        modem.dial("112")
    assert dialled(port) == []


def test_a_bench_that_is_not_simulated_does_not_even_ask():
    modem, port = bench({"AT+CIMI": TEST_SIM, "AT+COPS?": CAMPED}, network="public")
    with pytest.raises(InterlockError, match="network"):
        modem.dial("112")
    assert port.sent == []


def test_a_network_that_changes_between_two_calls_is_noticed():
    modem, port = bench({"AT+CIMI": TEST_SIM, "AT+COPS?": [CAMPED, PUBLIC]})
    modem.dial("112")
    with pytest.raises(InterlockError, match="24001"):
        modem.dial("112")
    assert len(dialled(port)) == 1


@pytest.mark.parametrize("scan", [TEST_SCAN, EMPTY_SCAN])
def test_a_modem_without_network_may_dial_when_a_search_finds_nothing_public(scan):
    modem, port = bench({"AT+CIMI": TEST_SIM, "AT+COPS?": NOWHERE, "AT+COPS=?": scan, "AT+CEREG?": IDLE})
    modem.dial("112")
    assert "AT+COPS=?" in port.sent


def test_out_of_coverage_no_search_is_needed_where_it_was_on_the_test_network_before():
    modem, port = bench({"AT+CIMI": TEST_SIM, "AT+COPS?": [CAMPED, NOWHERE], "AT+CEREG?": IDLE})
    modem.dial("112")
    modem.dial("112")
    assert "AT+COPS=?" not in port.sent


def test_limited_service_always_needs_a_search():
    script = {"AT+CIMI": TEST_SIM, "AT+COPS?": [CAMPED, NOWHERE], "AT+CEREG?": LIMITED, "AT+COPS=?": PUBLIC_SCAN}
    modem, port = bench(script)
    modem.dial("112")
    with pytest.raises(InterlockError, match="in its reach"):
        modem.dial("112")
    assert len(dialled(port)) == 1


def test_after_a_refusal_the_old_proof_no_longer_counts():
    script = {"AT+CIMI": TEST_SIM, "AT+COPS?": [CAMPED, PUBLIC, NOWHERE], "AT+CEREG?": IDLE, "AT+COPS=?": PUBLIC_SCAN}
    modem, port = bench(script)
    modem.dial("112")
    for _ in range(2):
        with pytest.raises(InterlockError):
            modem.dial("112")
    assert len(dialled(port)) == 1


def test_an_answer_that_comes_late_is_not_taken_as_proof():
    """The first `+CIMI` is answered after its timeout; the answer must not stand for the next question."""
    modem, port = bench({"AT+CIMI": [TEST_SIM, PUBLIC_SIM], "AT+COPS?": CAMPED}, delay=5_050 * MS)
    with pytest.raises(InterlockError):
        modem.dial("112")
    port.delay = 5 * MS
    with pytest.raises(InterlockError, match="24001"):
        modem.dial("112")
    assert dialled(port) == []


def test_without_a_modem_nothing_may_dial():
    with pytest.raises(InterlockError, match=r"\[serial.modem\]"):
        Interlock("simulated", ("00101",), None, "bench.toml").check()


def test_an_at_port_outside_a_bench_does_not_dial():
    clock = FakeClock()
    port = ScriptedPort(clock, {})
    with pytest.raises(InterlockError):
        AtClient(port, clock, Timeline()).command("ATD112;")
    assert port.sent == []


@pytest.mark.parametrize(
    "command",
    ["ATD112;", "atd112;", "ATDL", "AT D112;", "AT+CMEE=1;D112;", "ATE0D112;", "ATX4DT112;", "AT+CECALL=2", "A/"],
)
def test_every_form_of_a_dial_command_is_recognised(command):
    assert dials(command)


@pytest.mark.parametrize("command", ["AT", "AT+CLCC", "ATA", "AT^DSCI=1", "AT+CGDCONT?", "AT+CMEE=1;+COPS?", "AT&D2"])
def test_other_commands_are_not_taken_for_dialling(command):
    assert not dials(command)
