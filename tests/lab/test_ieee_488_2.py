"""The SCPI engine against IEEE 488.2 and SCPI-99, on the supply's and the generator's tables."""

import pytest

from emulation.lab.status import (
    COMMAND_ERROR,
    ERROR_AVAILABLE,
    EVENT_SUMMARY,
    EXECUTION_ERROR,
    MASTER_SUMMARY,
    MESSAGE_AVAILABLE,
    OPERATION_COMPLETE,
    POWER_ON,
    QUERY_ERROR,
    QUEUE_SIZE,
)
from harness.units import MS, S
from tests.lab.conftest import exchange

NO_ERROR = '+0,"No error"'


@pytest.fixture
def supply_twin(bench):
    return bench.parts["supply"]


@pytest.fixture
def generator_twin(bench):
    return bench.parts["generator"]


ACCEPTED = [
    ("VOLT 5,(@2);VOLT? (@2)", 5.0),
    ("voltage 5,(@2);VoLtAgE? (@2)", 5.0),
    ("SOUR:VOLT:LEV:IMM:AMPL 5,(@2);:SOURCE:VOLTAGE? (@2)", 5.0),
    (":VOLT 5,(@2);:VOLT? (@2)", 5.0),
    ("VOLT 5.5E0 , (@2) ; VOLT? (@2)", 5.5),
    ("VOLT 5 V,(@2);VOLT? (@2)", 5.0),
    ("VOLT 5500mV,(@2);VOLT? (@2)", 5.5),
    ("VOLT 0.005kv,(@2);VOLT? (@2)", 5.0),
    ("VOLT +.5e+1,(@2);VOLT? (@2)", 5.0),
    ("VOLT MAX,(@2);VOLT? (@2)", 25.75),
    ("VOLT MINimum,(@2);VOLT? (@2)", 0.0),
    ("VOLT? MAX,(@1)", 6.18),
    ("VOLT? MAX,(@3)", 25.75),
    ("VOLT:PROT 20,(@2);*CLS;PROT? (@2)", 20.0),  # `;` keeps the path, also across a common command
    ("VOLT:PROT 20,(@2);:VOLT 3,(@2);:VOLT? (@2)", 3.0),  # `;:` begins at the root
    ("VOLT\t5,(@2);VOLT? (@2)", 5.0),
    ("INST:NSEL 3;:VOLT 7;VOLT? (@3)", 7.0),  # without a list the selected output is meant
]


@pytest.mark.parametrize(("message", "expected"), ACCEPTED)
def test_every_legal_spelling_means_the_same(supply_twin, message, expected):
    assert float(exchange(supply_twin, message)) == expected
    assert exchange(supply_twin, "SYST:ERR?") == NO_ERROR


REFUSED = [
    ("VOLTA 5,(@2)", -113),  # neither the short nor the long form
    ("VOL 5,(@2)", -113),
    ("FOO", -113),
    ("*FOO", -113),
    ("MEAS:VOLT (@2)", -113),  # only a query exists
    ("*RST?", -113),
    ("PROT 5,(@2)", -113),  # the path of an earlier message is forgotten
    ("VOLT", -109),
    ("VOLT? 1,2,(@2)", -108),
    ("VOLT 1,2,(@2)", -108),
    ("*RST 1", -108),
    ("VOLT abc,(@2)", -104),
    ("VOLT 5 A,(@2)", -131),
    ("INST:NSEL 2 V", -138),
    ("VOLT 30,(@2)", -222),
    ("VOLT 6.19,(@1)", -222),  # each channel has its own limit
    ("VOLT -1,(@2)", -222),
    ("*ESE 256", -222),
    ("VOLT 5,(@4)", -222),
    ("VOLT 5,(2)", -171),
    ("OUTP MAYBE,(@2)", -224),
]


@pytest.mark.parametrize(("message", "code"), REFUSED)
def test_every_illegal_message_is_refused_with_its_code_and_changes_nothing(supply_twin, message, code):
    exchange(supply_twin, "*CLS")
    before = exchange(supply_twin, "VOLT? (@1:3)"), exchange(supply_twin, "OUTP? (@1:3)")
    assert exchange(supply_twin, message) == ""
    assert exchange(supply_twin, "SYST:ERR?").startswith(f'{code},"')
    assert exchange(supply_twin, "SYST:ERR?") == NO_ERROR
    assert (exchange(supply_twin, "VOLT? (@1:3)"), exchange(supply_twin, "OUTP? (@1:3)")) == before
    assert int(exchange(supply_twin, "*ESR?")) == (COMMAND_ERROR if code > -200 else EXECUTION_ERROR)


def test_a_byte_that_is_not_ascii_is_an_invalid_character(supply_twin):
    exchange(supply_twin, "VOLT 5\u00b5")
    assert exchange(supply_twin, "SYST:ERR?").startswith("-101,")


def test_channel_lists_take_lists_and_ranges(bench):
    switch = bench.parts["switch"]
    assert exchange(switch, "ROUT:CLOS (@1001,1003:1005);*OPC?") == "1"
    assert exchange(switch, "ROUT:CLOS? (@1001:1006)") == "1,0,1,1,1,0"


def test_numeric_suffixes_choose_the_channel_and_default_to_one(generator_twin):
    exchange(generator_twin, "SOUR2:FREQ 50;:FREQ 60Hz")
    assert float(exchange(generator_twin, "SOURCE1:FREQUENCY?")) == pytest.approx(60)
    assert float(exchange(generator_twin, "SOUR2:FREQ?")) == pytest.approx(50)
    exchange(generator_twin, "SOUR2:FREQ 0.02 MHZ")
    assert float(exchange(generator_twin, "SOUR2:FREQ?")) == pytest.approx(20_000)
    exchange(generator_twin, "SOUR3:FREQ 50")
    assert exchange(generator_twin, "SYST:ERR?").startswith("-114,")


def test_answers_of_one_message_are_joined_by_semicolons(supply_twin):
    assert exchange(supply_twin, "*ESE 32;*ESE?;*SRE?;:SYST:VERS?") == "+32;+0;1999.0"


def test_after_a_command_error_the_rest_of_the_message_is_not_executed(supply_twin):
    exchange(supply_twin, "VOLT 1,(@2);FOO;VOLT 2,(@2)")
    assert float(exchange(supply_twin, "VOLT? (@2)")) == 1
    exchange(supply_twin, "*CLS;VOLT 99,(@2);VOLT 2,(@2)")  # an execution error does not stop it
    assert float(exchange(supply_twin, "VOLT? (@2)")) == 2


def test_a_full_error_queue_ends_in_overflow_and_keeps_the_oldest(supply_twin):
    for _ in range(QUEUE_SIZE + 5):
        exchange(supply_twin, "FOO", within=10 * MS)
    assert exchange(supply_twin, "SYST:ERR:COUN?") == f"+{QUEUE_SIZE}"
    codes = [exchange(supply_twin, "SYST:ERR?").partition(",")[0] for _ in range(QUEUE_SIZE + 1)]
    assert codes == ["-113"] * (QUEUE_SIZE - 1) + ["-350", "+0"]


def test_status_byte_summarises_what_is_enabled(supply_twin):
    assert int(exchange(supply_twin, "*ESR?")) == POWER_ON
    exchange(supply_twin, f"*ESE {COMMAND_ERROR};*SRE {EVENT_SUMMARY}")
    assert int(exchange(supply_twin, "*STB?")) == 0
    exchange(supply_twin, "FOO")
    expected = ERROR_AVAILABLE | EVENT_SUMMARY | MASTER_SUMMARY
    assert int(exchange(supply_twin, "*STB?")) == expected
    exchange(supply_twin, "*CLS")
    assert int(exchange(supply_twin, "*STB?")) == 0
    assert exchange(supply_twin, "*ESE?;*SRE?") == f"+{COMMAND_ERROR};+{EVENT_SUMMARY}"  # *CLS keeps the enables


def test_a_serial_poll_asks_for_service_once_for_each_reason(supply_twin):
    exchange(supply_twin, f"*SRE {ERROR_AVAILABLE};FOO")
    assert supply_twin.status_byte() == ERROR_AVAILABLE | MASTER_SUMMARY
    assert supply_twin.status_byte() == ERROR_AVAILABLE


def test_message_available_stands_while_an_answer_waits(supply_twin):
    supply_twin.write(b"*IDN?\n")
    assert supply_twin.status_byte() == 0
    supply_twin.world.run(until=supply_twin.world.now + supply_twin.LATENCY)
    assert supply_twin.status_byte() == MESSAGE_AVAILABLE


def test_bit_six_of_the_service_enable_cannot_be_set(supply_twin):
    assert exchange(supply_twin, "*SRE 255;*SRE?") == f"+{255 - MASTER_SUMMARY}"


def test_a_new_message_interrupts_an_answer_that_nobody_took(supply_twin):
    exchange(supply_twin, "*CLS")
    supply_twin.write(b"*IDN?\n")
    supply_twin.world.run(until=supply_twin.world.now + 10 * MS)
    assert exchange(supply_twin, "*ESR?") == f"+{QUERY_ERROR}"
    assert exchange(supply_twin, "SYST:ERR?").startswith("-410,")


def test_a_query_that_is_overtaken_is_interrupted_too(supply_twin):
    supply_twin.write(b"*IDN?\n")
    assert exchange(supply_twin, "SYST:VERS?") == "1999.0"
    assert exchange(supply_twin, "SYST:ERR?").startswith("-410,")


def test_reading_without_a_query_is_unterminated(supply_twin):
    supply_twin.talk()
    assert exchange(supply_twin, "SYST:ERR?").startswith("-420,")
    supply_twin.write(b"VOLT 1\n")
    supply_twin.talk()
    supply_twin.world.run(until=supply_twin.world.now + 10 * MS)
    assert exchange(supply_twin, "SYST:ERR?").startswith("-420,")


def test_a_message_that_fills_both_queues_is_a_deadlock(supply_twin):
    assert exchange(supply_twin, "*IDN?;" * 20_000 + "VOLT 4,(@2)") == ""
    assert exchange(supply_twin, "SYST:ERR?").startswith("-430,")
    assert float(exchange(supply_twin, "VOLT? (@2)")) == 4  # the message is executed to its end


def test_opc_waits_for_the_operation_under_way(bench):
    scope = bench.parts["scope"]
    exchange(scope, "*ESR?")
    exchange(scope, "TIM:RANG 2;:TRIG:SWE NORM;:DIG;*OPC")
    assert int(exchange(scope, "*ESR?", within=10 * MS)) & OPERATION_COMPLETE == 0
    exchange(scope, "*CLS")  # forgets *OPC
    bench.world.run(until=bench.world.now + 2 * S)
    bench.line("sos_button").drive("test", 5.0)
    bench.world.run(until=bench.world.now + 2 * S)
    assert int(exchange(scope, "*ESR?")) & OPERATION_COMPLETE == 0
    exchange(scope, "STOP;*OPC")
    assert int(exchange(scope, "*ESR?")) & OPERATION_COMPLETE


def test_opc_query_answers_when_the_relays_have_settled(bench):
    switch = bench.parts["switch"]
    switch.write(b"ROUT:CLOS (@1001);*OPC?\n")
    bench.world.run(until=bench.world.now + switch.LATENCY + switch.OPERATE[0] - 1)
    assert not switch.output()
    bench.world.run(until=bench.world.now + switch.OPERATE[1] + switch.BOUNCE_MAX)
    assert switch.output() == b"1\n"
    assert bench.line("sos_button").is_high


def test_wai_holds_back_the_next_command(bench):
    switch = bench.parts["switch"]
    start = bench.world.now
    switch.write(b"ROUT:CLOS (@1001);*WAI;CLOS? (@1001)\n")
    bench.world.run(until=start + 1 * S, condition=switch.talk())
    assert bench.world.now - start >= switch.LATENCY + switch.OPERATE[0]


def test_device_clear_forgets_what_was_under_way_and_keeps_settings(supply_twin):
    exchange(supply_twin, "VOLT 3,(@2)")
    supply_twin.write(b"*IDN?\n")
    supply_twin.clear()
    supply_twin.world.run(until=supply_twin.world.now + 100 * MS)
    assert not supply_twin.output()
    assert float(exchange(supply_twin, "VOLT? (@2)")) == 3


def test_reset_brings_every_setting_back(supply_twin):
    exchange(supply_twin, "VOLT 3,(@2);:OUTP ON,(@2)")
    exchange(supply_twin, "*RST")
    assert exchange(supply_twin, "VOLT? (@2);:OUTP? (@2)") == "+0.00000000E+00;0"


def test_a_separator_inside_a_string_or_a_list_separates_nothing(supply_twin):
    exchange(supply_twin, 'VOLT ";:OUTP ON,(@2)"')
    assert exchange(supply_twin, "SYST:ERR?").startswith("-104,")
    assert exchange(supply_twin, "OUTP? (@2)") == "0"
