"""The HiSLIP server against IVI-6.1, message by message."""

import struct

import pytest

from emulation.lab.status import ERROR_AVAILABLE, MASTER_SUMMARY, MESSAGE_AVAILABLE
from tests.serve_instruments import raw_hislip as hislip
from tests.serve_instruments.raw_hislip import Channel, Client

IDENTITY = b"Keysight Technologies,34465A,MY60001234,A.03.02-03.15-03.02-00.52-03-02\n"
NO_ERROR = b'+0,"No error"\n'


@pytest.fixture
def connect(lab):
    clients = []

    def connect(name="dmm", **options):
        clients.append(Client(lab.port(name), **options))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def channel(lab):
    channels = []

    def channel(name="dmm"):
        channels.append(Channel(lab.port(name)))
        return channels[-1]

    yield channel
    for opened in channels:
        opened.close()


@pytest.mark.parametrize(("asked", "spoken"), [(0x0100, 0x0100), (0x0101, 0x0101), (0x0200, 0x0200), (0x0300, 0x0200)])
def test_the_lower_of_both_protocol_versions_is_spoken_synchronized(connect, asked, spoken):
    client = connect(version=asked)
    assert (client.version, client.features) == (spoken, 0)
    kind, control, vendor, payload = client.vendor
    assert (kind, control, payload) == (hislip.ASYNC_INITIALIZE_RESPONSE, 0, b"")
    assert vendor.to_bytes(4, "big") == b"\0\0CH"
    assert client.query(b"*IDN?\n") == IDENTITY


def test_each_session_has_its_number(connect):
    assert connect().session != connect().session


def test_an_answer_comes_with_the_number_of_its_question_and_end_needs_no_newline(connect):
    client = connect()
    assert client.query(b"*IDN?") == IDENTITY
    assert client.query(b"*OPC?") == b"1\n"


def test_a_message_may_come_in_parts(connect):
    client = connect()
    client.write(b"*ID", kind=hislip.DATA)
    assert client.query(b"N?\n") == IDENTITY


def test_an_answer_goes_in_parts_that_the_client_takes(connect):
    client = connect()
    size = struct.pack("!Q", 16 + 30)
    kind, control, parameter, answer = client.asynchronous.ask(hislip.ASYNC_MAX_SIZE, payload=size)
    assert (kind, control, parameter) == (hislip.ASYNC_MAX_SIZE_RESPONSE, 0, 0)
    assert struct.unpack("!Q", answer)[0] >= 1 << 20
    sent = client.write(b"*IDN?\n")
    parts = [client.sync.receive() for _ in range(3)]
    assert [part[0] for part in parts] == [hislip.DATA, hislip.DATA, hislip.DATA_END]
    assert {part[2] for part in parts} == {sent}
    assert max(len(part[3]) for part in parts) == 30
    assert b"".join(part[3] for part in parts) == IDENTITY


def test_an_answer_that_nobody_read_is_interrupted_by_the_next_message(connect):
    client = connect()
    assert client.query(b"*CLS;*OPC?\n", rmt=0)
    second = client.write(b"SYST:ERR?\n", rmt=0)  # RMT was not delivered: the client has not read the first answer
    assert client.sync.receive() == (hislip.INTERRUPTED, 0, second, b"")
    assert client.asynchronous.receive() == (hislip.ASYNC_INTERRUPTED, 0, second, b"")
    kind, _, number, answer = client.sync.receive()
    assert (kind, number, answer) == (hislip.DATA_END, second, b'-410,"Query INTERRUPTED"\n')


def test_a_question_that_is_overtaken_is_interrupted_and_its_answer_never_comes(connect):
    client = connect()
    client.query(b"*CLS;*OPC?\n")
    client.write(b"MEAS:VOLT?\n", rmt=1)  # takes 200 ms
    second = client.write(b"*IDN?\n", rmt=0)
    assert client.sync.receive() == (hislip.INTERRUPTED, 0, second, b"")
    kind, _, number, answer = client.sync.receive()
    assert (kind, number, answer) == (hislip.DATA_END, second, IDENTITY)
    assert client.query(b"SYST:ERR?\n") == b'-410,"Query INTERRUPTED"\n'


def test_an_answer_that_was_read_is_not_interrupted(connect):
    client = connect()
    client.query(b"*CLS;*OPC?\n")
    assert client.query(b"SYST:ERR?\n", rmt=1) == NO_ERROR
    assert client.query(b"SYST:ERR?\n", rmt=1) == NO_ERROR


def test_the_status_byte_says_whether_an_answer_is_unread(connect):
    client = connect()
    assert client.status() == 0
    client.query(b"*IDN?\n", rmt=0)
    assert client.status(rmt=0) == MESSAGE_AVAILABLE
    assert client.status(rmt=1) == 0
    assert client.query(b"SYST:ERR?\n", rmt=0) == NO_ERROR  # that it was read was told by the status query


def test_service_is_requested_once_for_each_reason_of_every_session(connect):
    asking, other = connect("supply"), connect("supply")
    asking.query(f"*CLS;*SRE {ERROR_AVAILABLE};*OPC?\n".encode())
    asking.write(b"NONSENSE\n", rmt=1)
    for client in (asking, other):
        kind, byte, _, _ = client.asynchronous.receive()
        assert kind == hislip.ASYNC_SERVICE_REQUEST
        assert byte == ERROR_AVAILABLE | MASTER_SUMMARY
    assert asking.status() == ERROR_AVAILABLE | MASTER_SUMMARY  # who asked is told once
    assert asking.status() == ERROR_AVAILABLE
    assert other.status() == ERROR_AVAILABLE | MASTER_SUMMARY
    asking.query(b"*CLS;*OPC?\n", rmt=0)
    asking.write(b"NONSENSE\n", rmt=1)
    assert asking.asynchronous.receive()[:2] == (hislip.ASYNC_SERVICE_REQUEST, ERROR_AVAILABLE | MASTER_SUMMARY)


def test_device_clear_forgets_what_is_under_way_and_keeps_settings(lab, connect):
    client = connect()
    sessions = lab.servers["hislip.dmm"].sessions
    client.query(b"SAMP:COUN 3;*OPC?\n")
    client.write(b"READ?\n", rmt=1)  # takes 600 ms, and has an answer that nobody may see
    client.write(b"SAMP:COUN 4", kind=hislip.DATA)  # half a message
    while not lab.call(lambda: len(sessions[client.session]._part)):
        pass
    kind, preference, _, _ = client.asynchronous.ask(hislip.ASYNC_DEVICE_CLEAR)
    assert (kind, preference) == (hislip.ASYNC_DEVICE_CLEAR_ACKNOWLEDGE, 0)
    client.write(b"SAMP:COUN 9\n")  # sent before the clear was complete: lost
    client.sync.send(hislip.DEVICE_CLEAR_COMPLETE, 1)  # asks for overlapped, and does not get it
    assert client.sync.receive() == (hislip.DEVICE_CLEAR_ACKNOWLEDGE, 0, 0, b"")
    client.id = 0xFFFF_FF00
    assert client.query(b"*OPC?\n", rmt=0) == b"1\n"
    assert client.query(b"SAMP:COUN?\n") == b"+3\n"


def test_trigger_is_the_bus_trigger(connect):
    client = connect("generator")
    client.query(b"*CLS;*OPC?\n")
    client.write(b"", rmt=1, kind=hislip.TRIGGER)
    assert client.query(b"SYST:ERR?\n", rmt=0).startswith(b"-211")


@pytest.mark.parametrize("code", range(7))
def test_remote_and_local_are_acknowledged(connect, code):
    answer = connect().asynchronous.ask(hislip.ASYNC_REMOTE_LOCAL_CONTROL, code, 0)
    assert answer == (hislip.ASYNC_REMOTE_LOCAL_RESPONSE, 0, 0, b"")


ODD = [
    ("asynchronous", 99, 0, 1),  # no such message
    ("asynchronous", 200, 0, 3),  # a vendor's own
    ("asynchronous", hislip.ASYNC_LOCK, 7, 2),  # neither request nor release
    ("asynchronous", hislip.ASYNC_REMOTE_LOCAL_CONTROL, 9, 2),
    ("sync", 26, 0, 1),  # descriptors, of secure connections
    ("sync", 255, 0, 3),
]


@pytest.mark.parametrize("case", ODD)
def test_what_is_not_understood_is_told_and_the_session_goes_on(connect, case):
    which, message, control, code = case
    client = connect()
    kind, answered, _, _ = getattr(client, which).ask(message, control, 0, b"whatever")
    assert (kind, answered) == (hislip.ERROR, code)
    assert client.query(b"*IDN?\n") == IDENTITY
    assert client.status(rmt=1) == 0


def test_a_message_that_is_too_large_is_told_and_skipped(connect):
    client = connect()
    size = (16 << 20) + 1
    client.sync.socket.sendall(hislip.HEADER.pack(b"HS", hislip.DATA_END, 0, client.id, size) + bytes(size))
    kind, code, _, _ = client.sync.receive()
    assert (kind, code) == (hislip.ERROR, 4)
    assert client.query(b"*IDN?\n") == IDENTITY


def test_a_bad_header_ends_the_session(connect):
    client = connect()
    client.sync.send(hislip.DATA_END, prologue=b"XX", payload=b"*IDN?\n")
    assert client.sync.receive()[:2] == (hislip.FATAL_ERROR, 1)
    assert client.sync.receive() is None
    assert client.asynchronous.receive() is None


def test_a_session_with_one_channel_cannot_be_used(channel):
    sync = channel()
    sync.send(hislip.INITIALIZE, 0, 0x0100_7878, b"hislip0")
    assert sync.receive()[0] == hislip.INITIALIZE_RESPONSE
    assert sync.ask(hislip.DATA_END, payload=b"*IDN?\n")[:2] == (hislip.FATAL_ERROR, 2)
    assert sync.receive() is None


@pytest.mark.parametrize(
    "first",
    [(hislip.DATA_END, 0, b"*IDN?\n"), (hislip.ASYNC_INITIALIZE, 12_345, b""), (hislip.INITIALIZE, 0, b"inst0")],
)
def test_a_connection_that_begins_wrongly_is_ended(channel, first):
    kind, parameter, payload = first
    connection = channel()
    assert connection.ask(kind, 0, parameter, payload)[:2] == (hislip.FATAL_ERROR, 3)
    assert connection.receive() is None


def test_too_many_sessions_are_refused(connect, channel):
    for _ in range(16):
        connect()
    assert channel().ask(hislip.INITIALIZE, 0, 0x0100_7878, b"hislip0")[:2] == (hislip.FATAL_ERROR, 4)


def test_a_session_that_loses_one_channel_loses_the_other_and_its_place(connect):
    client = connect()
    client.asynchronous.close()
    assert client.sync.receive() is None
    for _ in range(16):
        connect()
