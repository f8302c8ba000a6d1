"""What only asks is asked again where the bench file allows it, what acts never is; tests are, each attempt told."""

from __future__ import annotations

import pytest

from harness.errors import BenchError, InstrumentError
from harness.modem.at import ASKS
from harness.units import S
from instruments.scpi import may_be_repeated
from tests.troubles.cases import CASES, ask_offboard, make
from tests.troubles.conftest import written

QUERIES = "\n[retry]\nqueries = 3\n"
SHORT = 1_500_000_000
"""How long a trouble lasts that three more attempts, a second apart, outlive."""


@pytest.fixture(scope="module")
def patient(tmp_path_factory):
    """A bench on which what only asks may be asked three times more."""
    from harness.bench import Bench, load
    from tests.troubles.conftest import mend_and_close, power

    bench = Bench.open(load(written(tmp_path_factory.mktemp("bench"), QUERIES)), seed=1)
    power(bench)
    yield bench
    mend_and_close(bench)


ASKING = [
    name for name, case in CASES.items() if case[0].startswith(("instrument", "serial.modem", "serial.head_unit"))
]


@pytest.mark.parametrize("name", [*ASKING, "off-board refuses", "off-board garbage", "off-board closes"])
def test_a_question_that_may_be_asked_again_gets_its_answer_and_the_trouble_is_on_record(patient, name):
    where, what, act, _place = CASES[name]
    before = patient.clock.now()
    make(patient, where, what, **({} if what in {"closes", "restarts"} and where != "offboard" else {"lasts": SHORT}))
    assert act(patient)
    assert patient.timeline.events("bench", "disturbed", before)


def test_what_acts_is_never_done_again(patient):
    """The instrument has got the command, or has not; nobody knows."""
    make(patient, "instrument.supply", "closes", lasts=SHORT)
    with pytest.raises(InstrumentError, match="OUTP ON"):
        patient.lines["battery"].set_power(True)
    patient.clock.sleep(2 * S)
    sent = [event.data["text"] for event in patient.timeline.events("supply", "scpi") if "OUTP" in event.data["text"]]
    assert sent[-1].startswith("OUTP ON")
    assert sent[-2:].count(sent[-1]) <= 1 or not sent[-2].startswith("OUTP ON")


def test_an_http_request_that_changes_something_is_never_sent_again(patient):
    make(patient, "offboard", "refuses", lasts=SHORT)
    before = patient.clock.now()
    with pytest.raises(BenchError, match=r"PUT /network at .* answered 503"):
        patient.offboard.set_network(coverage="full")
    assert patient.clock.now() == before
    ask_offboard(patient)


@pytest.mark.parametrize("query", ["*IDN?", "MEAS:VOLT? (@2)", ":WAV:DATA?", ":OPER:COND?", "STAT:QUES:COND?", "*STB?"])
def test_queries_that_may_be_repeated(query):
    assert may_be_repeated(query)


@pytest.mark.parametrize(
    "command",
    ["SYST:ERR?", "SYSTEM:ERROR?", "*ESR?", "*TST?", ":DIG;*OPC?", "OUTP ON,(@2)", "STAT:QUES?", ":TER?", ":OPER?"],
)
def test_commands_and_queries_that_forget_what_they_tell_are_not_repeated(command):
    assert not may_be_repeated(command)


def test_at_commands_that_only_ask():
    assert all(map(ASKS.fullmatch, ("AT", "AT+CIMI", "AT+CEREG?", "AT+COPS=?", "AT+CLCC")))
    assert not any(map(ASKS.fullmatch, ("ATD112;", "ATA", "AT+CHUP", 'AT+CPIN="1234"', "AT+CFUN=1", "AT+COPS=3,2")))


def test_a_late_answer_is_told_from_the_next_one_and_without_the_clear_it_would_not_be(opened, monkeypatch):
    """The break that this proves: an instrument whose line is not cleared after a timeout."""
    from instruments.scpi import ScpiInstrument

    def asked(bench):
        make(bench, "instrument.supply", "answers_late", delay=1_500_000_000)
        supply = bench.instruments["supply"]
        with pytest.raises(InstrumentError, match="did not answer"):
            supply.ask("*IDN?")
        bench.offboard.request("DELETE", "/bench/troubles")
        make(bench, "instrument.supply", "answers_late", delay=800_000_000)
        return supply.ask("OUTP? (@2)")

    assert asked(opened()) == "1"
    monkeypatch.setattr(ScpiInstrument, "_resync", lambda _self, **_how: None)
    monkeypatch.setattr(ScpiInstrument, "_reason", lambda _self, _command: "nobody asks why")
    assert "E36312A" in asked(opened())
