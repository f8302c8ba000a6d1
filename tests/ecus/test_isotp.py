"""ISO-TP under the ECUs' diagnostics (ISO 15765-2): segments, flow control, and what does not fit."""

import pytest

from emulation.ecus.airbag import Airbag
from emulation.ecus.base.isotp import IsoTp, separation_time
from emulation.ecus.base.vehicle import diagnostics
from harness.units import MS, US, S
from tests.ecus.conftest import read_long

ACM = (0x751, 0x759)
READ_VIN = "03 22 f1 90"


@pytest.fixture
def car(car_of):
    car = car_of(Airbag)
    car.power().run(1 * S)
    return car


def test_a_long_answer_comes_in_pieces_at_the_pace_that_was_asked_for(car):
    """The VIN, 20 bytes, with 20 ms between consecutive frames; its text is the one of diagnostics.toml."""
    frames = read_long(car, ACM, READ_VIN, "30 00 14")
    assert [frame.data[0] for frame in frames] == [0x10, 0x21, 0x22]
    assert frames[2].time - frames[1].time >= 20 * MS
    payload = frames[0].data[2:] + frames[1].data[1:] + frames[2].data[1:]
    assert payload[:3].hex() == "62f190"
    assert payload[3:20].decode() == diagnostics()["ACM"].vin


def test_a_block_size_stops_the_answer_until_the_next_flow_control(car):
    """One consecutive frame a block: the second one never comes without leave."""
    assert [frame.data[0] for frame in read_long(car, ACM, READ_VIN, "30 01 00")] == [0x10, 0x21]


def test_an_overflow_ends_the_answer(car):
    """Flow status 2: nothing follows."""
    assert len(read_long(car, ACM, READ_VIN, "32 00 00")) == 1


def test_a_long_request_is_taken_in_pieces(car):
    """Four identifiers at once need two frames; flow control comes back, then the answer."""
    car.bus.send(ACM[0], bytes.fromhex("10 09 22 f1 86 f1 86 f1"))
    car.run(2 * MS)
    assert [frame.data for frame in car.frames if frame.identifier == ACM[1]] == [bytes.fromhex("300000aaaaaaaaaa")]
    car.bus.send(ACM[0], bytes.fromhex("21 86 f1 86"))
    car.run(50 * MS)
    assert [frame.data for frame in car.frames if frame.identifier == ACM[1]][-1][:4] == bytes.fromhex("10 0d 62 f1")


def test_a_frame_out_of_sequence_drops_the_request(car):
    """A lost consecutive frame leaves no half request behind."""
    car.bus.send(ACM[0], bytes.fromhex("10 09 22 f1 86 f1 86 f1"))
    car.run(2 * MS)
    car.bus.send(ACM[0], bytes.fromhex("22 86 f1 86"))
    car.run(50 * MS)
    assert len([frame for frame in car.frames if frame.identifier == ACM[1]]) == 1
    assert car.ask("3e 00", *ACM) is not None


def test_nonsense_on_a_diagnostic_identifier_is_ignored(car):
    """Empty frames, unknown frame types, lengths that do not fit."""
    for data in ("", "00", "0f 22", "40 00", "21 00", "30 00 00", "10 03 22 f1 90 00 00 00"):
        car.bus.send(ACM[0], bytes.fromhex(data))
        car.run(20 * MS)
    assert not [frame for frame in car.frames if frame.identifier == ACM[1]]


def test_separation_times_are_those_of_the_standard():
    """0..7F in ms, F1..F9 in 100 us, everything else the longest."""
    assert [separation_time(raw) for raw in (0, 0x7F, 0xF1, 0xF9, 0x80, 0xFF)] == [
        0, 127 * MS, 100 * US, 900 * US, 127 * MS, 127 * MS,
    ]  # fmt: skip


def test_two_transports_carry_messages_of_any_length(car_of):
    """Back to back, 1 to 4,095 bytes arrive as they were sent."""
    car = car_of()
    received = []
    left = IsoTp(car.world, lambda data: car.bus.send(1, data), received.append, 0xAA)
    right = IsoTp(car.world, lambda data: car.bus.send(2, data), received.append, 0xAA)
    car.bus.attach(lambda frame: right.feed(frame.data), 1)
    car.bus.attach(lambda frame: left.feed(frame.data), 2)
    for length in (1, 7, 8, 62, 4095):
        sent = bytes(index % 251 for index in range(length))
        left.transmit(sent, "left")
        car.run(2 * S)
        assert received.pop() == sent
