"""The serial line: bytes take their time, in order; a wrong baud rate makes garbage of them."""

import pytest

from emulation.serial_line import SerialLine
from emulation.world import World
from harness.units import MS, S


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def line(world) -> SerialLine:
    return SerialLine(world, "modem", baudrate=9_600)


def test_bytes_arrive_after_ten_bits_each(world, line):
    line.write(b"0123456789")
    world.run(condition=line.arrived())
    assert (bytes(line.inbox), world.now) == (b"0123456789", 100 * S // 9_600)


def test_a_write_waits_for_the_one_before_it(world, line):
    heard = []
    line.on_bytes = lambda data: heard.append((world.now, data))
    line.send(b"AT")
    line.send(b"\r")
    world.run(until=1 * S)
    assert heard == [(20 * S // 9_600, b"AT"), (20 * S // 9_600 + 10 * S // 9_600, b"\r")]


def test_both_directions_are_independent(world, line):
    line.on_bytes = lambda data: line.write(data.upper())
    line.write(b"x" * 960)
    line.send(b"y")
    world.run(until=1 * S + 500 * MS)
    assert line.inbox == b"x" * 960 + b"Y"


def test_what_has_not_gone_out_can_be_dropped(world, line):
    heard = bytearray()
    line.on_bytes = heard.extend
    line.send(b"0123456789")
    world.run(until=35 * S // 9_600)  # three bytes and a half
    assert line.unsent == 7
    line.drop_unsent()
    line.send(b"new")
    world.run(until=1 * S)
    assert heard == b"012new"


@pytest.mark.parametrize("factor", [0.97, 0.99, 1.0, 1.01, 1.03])
def test_a_baud_rate_within_three_percent_reads_right(world, line, factor):
    line.tester_baudrate = int(9_600 * factor)
    line.write(bytes(range(256)))
    world.run(until=1 * S)
    assert line.inbox == bytes(range(256))


@pytest.mark.parametrize("baudrate", [4_800, 8_800, 10_500, 19_200, 115_200])
def test_a_wrong_baud_rate_reads_garbage_in_both_directions(world, line, baudrate):
    heard = bytearray()
    line.on_bytes = heard.extend
    line.tester_baudrate = baudrate
    line.write(b"AT+COPS?\r")
    line.send(b"AT+COPS?\r")
    world.run(until=1 * S)
    assert line.inbox
    assert line.inbox != b"AT+COPS?\r"
    assert heard
    assert heard != b"AT+COPS?\r"


def test_half_the_baud_rate_reads_what_a_uart_would(world, line):
    """U, 0x55, alternates bit by bit: at half the rate each sample falls on a 0-1 pair's second bit, a 1."""
    line.tester_baudrate = 4_800
    line.write(b"U")
    world.run(until=1 * S)
    assert line.inbox == b"\xff"


def test_those_who_wait_for_bytes_are_told_and_then_the_harness_is(world, line):
    order = []
    line.notice = lambda: order.append(bytes(line.inbox))
    line.write(b"OK")
    assert world.run(until=1 * S, condition=line.next_bytes())
    assert order == [b"OK"]
    assert line.arrived().happened
    assert not line.next_bytes().happened
