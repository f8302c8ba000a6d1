"""The socketcand server: its protocol word for word, several clients, slow and rude ones."""

from __future__ import annotations

import asyncio
import socket

import pytest

from emulation.bench import EmulatedBench
from emulation.can_bus import ERROR, EXTENDED, FD, REMOTE, CanBus
from emulation.serve import server, socketcand
from harness.units import MS
from tests.serve.loop import Client, run, serving


async def opened(address: str, mode: str = "") -> Client:
    client = await Client.of(address)
    assert await client.hears() == "< hi >"
    await client.says("< open body >")
    assert await client.hears() == "< ok >"
    if mode:
        await client.says(f"< {mode} >")
        assert await client.hears() == "< ok >"
    return client


async def echoed(client: Client) -> None:
    """Everything that was told before has arrived."""
    await client.says("< echo >")
    while await client.hears() != "< echo >":
        pass


def test_frames_of_the_car_are_told_with_the_world_s_time() -> None:
    async def main() -> None:
        async with serving() as served:
            client = await opened(served.servers["can.body"].address, "rawmode")
            bus = served.bench.buses["body"]
            with served.pace.acting():
                start = served.bench.world.now
                bus.send(0x123, bytes.fromhex("01F1"))
                bus.send(0x1AAAAAAA, b"", EXTENDED)
                bus.send(0x7FF, bytes(4), REMOTE)
                bus.send(0x40, b"", ERROR)
                bus.send(0x111, bytes(12), FD)
                bus.send(0x7FF, b"\x00")
            frames = [(await client.hears()).split() for _ in range(5)]
            stamps = [float(frame[3]) for frame in frames]
            assert stamps == sorted(stamps)
            assert 0 < stamps[0] * 1e9 - start < 5 * MS
            told = [" ".join(frame[:3] + frame[4:]) for frame in frames]
            assert sorted(told) == sorted(
                ["< frame 123 01F1 >", "< frame 1AAAAAAA >", "< rtr 7FF 4 >", "< error 040 >", "< frame 7FF 00 >"]
            )
            await client.close()

    run(main)


def test_each_client_hears_the_others_and_not_itself() -> None:
    async def main() -> None:
        async with serving() as served:
            address = served.servers["can.body"].address
            one, two = await opened(address, "rawmode"), await opened(address, "rawmode")
            await one.says("< send 100 2 a b >< send 18DAF110 0 >")
            await two.says("< send 200 0 >")
            assert (await one.hears()).startswith("< frame 200 ")
            assert [(await two.hears()).split()[2] for _ in range(2)] == ["100", "18DAF110"]
            await one.close()
            await two.close()

    run(main)


def test_the_answer_to_rawmode_comes_alone() -> None:
    """python-can reads it with whatever else has arrived, and gives up where that is not `< ok >` to the letter."""

    async def main() -> None:
        bench = EmulatedBench()
        bench.world.every(1 * MS, lambda: bench.buses["body"].send(0x10, b"\x01"))
        async with serving(bench) as served:
            client = await opened(served.servers["can.body"].address)
            await client.says("< rawmode >")
            assert await client.hears() == "< ok >"
            await asyncio.sleep(0.03)
            client.reader._transport.pause_reading()
            assert not client.reader._buffer, "frames came close behind the answer"
            client.reader._transport.resume_reading()
            await client.says("< echo >")  # who speaks has read the answer: frames flow at once
            first = await client.hears()
            assert first.startswith("< frame 010 ")
            await client.close()

    run(main)


@pytest.mark.parametrize(
    ("mode", "command", "complaint"),
    [
        ("rawmode", "send 100 2 1", "send: expected up to 8 bytes, as many as said, got 2 and 1"),
        ("rawmode", "send 100 9 1 2 3 4 5 6 7 8 9", "send: expected up to 8 bytes"),
        ("rawmode", "send 800 0", "send: expected an identifier"),
        ("rawmode", "send", "send: expected can_id"),
        ("rawmode", "send 100 1 100", "send: expected can_id"),
        ("rawmode", "sendrtr 100 9", "sendrtr: expected can_id can_dlc"),
        ("rawmode", "add 0 1000 100 0", "unknown command"),
        ("bcmmode", "update 100 0", "update: no send job for 100"),
        ("bcmmode", "delete 100", "delete: no send job"),
        ("bcmmode", "unsubscribe 100", "unsubscribe: no subscription"),
        ("bcmmode", "filter 0 x 100 1 FF", "filter: expected seconds"),
        ("bcmmode", "muxfilter 0 0 123 2", "unknown command"),
        ("controlmode", "send 100 0", "unknown command"),
    ],
)
def test_a_wrong_command_is_told_and_forgiven(mode: str, command: str, complaint: str) -> None:
    async def main() -> None:
        async with serving() as served:
            client = await opened(served.servers["can.body"].address, mode)
            await client.says(f"< {command} >")
            assert complaint in await client.hears()
            await client.says("< echo >")
            assert await client.hears() == "< echo >"
            await client.close()

    run(main)


def test_another_bus_s_name_ends_the_conversation() -> None:
    async def main() -> None:
        async with serving() as served:
            client = await Client.of(served.servers["can.body"].address)
            await client.says("< open can0 >")
            assert await client.hears() == "< hi >"
            assert await client.hears() == "< error could not open bus: there is body >"
            assert await client.is_closed()
            await client.close()

    run(main)


def test_jobs_are_sent_on_their_cycle_and_end_with_their_client() -> None:
    async def main() -> None:
        async with serving() as served:
            address = served.servers["can.body"].address
            worker, listener = await opened(address), await opened(address, "rawmode")
            await worker.says("< add 0 20000 123 1 11 >")
            frames = [(await listener.hears()).split() for _ in range(3)]
            assert {(frame[2], frame[4]) for frame in frames} == {("123", "11")}
            first, second, third = (round(float(frame[3]) * 1000) for frame in frames)
            assert (second - first, third - second) == (20, 20)
            await worker.says("< update 123 1 22 >")
            while (await listener.hears()).split()[4] != "22":
                pass
            await worker.close()
            while len(served.servers["can.body"]._peers) == 2:  # noqa: ASYNC110  the end of a peer makes no event
                await asyncio.sleep(0.005)
            await echoed(listener)
            await asyncio.sleep(0.06)
            await listener.says("< echo >")
            assert await listener.hears() == "< echo >", "the frame is still sent"
            await listener.close()

    run(main)


def test_what_a_client_sent_before_it_hung_up_goes_out() -> None:
    """As from a socket of the kernel: a player closes at once after its last frame."""

    async def main() -> None:
        async with serving() as served:
            address = served.servers["can.body"].address
            listener, player = await opened(address, "rawmode"), await opened(address, "rawmode")
            await player.says("".join(f"< send 321 1 {number:X} >" for number in range(20)))
            await player.close()
            heard = [(await listener.hears()).split()[4] for _ in range(20)]
            assert heard == [f"{number:02X}" for number in range(20)]
            await listener.close()

    run(main)


def test_subscriptions_and_filters_tell_what_was_asked_for() -> None:
    async def main() -> None:
        async with serving() as served:
            client = await opened(served.servers["can.body"].address)
            await client.says("< subscribe 0 0 100 >< filter 0 0 200 2 FF 00 >< subscribe 3600 0 300 >< echo >")
            assert await client.hears() == "< echo >"
            bus: CanBus = served.bench.buses["body"]
            with served.pace.acting():
                for identifier, data in [
                    (0x100, "01"),
                    (0x100, "01"),
                    (0x200, "0101"),
                    (0x200, "0102"),  # no bit of the mask has changed
                    (0x200, "0202"),
                    (0x300, "01"),
                    (0x300, "02"),  # too soon
                    (0x7FF, "FF"),  # nobody asked for it
                ]:
                    bus.send(identifier, bytes.fromhex(data))
            told = sorted([f"{frame[2]} {frame[4]}" for frame in [(await client.hears()).split() for _ in range(5)]])
            assert told == ["100 01", "100 01", "200 0101", "200 0202", "300 01"]
            await client.says("< unsubscribe 100 >< echo >")
            assert await client.hears() == "< echo >"
            with served.pace.acting():
                bus.send(0x100, b"\x05")
                bus.send(0x200, b"\x05\x00")
            assert (await client.hears()).split()[2] == "200"
            await client.close()

    run(main)


def test_a_client_that_does_not_read_is_told_and_dropped_while_others_hear_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        monkeypatch.setattr(server, "BACKLOG", 20_000)
        async with serving() as served:
            wire = served.servers["can.body"]
            slow = await opened(wire.address, "rawmode")
            (peer,) = wire._peers.values()
            for writer in (slow.writer, peer):  # little room in the kernel
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
            quick = await opened(wire.address, "rawmode")
            slow.writer.transport.pause_reading()
            await echoed(quick)
            while not peer.is_closing():
                with served.pace.acting():
                    for _ in range(100):
                        served.bench.buses["body"].send(0x123, bytes(8))
                await asyncio.sleep(0.005)
                await echoed(quick)
            slow.writer.transport.resume_reading()
            assert (await slow.reader.read(-1)).endswith(b"< error you read too slowly, and frames were lost >")
            await slow.close()
            await quick.close()

    run(main)


def test_a_client_that_floods_waits_for_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        monkeypatch.setattr(socketcand, "QUEUE", 10)
        async with serving() as served:
            client = await opened(served.servers["can.body"].address, "rawmode")
            waiting = []
            served.pace.watch(lambda: waiting.append(len(served.bench.buses["body"]._pending)))
            await client.says("< send 100 8 1 2 3 4 5 6 7 8 >" * 300 + "< echo >")
            assert await client.hears() == "< echo >"
            assert max(waiting) <= 10
            await client.close()

    run(main)


def test_statistics_count_both_ways() -> None:
    async def main() -> None:
        async with serving() as served:
            address = served.servers["can.body"].address
            sender, observer = await opened(address, "rawmode"), await opened(address, "controlmode")
            await sender.says("< send 100 3 1 2 3 >")
            with served.pace.acting():
                served.bench.buses["body"].send(0x200, bytes(8))
            await observer.says("< statistics 20 >")
            while await observer.hears() != "< stat 8 1 3 1 >":
                pass
            await observer.close()
            await sender.close()

    run(main)


def test_a_server_can_be_told_to_disconnect_and_to_refuse() -> None:
    async def main() -> None:
        async with serving() as served:
            wire = served.servers["can.body"]
            client = await opened(wire.address, "rawmode")
            wire.disconnect()
            assert await client.is_closed()
            wire.refuse(on=True)
            refused = await Client.of(wire.address)
            assert await refused.is_closed()
            wire.refuse(on=False)
            again = await opened(wire.address)
            for each in (client, refused, again):
                await each.close()

    run(main)
