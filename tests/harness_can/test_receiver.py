"""On the wall clock an interface is read all the time; what goes wrong there is kept for the thread of the test."""

import socket
import threading

import can
import pytest

from harness.can.database import load_database
from harness.can.network import Network
from harness.clock import WallClock
from harness.errors import BenchError
from harness.timeline import Timeline
from harness.units import S
from tests.harness_can.desk import VEHICLE

PATIENCE = 30 * S


def network_on(bus, clock):
    network = Network("body", bus, load_database(VEHICLE / "body.dbc"), Timeline(), clock)
    clock.attach(network.pump)
    return network


@pytest.fixture
def wire():
    """A network on the wall clock and a peer."""
    clock = WallClock()
    peer = can.Bus(interface="virtual", channel="receiver")
    network = network_on(can.Bus(interface="virtual", channel="receiver"), clock)
    yield network, peer
    network.close()
    peer.shutdown()
    clock.close()


def frame(number):
    return can.Message(arbitration_id=0x123, data=number.to_bytes(8, "big"), is_extended_id=False)


def test_frames_are_taken_from_the_interface_while_nobody_looks(wire):
    network, peer = wire
    for number in range(1000):
        peer.send(frame(number))
    waited = threading.Event()
    for _ in range(600):  # the test's thread never pumps
        if len(network._reading._queue) == 1000:
            break
        waited.wait(0.05)
    sent_until = network.clock.now()
    waited.wait(0.05)
    network.pump()
    frames = list(network.timeline.frames("body"))
    assert [int.from_bytes(each.data, "big") for each in frames] == list(range(1000))
    assert frames[-1].time <= sent_until  # dated by its arrival, not by the look


def test_a_reader_that_fails_is_the_bench_s_fault_once_all_is_filed(wire, monkeypatch):
    network, peer = wire
    peer.send(frame(1))
    assert network.clock.wait(lambda: bool(list(network.timeline.frames("body"))), PATIENCE)

    def broken(timeout):  # noqa: ARG001  by keyword
        raise RuntimeError("driver went away")

    monkeypatch.setattr(network.bus, "_recv_internal", broken)
    assert network.clock.wait(lambda: network.failure is not None, PATIENCE)
    with pytest.raises(BenchError, match="network body: driver went away"):
        network.check_health()
    network.pump()
    assert len(network.timeline.events("body", "interface_failed")) == 1


def test_closing_ends_the_thread(wire):
    network, _peer = wire
    assert "CAN body" in {thread.name for thread in threading.enumerate()}
    network.close()
    assert "CAN body" not in {thread.name for thread in threading.enumerate()}


def test_a_socketcand_server_that_closes_is_noticed():
    """python-can's client reads on for ever, in vain."""
    ready = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"< hi >")
                for _ in range(2):
                    connection.recv(100)
                    connection.sendall(b"< ok >")
                ready.wait(PATIENCE / S)
                connection.sendall(b"< frame 123 1.5 0000000000000007 >")

        server = threading.Thread(target=serve)
        server.start()
        host, port = listening.getsockname()
        clock = WallClock()
        network = network_on(can.Bus(interface="socketcand", channel="body", host=host, port=port), clock)
        ready.set()
        try:
            assert clock.wait(lambda: network.failure is not None, PATIENCE)
            assert "closed the connection" in network.failure
            assert len(list(network.timeline.frames("body"))) == 1
        finally:
            network.close()
            server.join()
