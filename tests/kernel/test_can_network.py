"""The CAN network: arbitration, bit times against values counted by hand, who hears what."""

import pytest

from emulation.can_bus import BRS, ERROR, EXTENDED, FD, REMOTE, CanBus, Frame
from emulation.world import World
from harness.units import MS, US


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def bus(world) -> CanBus:
    return CanBus(world, "body")


@pytest.fixture
def heard(bus) -> list[Frame]:
    frames: list[Frame] = []
    bus.attach(frames.append)
    return frames


@pytest.mark.parametrize(
    ("length", "flags", "nominal_bits", "fast_bits"),
    [
        # 34 bits from start of frame to CRC, and the data, with one stuff bit in ten; then 13 that are never stuffed
        (0, 0, 34 + 3 + 13, 0),
        (8, 0, 98 + 9 + 13, 0),
        # an extended identifier has 20 bits more: 18 of identifier, SRR, r1
        (8, EXTENDED, 118 + 11 + 13, 0),
        # a remote frame carries no data, whatever it asks for
        (8, REMOTE, 34 + 3 + 13, 0),
        # FD: 17 bits to BRS, 12 after the CRC; ESI, DLC and data; stuff count, CRC17, 6 fixed stuff bits, delimiter
        (8, FD | BRS, 17 + 1 + 12, 69 + 6 + 28),
        # over 16 bytes: CRC21 with 7 fixed stuff bits
        (64, FD | BRS, 17 + 1 + 12, 517 + 51 + 33),
        (8, FD | BRS | EXTENDED, 36 + 3 + 12, 69 + 6 + 28),
        (8, FD, 17 + 1 + 12 + 69 + 6 + 28, 0),
        (0, ERROR, 23, 0),
    ],
)
def test_a_frame_takes_the_time_of_its_bits(bus, length, flags, nominal_bits, fast_bits):
    assert bus.duration(length, flags) == nominal_bits * 2 * US + fast_bits * 500


def test_a_frame_arrives_at_its_end_with_that_time(world, bus, heard):
    world.run(until=1 * MS)
    bus.send(0x100, bytes(8), sender="me")
    world.run(until=2 * MS)
    assert heard == [(1 * MS + 240 * US, 0x100, bytes(8), 0, "me")]


def test_what_waits_for_the_bus_goes_lowest_identifier_first_and_in_order_within_one(world, bus, heard):
    for identifier, data in ((0x300, b"first"), (0x200, b"1"), (0x100, b"1"), (0x200, b"2"), (0x080, b"1")):
        bus.send(identifier, data)
    world.run(until=10 * MS)
    assert [(frame.identifier, frame.data) for frame in heard] == [
        (0x300, b"first"),  # the bus was free
        (0x080, b"1"),
        (0x100, b"1"),
        (0x200, b"1"),
        (0x200, b"2"),
    ]


def test_arbitration_follows_the_bits_on_the_wire(world, bus, heard):
    """Standard wins over extended with the same first 11 bits, data over remote, an error flag over everything."""
    base = 0x123
    bus.send(0x7FF, b"")
    bus.send((base << 18) | 1, b"", EXTENDED)
    bus.send(base << 18, b"", EXTENDED)
    bus.send(base, b"", REMOTE)
    bus.send(base, b"")
    bus.send(base + 1, b"")
    bus.send(0, b"", ERROR)
    world.run(until=10 * MS)
    assert [(frame.identifier, frame.flags) for frame in heard[1:]] == [
        (0, ERROR),
        (base, 0),
        (base, REMOTE),
        (base << 18, EXTENDED),
        ((base << 18) | 1, EXTENDED),
        (base + 1, 0),
    ]


def test_a_saturated_bus_carries_frames_back_to_back(world, bus, heard):
    for _ in range(100):
        bus.send(0x100, bytes(8))
    world.run(until=1_000 * MS)
    assert [frame.time for frame in heard] == [240 * US * number for number in range(1, 101)]


def test_listeners_hear_their_identifiers_until_they_leave(world, bus):
    one, both = [], []
    bus.attach(one.append, 0x100)
    bus.attach(both.append, 0x100, 0x200)

    def send() -> None:
        for identifier in (0x100, 0x200, 0x300):
            bus.send(identifier, b"")
        world.run(until=world.now + 1 * MS)

    send()
    bus.detach(both.append)
    send()
    assert [len(one), len(both)] == [2, 2]


def test_a_listener_may_leave_while_a_frame_is_delivered(world, bus):
    def once(_frame: Frame) -> None:
        bus.detach(once)

    other = []
    bus.attach(once)
    bus.attach(other.append)
    bus.send(0x100, b"")
    world.run(until=1 * MS)
    assert len(other) == 1


def test_the_next_frame_of_an_identifier_can_be_waited_for(world, bus):
    awaited = bus.frame(0x200)
    bus.send(0x100, b"")
    bus.send(0x200, b"x")
    assert world.run(until=1 * MS, condition=awaited)
    assert awaited.value.data == b"x"
    assert not bus.frame(0x200).happened


def test_an_error_frame_is_heard_by_those_who_hear_all_and_is_no_frame_of_an_identifier(world, bus, heard):
    awaited = bus.frame(0)
    bus.send(0, b"", ERROR)
    world.run(until=1 * MS)
    assert [frame.flags for frame in heard] == [ERROR]
    assert heard[0].time == 46 * US
    assert not awaited.happened


def test_withdrawn_frames_do_not_go_out_but_the_one_on_the_wire_does(world, bus, heard):
    for number in range(3):
        bus.send(0x100 + number, b"", sender="me")
        bus.send(0x200 + number, b"", sender="other")
    bus.withdraw("me")
    world.run(until=10 * MS)
    assert [frame.identifier for frame in heard] == [0x100, 0x200, 0x201, 0x202]


def test_the_sender_is_told_when_its_frame_has_gone_out(world, bus):
    told = []
    bus.send(0x100, b"")
    bus.send(0x200, b"", sent=lambda frame: told.append((world.now, frame.identifier)))
    world.run(until=1 * MS)
    assert told == [(2 * 100 * US, 0x200)]
