"""The emulated network joined to a bus of another python-can interface, and mirrored by UDP multicast."""

from __future__ import annotations

import asyncio

import can
import pytest

from emulation.bench import EmulatedBench
from emulation.can_bus import ERROR, EXTENDED
from emulation.serve.can_bridge import CanBridge, joined
from tests.serve.loop import run, serving

CHANNEL = "virtual:bridge-test"
"""python-can's bus within a process, in place of SocketCAN, which this machine may not have."""


def test_frames_go_both_ways_and_none_comes_back() -> None:
    async def main() -> None:
        async with serving(can=[CHANNEL]) as served:
            network, heard, arrived = served.bench.buses["body"], [], asyncio.Event()
            network.attach(lambda frame: (heard.append(frame), arrived.set()))
            with can.Bus(interface="virtual", channel="bridge-test") as real:
                real.send(can.Message(arbitration_id=0x1ABCDEF0, data=[1, 2, 3]))
                await arrived.wait()
                assert [(frame.identifier, frame.data, frame.flags) for frame in heard] == [
                    (0x1ABCDEF0, b"\x01\x02\x03", EXTENDED)
                ]
                with served.pace.acting():
                    network.send(0x123, b"\x09")
                message = await asyncio.to_thread(real.recv, 10)
                assert message is not None
                assert (message.arbitration_id, bytes(message.data)) == (0x123, b"\x09")
                assert await asyncio.to_thread(real.recv, 0.1) is None, "a frame came back to its sender"

    run(main)


def test_a_bus_that_takes_nothing_costs_frames_and_not_the_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        async with serving(can=[CHANNEL]) as served:
            bridge = served.servers["joined.1"]
            assert isinstance(bridge, CanBridge)
            assert bridge._bus is not None

            def full(*_arguments: object, **_more: object) -> None:
                raise can.CanOperationError("transmit buffer full")

            monkeypatch.setattr(bridge._bus, "send", full)
            with served.pace.acting():
                served.bench.buses["body"].send(0x123, b"")
            while not bridge.lost:  # noqa: ASYNC110  it makes no event
                await asyncio.sleep(0.005)
            assert served.pace.failure is None

    run(main)


@pytest.mark.parametrize(
    ("wanted", "complaint"),
    [
        ("vcan0", "expected INTERFACE:CHANNEL"),
        ("socketcan:vcan0,fd", "expected INTERFACE:CHANNEL"),
        ("canalyser:0", "no interface 'canalyser'; it has .*socketcan"),
        ("udp_multicast:239.74.163.2", "can show a network, and not join one"),
    ],
)
def test_what_cannot_be_joined_is_told(wanted: str, complaint: str) -> None:
    async def main() -> None:
        async with serving() as served:
            with pytest.raises(ValueError, match=complaint):
                joined(served.pace, served.bench.buses["body"], wanted)

    run(main)


def test_an_interface_that_cannot_be_opened_is_told_with_its_name() -> None:
    async def main() -> None:
        with pytest.raises(OSError, match="slcan:/dev/none cannot be opened"):
            async with serving(can=["slcan:/dev/none"]):
                pass

    run(main)


def test_the_mirror_shows_frames_on_this_machine_alone_and_takes_none() -> None:
    async def main() -> None:
        bench = EmulatedBench()
        async with serving(bench, mirror=True) as served:
            shown = served.servers["mirror.body"]
            assert isinstance(shown, CanBridge)
            assert shown._bus is not None
            assert shown._bus._multicast.hop_limit == 0
            group, port = shown.address.removeprefix("udp_multicast:").split(",port=")
            heard: list[object] = []
            bench.buses["body"].attach(heard.append)
            with can.Bus(interface="udp_multicast", channel=group, port=int(port), hop_limit=0) as watcher:
                watcher.send(can.Message(arbitration_id=0x7, is_extended_id=False))
                with served.pace.acting():
                    bench.buses["body"].send(0x123, b"\x01\x02")
                    bench.buses["body"].send(0x40, b"", ERROR)
                messages = [await asyncio.to_thread(watcher.recv, 10) for _ in range(3)]
            assert [message and message.arbitration_id for message in messages] == [0x7, 0x123, 0x40]
            assert len(heard) == 2, "what a watcher sends reached the car"

    run(main)


def test_a_machine_without_multicast_is_served_without_the_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        def nowhere(*_arguments: object, **_more: object) -> None:
            raise can.CanInitializationError("no multicast here")

        monkeypatch.setattr(can, "Bus", nowhere)
        async with serving(mirror=True) as served:
            assert "mirror.body" not in served.servers
            assert "can.body" in served.servers

    run(main)
