"""python-can's helpers on interface `emulated`: notifier threads, readers, loggers, the thread-safe bus, asyncio."""

import asyncio
import threading

import can
import pytest

from harness.units import MS


@pytest.fixture(autouse=True)
def traffic(bench):
    """A frame every 10 ms that carries its number."""
    numbers = iter(range(1 << 30))
    return bench.world.every(10 * MS, lambda: bench.buses["body"].send(0x100, next(numbers).to_bytes(4, "big")))


def numbers(messages: list[can.Message]) -> list[int]:
    return [int.from_bytes(message.data, "big") for message in messages]


def test_a_notifier_drives_the_world_and_ends_cleanly(bus):
    enough, seen = threading.Event(), []

    def listener(message: can.Message) -> None:
        seen.append(message)
        if len(seen) >= 100:
            enough.set()

    with can.Notifier(bus, [listener], timeout=0.1) as notifier:
        assert enough.wait(10)
    assert notifier.exception is None
    assert not any(thread.name.startswith("Notifier") for thread in threading.enumerate())
    assert numbers(seen) == list(range(len(seen)))


def test_the_main_thread_can_run_the_world_beside_a_notifier(bus, other):
    reader = can.BufferedReader()
    with can.Notifier(bus, [reader], timeout=0.1):
        mine = [other.recv(1.0) for _ in range(100)]
    assert numbers(mine) == list(range(100))
    theirs = [*iter(lambda: reader.get_message(0), None), *iter(lambda: bus.recv(0), None)]
    assert numbers(theirs)[:100] == list(range(100))


def test_frames_sent_beside_a_notifier_arrive(bus, other):
    answered = threading.Event()

    def echo(message: can.Message) -> None:
        if message.arbitration_id == 0x200:
            answered.set()

    with can.Notifier(other, [echo], timeout=0.1):
        bus.send(can.Message(arbitration_id=0x200, is_extended_id=False))
        assert answered.wait(10)


def test_a_listener_that_raises_is_reported_by_its_notifier(bus):
    failed = threading.Event()

    class Broken(can.Listener):
        def on_message_received(self, _message: can.Message) -> None:
            raise ZeroDivisionError

        def on_error(self, _error: Exception) -> None:
            failed.set()

    with can.Notifier(bus, [Broken()], timeout=0.1):
        assert failed.wait(10)


def test_asyncio_reads_through_a_notifier(bus):
    async def read() -> list[can.Message]:
        reader = can.AsyncBufferedReader()
        with can.Notifier(bus, [reader], timeout=0.1, loop=asyncio.get_running_loop()):
            return [await reader.get_message() for _ in range(20)]

    assert numbers(asyncio.run(read())) == list(range(20))


@pytest.mark.parametrize("suffix", ["asc", "blf", "log", "csv"])
def test_a_log_has_every_frame_with_its_time(bus, tmp_path, suffix):
    path = tmp_path / f"recording.{suffix}"
    sent = []
    with can.Logger(path) as logger:
        for _ in range(50):
            sent.append(bus.recv(1.0))
            logger(sent[-1])
    with can.LogReader(path) as log:
        read = list(log)
    assert numbers(read) == list(range(50))
    spans = [message.timestamp - messages[0].timestamp for messages in (read, sent) for message in (messages[-1],)]
    assert spans[0] == pytest.approx(spans[1], abs=2e-6)


def test_the_thread_safe_bus_serves_two_readers_each_frame_once():
    seen: list[can.Message] = []
    with can.ThreadSafeBus(interface="emulated", channel="body") as shared:

        def read() -> None:
            seen.extend(shared.recv(1.0) for _ in range(100))

        threads = [threading.Thread(target=read) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(numbers(seen)) == list(range(200))


def test_two_threads_on_one_plain_bus_share_its_frames(bus):
    seen: list[can.Message | None] = []

    def read() -> None:
        seen.extend(bus.recv(1.0) for _ in range(200))

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers(seen)) == list(range(400))
