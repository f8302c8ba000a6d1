"""Raw SCPI over a socket: framing, sessions, and what a client leaves behind."""

import socket

import pytest

from emulation.lab.framing import Framer, split, without_blocks
from emulation.serve import scpi_device
from harness.units import US
from tests.serve_instruments.served_lab import PATIENCE

IDENTITY = b"Keysight Technologies,E36312A,MY59001234,2.1.0-1.0.4-1.12\n"


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.file = self.socket.makefile("rb")

    def send(self, data):
        self.socket.sendall(data)

    def line(self):
        return self.file.readline()

    def ask(self, data):
        self.send(data)
        return self.line()

    def is_cut_off(self):
        try:
            return self.line() == b""
        except ConnectionError:
            return True

    def close(self):
        self.file.close()
        self.socket.close()


@pytest.fixture
def connect(lab):
    clients = []

    def connect(name="supply"):
        clients.append(Client(lab.port(name, "socket")))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()


def test_a_message_ends_with_a_newline_however_it_arrives(connect):
    client = connect()
    for part in (b"*I", b"DN", b"?"):
        client.send(part)
    assert client.ask(b"\r\n") == IDENTITY
    assert client.ask(b"*OPC?\n\n  \n*CLS\n") == b"1\n"


def test_each_connection_has_its_own_answers_and_all_share_the_instrument(connect):
    one, other = connect(), connect()
    one.send(b"VOLT 4,(@2);*OPC?\n")
    assert other.ask(b"*IDN?\n") == IDENTITY
    assert one.line() == b"1\n"
    assert float(other.ask(b"VOLT? (@2)\n")) == 4


def test_many_questions_at_once_are_answered_one_after_the_other(connect):
    client = connect()
    client.send(b"*CLS\n*OPC?\n*IDN?\nSYST:ERR?\n")
    assert [client.line() for _ in range(3)] == [b"1\n", IDENTITY, b'+0,"No error"\n']


def test_a_client_that_closes_loses_its_answer_and_nobody_else_gets_it(lab, connect):
    leaving = connect()
    leaving.send(b"MEAS:VOLT? (@2)\n")
    leaving.close()
    client = connect()
    assert client.ask(b"*IDN?\n") == IDENTITY
    assert client.ask(b"*OPC?\n") == b"1\n"
    assert lab.call(lab.bench.parts["supply"].output) == b""


def test_a_newline_inside_a_block_is_data(connect):
    client = connect()
    client.send(b"*CLS\nNONSENSE #15ab\ncd\nSYST:ERR?\n")
    assert client.line().startswith(b"-113")
    assert client.ask(b"SYST:ERR?\n") == b'+0,"No error"\n'


def test_a_message_without_an_end_ends_the_connection(connect):
    client = connect()
    try:
        for _ in range(40):
            client.send(bytes(1 << 20).replace(b"\0", b" "))
        assert client.line() == b""
    except ConnectionError:
        pass  # it was ended while we sent
    assert connect().ask(b"*IDN?\n") == IDENTITY


def test_connections_are_broken_and_refused_on_demand_and_come_again(lab, connect):
    server = lab.servers["socket.supply"]
    client = connect()
    assert client.ask(b"*IDN?\n") == IDENTITY
    lab.call(server.disconnect)
    assert client.is_cut_off()
    lab.call(lambda: server.refuse(True))
    assert connect().is_cut_off()
    lab.call(lambda: server.refuse(False))
    assert connect().ask(b"*IDN?\n") == IDENTITY


def test_a_client_that_sends_faster_than_the_instrument_works_waits_and_loses_nothing(lab, connect):
    client, twin, waiting = connect(), lab.bench.parts["supply"], []
    twin.LATENCY = 10 * US
    queue = twin.queue

    def noting(conversation):
        queue(conversation)
        waiting.append(conversation.backlog)

    twin.queue = noting
    client.send(b"*CLS\n" + b"NONSENSE\n" * 30_000 + b"SYST:ERR:COUN?\n")  # a chunk holds some 7,300
    assert client.line() == b"+20\n"
    assert len(waiting) == 30_002
    assert max(waiting) < 9_000


def test_a_client_that_reads_nothing_is_sent_away(lab, connect, monkeypatch):
    monkeypatch.setattr(scpi_device, "UNREAD_MAX", 1 << 20)
    client = connect()
    lab.bench.parts["supply"].LATENCY = 10 * US
    lab.bench.parts["supply"].identity = lambda: "x" * 60_000
    try:
        for _ in range(200):
            client.send(b"*IDN?\n")
        read = sum(len(client.line()) for _ in range(200))
    except ConnectionError:
        read = 0
    assert read < 200 * 60_000
    assert connect().ask(b"*OPC?\n") == b"1\n"


STREAMS = [
    (b"*IDN?\n*RST\n", [b"*IDN?", b"*RST"]),
    (b"A #13a\nb\nB\n", [b"A #13a\nb", b"B"]),
    (b"A #215" + b"\n" * 15 + b"\n", [b"A #215" + b"\n" * 15]),
    (b'A "#12"\nB\n', [b'A "#12"', b"B"]),  # no block inside a string
    (b"A '\"#12'\nB\n", [b"A '\"#12'", b"B"]),
    (b"A #H1F,#Q17\nB\n", [b"A #H1F,#Q17", b"B"]),
    (b"A #1x\nB\n", [b"A #1x", b"B"]),
    (b"A '\nB\n", [b"A '", b"B"]),  # a string that nobody closed ends with its message
    (b"A #0\n", [b"A #0"]),
]


@pytest.mark.parametrize("case", STREAMS)
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_stream_is_cut_into_messages_whatever_the_pieces_it_comes_in(case, size):
    stream, messages = case
    framer = Framer()
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert [message for piece in pieces for message in framer.feed(piece)] == messages
    assert framer.pending == 0


def test_end_closes_a_message_and_a_block_is_one_word_of_it():
    assert split(b"A #13\n\n\n;B\nC") == [b"A #13\n\n\n;B", b"C"]
    assert without_blocks(b"A #13;\n;,#12;;;B '#11'") == b"A #BLOCK,#BLOCK;B '#11'"
