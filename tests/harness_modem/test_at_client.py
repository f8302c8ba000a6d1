"""The AT client keeps answers and unsolicited codes apart, and tells every refusal, silence and garbage clearly."""

from __future__ import annotations

import pytest

from harness.errors import ExpectationError
from harness.modem.at import AtClient, ModemError
from harness.modem.modem import Modem
from harness.modem.secrets import mask
from harness.timeline import Timeline
from harness.units import MS, S
from tests.bench.fakes import FakeClock, ScriptedPort


class Desk:
    """A modem behind a script."""

    def __init__(self, script=None):
        self.clock, self.timeline = FakeClock(), Timeline()
        self.port = ScriptedPort(self.clock, script or {})
        self.at = AtClient(self.port, self.clock, self.timeline)
        self.modem = Modem(self.at, self.clock, self.timeline)
        self.clock.attach(self.at.pump)

    def texts(self):
        return [event.data["text"] for event in self.timeline.events("modem", "at")]


def test_information_lines_come_back_without_echo_and_result_code():
    desk = Desk({"AT+CGMI": "AT+CGMI\n\nMaker\n\nOK\n"})
    assert desk.at.command("AT+CGMI") == ["Maker"]


@pytest.mark.parametrize(
    ("answer", "code", "told"),
    [
        ("\n+CME ERROR: 16\n", 16, "incorrect password"),
        ("\n+CME ERROR: SIM PIN required\n", 11, "SIM PIN required"),
        ("\nERROR\n", None, "with ERROR"),
        ("\n+CME ERROR: 777\n", 777, "not in 3GPP TS 27.007"),
    ],
)
def test_a_refusal_names_command_and_meaning(answer, code, told):
    with pytest.raises(ModemError, match=r"AT\+X.*") as caught:
        Desk({"AT+X": answer}).at.command("AT+X")
    assert caught.value.code == code
    assert told in str(caught.value)


def test_silence_is_told_after_the_timeout():
    desk = Desk()
    with pytest.raises(ModemError, match="within 2 s; got nothing"):
        desk.at.command("AT", 2 * S)
    assert desk.clock.now() == 2 * S


def test_garbage_is_quoted():
    with pytest.raises(ModemError, match=r"\\\\xff\\\\xfe"):
        Desk({"AT": "\xff\xfe"}).at.command("AT")


def test_a_late_answer_is_not_taken_for_the_next_one():
    desk = Desk({"AT+FIRST": "\n+FIRST: old\n\nOK\n", "AT+SECOND": "\n+SECOND: new\n\nOK\n", "AT": "\nOK\n"})
    desk.port.delay = 1_100 * MS
    with pytest.raises(ModemError):
        desk.at.command("AT+FIRST", 1 * S)
    desk.port.delay = 5 * MS
    assert desk.at.command("AT+SECOND") == ["+SECOND: new"]


def test_a_late_answer_that_comes_after_the_next_command_is_not_taken_for_its_own():
    desk = Desk({"AT+FIRST": "\n+FIRST: old\n\nOK\n", "AT+SECOND": "\n+SECOND: new\n\nOK\n"})
    desk.port.delay = 1_100 * MS
    with pytest.raises(ModemError):
        desk.at.command("AT+FIRST", 1 * S)
    desk.port.delay = 300 * MS
    assert desk.at.command("AT+SECOND") == ["+SECOND: new"]


def test_polls_that_were_answered_late_do_not_answer_what_is_asked_next():
    """A modem that thinks for 520 ms, asked every 500: each OK belongs to the poll before."""
    commands = ("ATE0", "AT+CMEE=1", "AT+CEREG=1", "AT^DSCI=1")
    desk = Desk({"AT": "\nOK\n", "AT+CIMI": "\n001010123456789\n\nOK\n"} | dict.fromkeys(commands, "\nOK\n"))
    desk.port.delay = 520 * MS
    desk.modem.wait_answering(10 * S)
    assert desk.modem.imsi() == "001010123456789"


def test_a_late_answer_about_registration_is_no_report_of_one():
    """`+CEREG: 1,2` says that it searches; taken for a report it would say that it is home."""
    desk = Desk({"AT+CEREG?": "\n+CEREG: 1,2\n\nOK\n"})
    desk.port.delay = 1_100 * MS
    with pytest.raises(ModemError):
        desk.at.command("AT+CEREG?", 1 * S)
    desk.clock.sleep(1 * S)
    assert desk.timeline.events("modem", "registration") == []


def test_unsolicited_codes_during_a_command_are_not_its_answer():
    desk = Desk({"AT+CSQ": '\n+CEREG: 1\n\n^DSCI: 1,0,2,0,"112",129\n\n+CSQ: 20,99\n\nRING\n\nOK\n'})
    assert desk.at.command("AT+CSQ") == ["+CSQ: 20,99"]
    kinds = [event.kind for event in desk.timeline.events("modem") if event.kind != "at"]
    assert kinds == ["registration", "call", "ring"]


def test_registration_is_told_from_its_unsolicited_form():
    desk = Desk({"AT+CEREG?": '\n+CEREG: 2\n\n+CEREG: 5,"00A1","01",7\n\n+CEREG: 1,1\n\nOK\n'})
    assert desk.modem.registration() == "home"
    assert [event.data["state"] for event in desk.timeline.events("modem", "registration")] == ["searching", "roaming"]


def test_the_end_of_a_call_is_unsolicited_outside_a_dial_command():
    desk = Desk({"AT+CLCC": "\nNO CARRIER\n\nOK\n"})
    assert desk.modem.calls() == []
    assert desk.timeline.events("modem", "no_carrier")


def test_calls_are_listed_with_their_state():
    desk = Desk({"AT+CLCC": '\n+CLCC: 1,0,3,0,0,"112",129\n+CLCC: 2,1,4,0,0\n\nOK\n'})
    assert [(call.direction, call.state, call.number) for call in desk.modem.calls()] == [
        ("mo", "alerting", "112"),
        ("mt", "incoming", ""),
    ]


def test_waiting_for_registration_sees_the_instant_of_the_report():
    desk = Desk({"AT+CEREG?": "\n+CEREG: 1,2\n\nOK\n"})
    desk.clock.later(3 * S, lambda: desk.port.say("\n+CEREG: 1\n"))
    assert desk.modem.wait_registered(10 * S) == 3 * S


def test_a_modem_that_does_not_register_fails_the_expectation():
    desk = Desk({"AT+CEREG?": "\n+CEREG: 1,2\n\nOK\n"})
    with pytest.raises(ExpectationError, match="within 5 s; last seen searching"):
        desk.modem.wait_registered(5 * S)


def test_waiting_for_a_modem_that_boots_sets_it_up():
    commands = ("ATE0", "AT+CMEE=1", "AT+CEREG=1", "AT^DSCI=1")
    desk = Desk(dict.fromkeys(commands, "\nOK\n"))
    desk.clock.later(3 * S, lambda: desk.port.script.update({"AT": "\nOK\n"}))
    desk.modem.wait_answering(10 * S)
    assert desk.port.sent[-len(commands) :] == list(commands)
    assert 3 * S < desk.clock.now() < 4 * S


@pytest.mark.parametrize(("answer", "state"), [("READY", "READY"), ("SIM PUK", "SIM PUK")])
def test_the_sim_tells_its_state(answer, state):
    assert Desk({"AT+CPIN?": f"\n+CPIN: {answer}\n\nOK\n"}).modem.sim_state() == state


def test_a_missing_sim_is_a_state_and_no_error():
    assert Desk({"AT+CPIN?": "\n+CME ERROR: 10\n"}).modem.sim_state() == "ABSENT"


def test_neither_pin_nor_imsi_reach_the_timeline_or_a_message():
    desk = Desk({"AT+CIMI": "\n001010123456789\n\nOK\n", 'AT+CPIN="1234"': "\n+CME ERROR: 16\n"})
    assert desk.modem.imsi() == "001010123456789"
    with pytest.raises(ModemError) as caught:
        desk.modem.enter_pin("1234")
    kept = " ".join([*desk.texts(), str(caught.value)])
    assert "1234" not in kept
    assert "00101**********" in kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('AT+CPIN="12345678","1234"', 'AT+CPIN="****","****"'),
        ('AT+CLCK="SC",1,"1234"', 'AT+CLCK="SC",1,"****"'),
        ('AT+CPWD="SC","1234","5678"', 'AT+CPWD="SC","****","****"'),
        ("AT+CPIN=1234", 'AT+CPIN="****"'),
        ("+CSQ: 20,99", "+CSQ: 20,99"),
    ],
)
def test_codes_are_masked_wherever_they_stand(text, kept):
    assert mask(text) == kept
