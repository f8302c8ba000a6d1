"""An instrument that answers garbage, late or never makes a clear error, and its stale answer is never taken."""

import pytest

from emulation.lab.supply_e36312a import SupplyE36312A
from harness.errors import InstrumentError
from harness.units import MS, S
from instruments.keysight_34465a import Dmm34465A
from instruments.keysight_34980a import Switch34980A
from instruments.keysight_e36312a import E36312A
from instruments.keysight_infiniivision import InfiniiVision
from instruments.rohde_schwarz_cmw500 import Cmw500
from tests.lab.slow_supply import SlowSupply

RESOURCE = "TCPIP::odd::hislip0::INSTR"


class Garbage:
    """Answers every question with the same bytes, except about its errors, of which it knows none."""

    def __init__(self, world, answer, latency=1 * MS, errors=b'+0,"No error"\n'):
        self.world, self.answer, self.latency, self.errors = world, answer, latency, errors
        self.waiting = bytearray()

    def write(self, message):
        if b"?" in message:
            answer = self.errors if b"SYST:ERR" in message else self.answer
            self.world.call_at(self.world.now + self.latency, self.waiting.extend, answer)

    def output(self):
        return self.waiting

    def clear(self):
        self.waiting.clear()

    def status_byte(self):
        return 0


@pytest.fixture
def odd(bench, manager):
    def install(driver, device):
        bench.instruments[RESOURCE] = device
        return driver(manager.open_resource(RESOURCE), bench.clock)

    return install


GARBAGE = [
    (E36312A, lambda d: d.identify(), b"hello\n", r"answered 'hello' to \*IDN\?, expected maker, model"),
    (E36312A, lambda d: d.measure_voltage(2), b"volts\n", r"answered 'volts' to MEAS:VOLT\? \(@2\), expected a number"),
    (E36312A, lambda d: d.measure_voltage(2), b"1\n2\n", r"answered '1\\n2' .*expected a number"),
    (E36312A, lambda d: d.measure_voltage(2), b"\n", "answered ''"),
    (E36312A, lambda d: d.measure_voltage(2), b"\xff\xfe12\n", r"answered b'\\xff\\xfe12\\n' .*expected ASCII"),
    (E36312A, lambda d: d.output_is_on(2), b"2\n", "answered '2' .*expected 0 or 1"),
    (E36312A, lambda d: d.make_safe(), b"1\n", "output 1 is not off"),
    (Switch34980A, lambda d: d.is_closed(1001), b"maybe\n", "answered 'maybe' .*expected 0 or 1"),
    (Switch34980A, lambda d: d.close(1001), b"0\n", "something else than 1"),
    (Dmm34465A, lambda d: d.measure_dc_volts(), b"+9.90000000E+37\n", "could not measure"),
    (InfiniiVision, lambda d: d.fetch(1), b"1,2,3\n", "answered '1,2,3' .*expected ten numbers"),
    (Cmw500, lambda d: d.ps_state(), b"INV\n", "answered 'INV' .*expected OFF, ON, ATT, CEST"),
    (Cmw500, lambda d: d.rsrp_dbm(), b"NAV,NAV\n", "answered 'NAV,NAV' .*expected two numbers in dBm"),
    (Cmw500, lambda d: d.set_cell(True), b"ON,PEND\n", "cell state ON,ADJ did not happen within 15 s"),
]


@pytest.mark.parametrize("case", GARBAGE)
def test_garbage_is_quoted_with_the_question_and_what_was_expected(bench, odd, case):
    driver, act, answer, message = case
    with pytest.raises(InstrumentError, match=message):
        act(odd(driver, Garbage(bench.world, answer)))


def test_a_garbled_error_queue_is_an_error(bench, odd):
    with pytest.raises(InstrumentError, match=r"answered '12 volts' to SYST:ERR\?, expected a number and a text"):
        odd(E36312A, Garbage(bench.world, b"", errors=b"12 volts\n")).set_voltage(2, 12)


def test_an_error_queue_that_never_ends_is_read_no_further_than_it_can_be_long(bench, odd):
    with pytest.raises(InstrumentError, match="Undefined header"):
        odd(E36312A, Garbage(bench.world, b"", errors=b'-113,"Undefined header"\n')).set_voltage(2, 12)


@pytest.mark.parametrize("answer", [b"12.0\n", b"#x\n", b"#3ab\n", b"#0abc\n"])
def test_a_block_that_is_none_is_quoted(bench, odd, answer):
    with pytest.raises(InstrumentError, match=r"expected a block|did not answer"):
        odd(InfiniiVision, Garbage(bench.world, answer)).block(":WAV:DATA?")


def test_a_block_that_ends_early_is_an_error(bench, odd):
    with pytest.raises(InstrumentError, match="did not answer ':WAV:DATA"):
        odd(InfiniiVision, Garbage(bench.world, b"#8000001001234")).block(":WAV:DATA?")


def test_an_instrument_that_is_off_is_named_with_what_to_check(bench, odd):
    silent = Garbage(bench.world, b"")
    silent.errors = b""
    with pytest.raises(
        InstrumentError, match=r"E36312A at TCPIP0.*odd.* did not answer 'MEAS:VOLT.*within 2000 ms; is it on"
    ):
        odd(E36312A, silent).measure_voltage(2)


def test_a_late_answer_is_never_taken_for_the_next_one(bench, odd):
    supply = odd(E36312A, SlowSupply(bench))
    with pytest.raises(InstrumentError, match="did not answer 'MEAS:VOLT"):
        supply.measure_voltage(2)
    assert supply.measure_voltage(2) == pytest.approx(0.0, abs=0.01)
    bench.clock.sleep(5 * S)
    assert supply.measure_voltage(2) == pytest.approx(0.0, abs=0.01)


def test_an_unplugged_instrument_is_a_bench_error(bench, odd, manager):
    supply = odd(E36312A, SupplyE36312A(bench))
    manager.list_opened_resources()[0].close()
    with pytest.raises(InstrumentError, match="cannot be reached"):
        supply.measure_voltage(2)
