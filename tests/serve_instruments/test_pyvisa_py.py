"""PyVISA-py's own clients at the served instruments: what they promise holds over HiSLIP and over a raw socket."""

import numpy as np
import pytest
import pyvisa

from harness.units import S
from tests.serve_instruments.served_lab import PATIENCE

POINTS = 1_000_000


class Slow:
    """A device whose first answer takes 300 ms, and is then too late for who asked."""

    def __init__(self, world):
        self.world, self.answers, self.asked = world, bytearray(), 0

    def write(self, message):
        if b"?" in message:
            self.asked += 1
            answer = b"answer %d\n" % self.asked
            delay = 3 * S // 10 if self.asked == 1 else 1
            self.world.call_at(self.world.now + delay, self.answers.extend, answer)

    def output(self):
        return self.answers

    def clear(self):
        self.answers.clear()

    def status_byte(self):
        return 16 if self.answers else 0


class Ready(Slow):
    """A device that has a million points at hand."""

    DATA = (np.arange(POINTS) % 256).astype(np.uint8)

    def write(self, message):
        if b"?" in message:
            self.answers += b"#8%08d" % POINTS + self.DATA.tobytes() + b"\n"


@pytest.fixture(params=["hislip", "socket"])
def wire(request, lab):
    return lab, getattr(lab, request.param)


def test_every_instrument_tells_who_it_is_and_what_it_has(wire, opened):
    lab, addresses = wire
    for name, address in addresses.items():
        resource = opened(address)
        assert resource.query("*IDN?").strip() == lab.bench.parts[name].IDENTITY
        assert resource.query("*OPT?").strip()
        assert resource.query("SYST:ERR?").strip().lstrip("+") == '0,"No error"'


def test_a_million_points_come_whole_whatever_bytes_are_in_them(wire, opened):
    lab, addresses = wire
    lab.add("ready", Ready(lab.bench.world))
    resource = opened(addresses["ready"])
    resource.read_termination = None  # a 0x0A in the data ends nothing
    resource.write("DATA?")
    assert resource.read_bytes(10) == b"#8%08d" % POINTS
    assert np.array_equal(np.frombuffer(resource.read_bytes(POINTS, chunk_size=1 << 20), np.uint8), Ready.DATA)
    assert resource.read_bytes(1) == b"\n"


def test_a_late_answer_is_never_taken_for_the_next_one(lab, opened):
    lab.add("slow", Slow(lab.bench.world))
    resource = opened(lab.hislip["slow"])
    resource.timeout = 100
    with pytest.raises(pyvisa.VisaIOError):
        resource.query("first?")
    resource.timeout = PATIENCE * 1_000
    assert resource.query("second?") == "answer 2\n"
    assert resource.query("third?") == "answer 3\n"


def test_a_clear_after_a_timeout_makes_all_well(lab, opened):
    lab.add("slow", Slow(lab.bench.world))
    resource = opened(lab.hislip["slow"])
    resource.timeout = 100
    with pytest.raises(pyvisa.VisaIOError):
        resource.query("first?")
    resource.timeout = PATIENCE * 1_000
    resource.clear()
    assert resource.query("second?") == "answer 2\n"


def test_a_serial_poll_tells_that_an_answer_waits(lab, opened):
    resource = opened(lab.hislip["dmm"])
    assert resource.read_stb() == 0
    resource.write("*IDN?")
    while not resource.read_stb() & 16:
        pass
    assert resource.read().startswith("Keysight")
    assert resource.read_stb() == 0


def test_the_client_locks_as_the_protocol_has_it(lab, opened):
    one, other = (opened(lab.hislip["dmm"]) for _ in range(2))
    mine, theirs = (resource.visalib.sessions[resource.session].interface for resource in (one, other))
    assert mine.async_lock_request(1.0) == "success"
    assert theirs.async_lock_info() == 1
    assert theirs.async_lock_request(0.0) == "failure"
    assert mine.async_lock_request(0.0) == "error"
    mine.last_message_id = 0
    assert mine.async_lock_release() == "success"
    assert theirs.async_lock_request(1.0, "shared") == "success"
    assert other.query("*OPC?").strip() == "1"


def test_trigger_remote_and_message_size_are_understood(lab, opened):
    interface = (resource := opened(lab.hislip["generator"])).visalib.sessions[resource.session].interface
    interface.max_msg_size = 100
    interface.trigger()
    assert resource.query("SYST:ERR?").startswith("-211")
    interface.async_remote_local_control("enableRemote")
    resource.query(" " * 300 + "*IDN?")
