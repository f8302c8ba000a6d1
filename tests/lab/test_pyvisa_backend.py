"""The PyVISA backend `@emulated` does what PyVISA and VPP-4.3 promise, in simulated time."""

import numpy as np
import pytest
import pyvisa
from pyvisa import constants
from pyvisa.constants import StatusCode

from emulation import plugin
from harness.units import MS, S

SUPPLY = "TCPIP::supply::hislip0::INSTR"
LONG = 300_000


class Echo:
    """A plain `ScpiDevice`, as a colleague may write one: it cannot tell when it has an answer."""

    def __init__(self, world, latency=3 * MS):
        self.world, self.latency, self.answers, self.cleared = world, latency, bytearray(), 0

    def write(self, message):
        self.world.call_at(self.world.now + self.latency, self.answers.extend, message)

    def output(self):
        return self.answers

    def clear(self):
        self.answers.clear()
        self.cleared += 1

    def status_byte(self):
        return 16 if self.answers else 0


@pytest.fixture
def echo(bench, manager):
    bench.instruments["TCPIP::echo::INSTR"] = Echo(bench.world)
    return manager.open_resource("TCPIP::echo::INSTR")


def status_of(error):
    return error.value.error_code


def test_a_manager_lists_and_filters_the_instruments(manager, bench):
    assert manager.list_resources() == tuple(bench.instruments)
    assert manager.list_resources("?*supply?*") == (SUPPLY,)


def test_without_a_bench_a_default_car_is_built():
    plugin.activate(None)
    manager = pyvisa.ResourceManager("@emulated")
    try:
        assert "E36312A" in manager.open_resource(SUPPLY).query("*IDN?")
    finally:
        manager.close()
        plugin.activate(None)


@pytest.mark.parametrize("name", [SUPPLY, "TCPIP0::supply::hislip0::INSTR", "TCPIP::SUPPLY::HISLIP0::INSTR"])
def test_a_resource_is_found_in_every_spelling_of_its_name(manager, name):
    assert "E36312A" in manager.open_resource(name).query("*IDN?")


def test_an_unknown_resource_says_what_there_is(manager):
    with pytest.raises(pyvisa.VisaIOError, match=r"nowhere.*there is TCPIP::switch::hislip0::INSTR") as error:
        manager.open_resource("TCPIP::nowhere::INSTR")
    assert status_of(error) == StatusCode.error_resource_not_found


def test_a_name_that_is_none_is_an_invalid_name(manager):
    with pytest.raises(pyvisa.VisaIOError) as error:
        manager.open_bare_resource("nonsense")
    assert status_of(error) == StatusCode.error_invalid_resource_name


@pytest.mark.parametrize("timeout", [1, 250, 2_000])
def test_a_read_times_out_after_exactly_its_timeout(bench, echo, timeout):
    echo.timeout = timeout
    start = bench.world.now
    with pytest.raises(pyvisa.VisaIOError) as error:
        echo.read()
    assert status_of(error) == StatusCode.error_timeout
    assert bench.world.now - start == timeout * MS


def test_an_answer_on_the_last_instant_is_still_in_time(bench, echo):
    bench.instruments["TCPIP::echo::INSTR"].latency = 50 * MS
    echo.timeout = 50
    assert echo.query("ping") == "ping\r\n"


def test_without_a_timeout_a_read_waits_for_the_answer(bench, echo):
    bench.instruments["TCPIP::echo::INSTR"].latency = 10 * S
    echo.timeout = None
    assert echo.query("ping") == "ping\r\n"


def test_an_instrument_that_can_tell_answers_after_exactly_its_latency(bench, opened):
    supply = opened("supply")
    start = bench.world.now
    supply.query("*IDN?")
    assert bench.world.now - start == bench.parts["supply"].LATENCY


def test_termination_character_ends_a_read_and_leaves_the_rest(echo):
    echo.write_termination = ""
    echo.read_termination = "\n"
    echo.write("first\nsecond\n")
    assert echo.read() == "first"
    assert echo.last_status == StatusCode.success_termination_character_read
    assert echo.read() == "second"
    echo.write("first\nsecond\n")
    echo.read_termination = None
    assert echo.read_raw() == b"first\nsecond\n"


def test_read_in_small_chunks_gives_the_whole_message(echo):
    echo.write("0123456789")
    assert echo.read_bytes(4) == b"0123"
    assert echo.last_status == StatusCode.success_max_count_read
    assert echo.read_raw(size=3) == b"456789\r\n"
    assert echo.last_status == StatusCode.success


def test_a_long_block_comes_whole_whatever_bytes_are_in_it(bench, echo):
    data = (np.arange(LONG) % 251).astype(np.uint8)
    bench.instruments["TCPIP::echo::INSTR"].answers += b"#8%08d" % LONG + data.tobytes() + b"\n"
    assert np.array_equal(echo.query_binary_values("", datatype="B", container=np.array), data)


def test_without_end_a_message_waits_for_its_rest(bench, opened):
    supply = opened("supply")
    supply.send_end = False
    supply.write_raw(b"VOLT 3")
    bench.clock.sleep(1 * S)
    supply.send_end = True
    supply.write_raw(b".5,(@2)\n")
    assert float(supply.query("VOLT? (@2)")) == 3.5


def test_clear_reaches_the_device(bench, echo):
    echo.write("stale")
    bench.clock.sleep(10 * MS)
    echo.clear()
    assert bench.instruments["TCPIP::echo::INSTR"].cleared == 1
    assert echo.query("fresh") == "fresh\r\n"


def test_a_serial_poll_reads_the_status_byte(bench, opened):
    supply = opened("supply")
    supply.write("*IDN?")
    assert supply.read_stb() == 0
    bench.clock.sleep(10 * MS)
    assert supply.read_stb() == 16


def test_assert_trigger_is_the_bus_trigger(opened):
    generator = opened("generator")
    generator.assert_trigger()
    assert generator.query("SYST:ERR?").startswith("-211")


def test_attributes_are_kept_checked_and_some_are_fixed(opened):
    supply = opened("supply")
    assert supply.timeout == 2_000
    supply.timeout = 123
    assert supply.timeout == 123
    assert supply.resource_name == "TCPIP0::supply::hislip0::INSTR"
    assert supply.interface_type == constants.InterfaceType.tcpip
    assert supply.resource_manufacturer_name == "Connect HIL"
    with pytest.raises(pyvisa.VisaIOError) as error:
        supply.set_visa_attribute(constants.ResourceAttribute.resource_name, "other")
    assert status_of(error) == StatusCode.error_attribute_read_only
    with pytest.raises(pyvisa.VisaIOError) as error:
        supply.get_visa_attribute(constants.ResourceAttribute.gpib_primary_address)
    assert status_of(error) == StatusCode.error_nonsupported_attribute


def test_two_sessions_share_an_instrument_with_attributes_of_their_own(opened):
    one, other = opened("supply"), opened("supply")
    one.timeout = 100
    assert other.timeout == 2_000
    one.write("VOLT 4,(@2)")
    assert float(other.query("VOLT? (@2)")) == 4


def test_an_exclusive_lock_keeps_others_out_until_it_is_given_back(bench, opened):
    one, other = opened("supply"), opened("supply")
    one.lock_excl()
    assert other.lock_state == constants.AccessModes.exclusive_lock
    with pytest.raises(pyvisa.VisaIOError) as error:
        other.query("*IDN?")
    assert status_of(error) == StatusCode.error_resource_locked
    start = bench.world.now
    with pytest.raises(pyvisa.VisaIOError) as error:
        other.lock_excl(timeout=300)
    assert status_of(error) == StatusCode.error_timeout
    assert bench.world.now - start == 300 * MS
    one.unlock()
    assert other.query("*IDN?")
    with pytest.raises(pyvisa.VisaIOError) as error:
        one.unlock()
    assert status_of(error) == StatusCode.error_session_not_locked


def test_a_shared_lock_is_shared_by_its_key(opened):
    one, friend, stranger = opened("supply"), opened("supply"), opened("supply")
    key = one.lock()
    assert friend.lock(requested_key=key) == key
    assert friend.query("*IDN?")
    with pytest.raises(pyvisa.VisaIOError):
        stranger.query("*IDN?")
    one.close()
    friend.close()
    assert stranger.query("*IDN?")  # closing gives locks back


def test_events_are_not_supported_and_say_so(opened):
    supply = opened("supply")
    with pytest.raises(pyvisa.VisaIOError) as error:
        supply.enable_event(constants.EventType.service_request, constants.EventMechanism.queue)
    assert status_of(error) == StatusCode.error_invalid_event
    with pytest.raises(pyvisa.VisaIOError) as error:
        supply.wait_on_event(constants.EventType.service_request, 100)
    assert status_of(error) == StatusCode.error_not_enabled


def test_a_closed_session_cannot_be_used_and_can_be_opened_again(opened):
    supply = opened("supply")
    supply.close()
    with pytest.raises(pyvisa.InvalidSession):
        supply.query("*IDN?")
    supply.open()
    assert "E36312A" in supply.query("*IDN?")


def test_closing_the_manager_closes_its_sessions_and_a_new_one_works(manager, opened):
    supply = opened("supply")
    manager.close()
    with pytest.raises(pyvisa.InvalidSession):
        supply.query("*IDN?")
    again = pyvisa.ResourceManager("@emulated")
    assert "E36312A" in again.open_resource(SUPPLY).query("*IDN?")
    again.close()


def test_a_session_stays_with_the_bench_that_it_was_opened_on(bench, opened):
    supply = opened("supply")
    plugin.activate(None)
    before = bench.world.now
    supply.query("*IDN?")
    assert bench.world.now > before
