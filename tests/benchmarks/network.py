"""CAN: the whole car recorded, single frames, request and answer; beside python-can's `virtual` and cantools."""

from __future__ import annotations

from pathlib import Path

import can
import cantools
from cantools.database.can import Database

from emulation import plugin
from emulation.bench import EmulatedBench
from emulation.can_bus import Frame
from harness.units import MS, S
from tests.benchmarks.measure import rate

DBC = Path(__file__).parents[2] / "vehicle" / "body.dbc"


def car(seconds: int = 20) -> float:
    """Simulated seconds of the whole car in ignition II, each frame received through `can.Bus`."""
    clock = plugin.open_clock()
    bench = plugin.active()
    for line in ("battery", "terminal_s", "terminal_15"):
        bench.line(line).drive("benchmark", 12.6)
    clock.sleep(1 * S)
    recording: list[can.Message] = []

    def record() -> None:
        recording.clear()
        for _ in range(seconds * 10):
            clock.sleep(100 * MS)
            while (message := bus.recv(0)) is not None:
                recording.append(message)

    with can.Bus(interface="emulated", channel="body") as bus:
        measured = rate(record, seconds)
    clock.close()
    assert len(recording) > 900 * seconds, f"only {len(recording)} frames in {seconds} s: is the whole car on the bus?"
    return measured


def plain_car(seconds: int = 1) -> float:
    """The same frames encoded by cantools, sent and received over `virtual`, without waiting for their times."""
    database = cantools.database.load_file(DBC)
    assert isinstance(database, Database)
    frames = [
        (message, {signal.name: signal.minimum or 0 for signal in message.signals})
        for message in database.messages
        if message.cycle_time
        for _ in range(seconds * 1_000 // message.cycle_time)
    ]
    recording: list[can.Message | None] = []

    def record() -> None:
        for message, signals in frames:
            data = message.encode(signals)
            sender.send(can.Message(arbitration_id=message.frame_id, is_extended_id=False, data=data))
            recording.append(receiver.recv(0))

    with can.Bus(interface="virtual", channel="car") as sender, can.Bus(interface="virtual", channel="car") as receiver:
        return rate(record, seconds)


def frames(interface: str, count: int) -> float:
    """Frames sent by one bus and received by another."""
    plugin.activate(EmulatedBench())
    message = can.Message(arbitration_id=0x100, is_extended_id=False, data=bytes(8))

    def carry() -> None:
        for _ in range(count):
            sender.send(message)
            assert receiver.recv(1.0) is not None

    with (
        can.Bus(interface=interface, channel="body") as sender,
        can.Bus(interface=interface, channel="body") as receiver,
    ):
        return rate(carry, count)


def answers(count: int) -> float:
    """Requests to an emulated ECU that answers at once."""
    bench = EmulatedBench()
    plugin.activate(bench)
    network = bench.buses["body"]

    def answer(_request: Frame) -> None:
        network.send(0x708, b"\x02\x7e\x00", sender=bench)

    network.attach(answer, 0x700)
    request = can.Message(arbitration_id=0x700, is_extended_id=False, data=b"\x02\x3e\x00")

    def ask() -> None:
        for _ in range(count):
            bus.send(request)
            assert bus.recv(1.0) is not None

    with can.Bus(interface="emulated", channel="body") as bus:
        return rate(ask, count)


def plain_answers(count: int) -> float:
    """The same over `virtual`: an answering bus behind a notifier thread, as python-can's documentation has it."""
    request = can.Message(arbitration_id=0x700, is_extended_id=False, data=b"\x02\x3e\x00")
    response = can.Message(arbitration_id=0x708, is_extended_id=False, data=b"\x02\x7e\x00")

    def ask() -> None:
        for _ in range(count):
            bus.send(request)
            assert bus.recv(1.0) is not None

    with (
        can.Bus(interface="virtual", channel="uds") as bus,
        can.Bus(interface="virtual", channel="uds") as ecu,
        can.Notifier(ecu, [lambda _request: ecu.send(response)], timeout=0.05),
    ):
        return rate(ask, count)
