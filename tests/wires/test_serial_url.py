"""pyserial's own promises, kept by `emulated://` in simulated time."""

import threading

import pytest
import serial
import serial.threaded

from emulation.serial_line import SerialLine
from harness.units import MS, S

BYTE = 10 * S // 115_200


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setattr(serial, "protocol_handler_packages", [*serial.protocol_handler_packages, "emulation.wires"])


@pytest.fixture(autouse=True)
def line(bench) -> SerialLine:
    """A modem that echoes, and answers OK."""
    line = bench.port("modem", 115_200)
    line.on_bytes = lambda data: line.write(data + b"\r\nOK\r\n")
    bench.port("gnss", 9_600)
    return line


@pytest.fixture
def port():
    with serial.serial_for_url("emulated://modem", baudrate=115_200, timeout=1) as port:
        yield port


def test_an_answer_arrives_after_the_time_its_bytes_take(bench, port):
    assert port.write(b"AT\r") == 3
    assert port.read_until(b"OK\r\n") == b"AT\r\r\nOK\r\n"
    assert bench.world.now == 30 * S // 115_200 + 90 * S // 115_200


@pytest.mark.parametrize("timeout", [1, 0.25, 1e-6])
def test_a_read_timeout_takes_exactly_its_simulated_time_and_returns_what_there_is(bench, port, timeout):
    port.timeout = timeout
    assert port.read(10) == b""
    assert port.read_until() == b""
    assert bench.world.now == 2 * round(timeout * S)


def test_a_short_read_returns_at_its_timeout_with_what_came(bench, port, line):
    line.write(b"RING")
    assert port.read(10) == b"RING"
    assert bench.world.now == 1 * S


def test_timeout_zero_takes_no_time(bench, port, line):
    port.timeout = 0
    line.write(b"RING")
    assert port.read(10) == b""
    assert bench.world.now == 0
    bench.world.run(until=1 * S)
    assert (port.in_waiting, port.read(2), port.read(10), port.read_until(b"x")) == (4, b"RI", b"NG", b"")
    assert bench.world.now == 1 * S


def test_timeout_none_waits_until_all_is_there(bench, port, line):
    port.timeout = None
    bench.world.call_at(3_600 * S, line.write, b"one")
    bench.world.call_at(7_200 * S, line.write, b"two")
    assert port.read(6) == b"onetwo"


def test_waiting_for_ever_in_an_idle_world_says_so(port):
    port.timeout = None
    with pytest.raises(serial.SerialException, match=r"nothing can ever arrive on emulated://modem: the world is idle"):
        port.read(1)


def test_a_gap_between_bytes_ends_a_read_when_asked_for(bench, port, line):
    port.inter_byte_timeout = 0.05
    for time, data in ((0, b"a"), (40 * MS, b"b"), (80 * MS, b"c"), (500 * MS, b"d")):
        bench.world.call_at(time, line.write, data)
    assert port.read(10) == b"abc"
    assert bench.world.now == 80 * MS + BYTE + 50 * MS
    assert port.read(1) == b"d"


def test_lines_are_read_one_by_one(port, line):
    line.write(b"+CEREG: 1\r\nRING\r\nunfinished")
    assert port.readline() == b"+CEREG: 1\r\n"
    assert list(port) == [b"RING\r\n", b"unfinished"]


@pytest.mark.parametrize(("size", "expected"), [(None, b"abc;"), (2, b"ab"), (4, b"abc;"), (9, b"abc;"), (0, b"")])
def test_read_until_ends_at_its_size_or_at_the_expected_bytes(port, line, size, expected):
    line.write(b"abc;def;")
    assert port.read_until(b";", size) == expected


def test_a_terminator_in_two_pieces_is_found(port, line):
    line.write(b"OK\r")
    line.write(b"\nmore")
    assert port.read_until(b"\r\n") == b"OK\r\n"


def test_read_all_readinto_and_the_input_buffer(bench, port, line):
    line.write(b"0123456789")
    bench.world.run(until=1 * S)
    buffer = bytearray(4)
    assert (port.readinto(buffer), buffer) == (4, b"0123")
    assert port.read_all() == b"456789"
    line.write(b"old")
    bench.world.run(until=2 * S)
    port.reset_input_buffer()
    assert (port.in_waiting, port.read(1)) == (0, b"")


def test_what_came_before_the_port_was_opened_is_not_read(bench, line):
    line.write(b"old")
    bench.world.run(until=1 * S)
    with serial.serial_for_url("emulated://modem", timeout=0) as port:
        assert port.read(10) == b""


def test_writing_takes_no_time_and_flushing_takes_the_time_of_the_bytes(bench, port):
    port.write(bytes(1_152))
    assert (bench.world.now, port.out_waiting) == (0, 1_152)
    port.flush()
    assert (bench.world.now, port.out_waiting) == (1_152 * 10 * S // 115_200, 0)


def test_a_write_beyond_the_buffer_waits_for_room(bench, port):
    assert port.write(bytes(4_096 + 1_152)) == 5_248
    assert bench.world.now == 100 * MS


def test_a_write_timeout_raises_after_its_time_with_nothing_sent(bench, port, line):
    heard = bytearray()
    line.on_bytes = heard.extend
    port.write_timeout = 0.05
    with pytest.raises(serial.SerialTimeoutException, match=r"5248 bytes need more than 0.05 s"):
        port.write(bytes(5_248))
    assert bench.world.now == 50 * MS
    port.write(b"AT\r")
    port.flush()
    assert heard == b"AT\r"


def test_dropped_output_does_not_arrive(port, line):
    heard = bytearray()
    line.on_bytes = heard.extend
    port.write(bytes(1_000))
    port.reset_output_buffer()
    port.write(b"AT\r")
    port.flush()
    assert heard == b"AT\r"


@pytest.mark.parametrize("text", ["AT\r", None])
def test_only_bytes_can_be_written(port, text):
    with pytest.raises(TypeError):
        port.write(text)


def test_a_wrong_baud_rate_gets_no_sensible_answer_and_the_right_one_does(port):
    port.baudrate = 9_600
    port.write(b"AT\r")
    assert b"OK" not in port.read(100)
    port.baudrate = 115_200
    port.write(b"AT\r")
    assert port.read_until(b"OK\r\n") == b"AT\r\r\nOK\r\n"


def test_a_port_of_usb_takes_any_baud_rate(bench):
    line = bench.port("head_unit")
    line.on_bytes = lambda _data: line.write(b"OK HOME\n")
    with serial.serial_for_url("emulated://head_unit", timeout=1) as port:
        assert port.baudrate == 9_600
        port.write(b"PAGE?\n")
        assert port.readline() == b"OK HOME\n"


@pytest.mark.parametrize(
    "setting", [{"parity": serial.PARITY_EVEN}, {"bytesize": 7}, {"stopbits": 2}, {"baudrate": 0}], ids=str
)
def test_settings_that_the_line_has_not_are_refused(setting, line):
    with pytest.raises(ValueError, match=r"8 data bits, no parity, one stop bit|expected a positive number"):
        serial.serial_for_url("emulated://modem", **setting)
    assert line.owner is None


@pytest.mark.parametrize("url", ["emulated://nix", "emulated://", "emulated://modem/2", "emulated://modem?x=1"])
def test_an_unknown_port_names_those_there_are(url):
    with pytest.raises(serial.SerialException, match=r"no port .*has: emulated://gnss, emulated://modem"):
        serial.serial_for_url(url)


def test_one_port_has_one_user_at_a_time(port):
    with pytest.raises(serial.SerialException, match="open already"):
        serial.serial_for_url("emulated://modem")
    with pytest.raises(serial.SerialException, match="already open"):
        port.open()
    port.close()
    with serial.serial_for_url("emulated://modem") as second:
        assert second.is_open


def test_a_closed_port_does_nothing_until_it_is_opened_again(port):
    port.close()
    port.close()
    for use in (port.read, port.flush, lambda: port.write(b"AT"), lambda: port.in_waiting, lambda: port.cts):
        with pytest.raises(serial.PortNotOpenError):
            use()
    port.open()
    port.write(b"AT\r")
    assert port.read_until(b"OK\r\n").endswith(b"OK\r\n")


def test_a_port_can_be_configured_before_it_is_opened():
    port = serial.serial_for_url("emulated://modem", do_not_open=True)
    assert not port.is_open
    port.baudrate = 115_200
    with port:
        assert port.is_open
    assert not port.is_open


def test_the_ecu_sees_the_testers_control_lines(bench, port, line):
    seen = []
    line.on_control = lambda: seen.append((bench.world.now, line.dtr, line.rts, line.sends_break))
    assert (line.dtr, line.rts) == (True, True)
    port.dtr = False
    port.rts = False
    port.send_break(0.25)
    assert seen == [(0, False, True, False), (0, False, False, False), (0, False, False, True), (S // 4, *[False] * 3)]


def test_the_tester_sees_the_ecus_control_lines(port, line):
    assert (port.cts, port.dsr, port.ri, port.cd) == (True, True, False, True)
    line.ri, line.cd = True, False
    assert (port.ri, port.cd) == (True, False)


def test_closing_drops_dtr(port, line):
    port.close()
    assert (line.dtr, line.rts) == (False, False)


def test_a_read_in_another_thread_can_be_cancelled(bench, port):
    port.timeout = None
    ticks, started = [], threading.Event()

    def tick() -> None:
        ticks.append(bench.world.now)
        started.set()

    bench.world.every(1 * MS, tick)  # so that the world is not idle
    result = []
    thread = threading.Thread(target=lambda: result.append(port.read(1)))
    thread.start()
    assert started.wait(10)
    port.cancel_read()
    thread.join(10)
    assert result == [b""]


def test_pyserials_reader_thread_works_and_ends(bench, port, line):
    bench.world.every(10 * MS, lambda: line.write(b"RING\r\n"))
    rings, enough = [], threading.Event()

    class Listener(serial.threaded.LineReader):
        def handle_line(self, text: str) -> None:
            rings.append(text)
            if len(rings) >= 50:
                enough.set()

    reader = serial.threaded.ReaderThread(port, Listener)
    with reader:
        assert enough.wait(10)
    assert not reader.is_alive()
    assert set(rings) == {"RING"}


def test_the_same_url_reaches_the_port_of_the_bench_that_is_active_now(port):
    from emulation import plugin
    from emulation.bench import EmulatedBench

    new = EmulatedBench()
    new.port("modem").on_bytes = lambda _data: new.ports["modem"].write(b"new\n")
    plugin.activate(new)
    with serial.serial_for_url("emulated://modem", baudrate=115_200, timeout=1) as second:
        second.write(b"?")
        assert second.readline() == b"new\n"
    port.write(b"AT\r")
    assert port.read_until(b"OK\r\n").endswith(b"OK\r\n")
