"""CAN on the wall clock: how late our restbus is beside python-can's tasks, and what a capture at full load loses."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

import can
from can.interfaces.virtual import VirtualBus
from rich.console import Console

from harness.can.cycle_error import CycleError
from harness.can.database import load_database
from harness.can.network import Network
from harness.can.scheduler import Scheduler
from harness.clock import WallClock
from harness.timeline import Timeline
from harness.units import MS, US, S, pretty

DBC = Path(__file__).parents[2] / "vehicle" / "body.dbc"
CYCLE = 10 * MS
MESSAGES = 20
"""Each is sent every 10 ms, as a chassis network's are."""
ROUNDS, ROUND = 3, 1.5
"""Both sides in turn, so many s each."""
BACK_TO_BACK = 1 * MS
"""Two frames of one message nearer than this are a burst."""

NETWORKS, RATE = 4, 9_500
"""38,000 frames/s: what four CAN FD networks (500 kbit/s, 2 Mbit/s) carry of 8-byte frames when full."""
CAPTURE = 30.0


class Lateness(NamedTuple):
    """Of one round, in ns."""

    p50: int
    p99: int
    longest: int


class Noting(VirtualBus):
    """Notes when each message was handed to it, in ns."""

    def __init__(self) -> None:
        self.instants: list[list[int]] = [[] for _ in range(MESSAGES)]
        super().__init__(channel="jitter")

    def send(self, msg: can.Message, timeout: float | None = None) -> None:
        self.instants[msg.arbitration_id].append(time.monotonic_ns())
        super().send(msg, timeout)


def ours(wait: Callable[[], None]) -> tuple[Lateness, Noting]:
    """Our scheduler, by its own count: a frame is late from the first slot on that it stands for."""
    error = CycleError()
    scheduler = Scheduler(WallClock())
    with Noting() as bus:
        for message in _messages():
            scheduler.every(message.arbitration_id, CYCLE, lambda each=message: bus.send(each), error, _give_up)
        wait()
        scheduler.close()
    return Lateness(error.quantile(0.5), error.quantile(0.99), error.longest), bus


def python_can(wait: Callable[[], None]) -> tuple[Lateness, Noting]:
    """python-can's tasks, one thread each. They send every slot's frame at last; the earliest show the grid."""
    with Noting() as bus:
        for message in _messages():
            bus.send_periodic(message, CYCLE / S)
        wait()
        bus.stop_all_periodic_tasks()
    late: list[int] = []
    for instants in bus.instants:
        ages = [instant - number * CYCLE for number, instant in enumerate(instants)]
        late += [age - min(ages) for age in ages]
    late.sort()
    return Lateness(late[len(late) // 2], late[len(late) * 99 // 100], late[-1]), bus


def _messages() -> list[can.Message]:
    return [can.Message(arbitration_id=each, data=bytes(8), is_extended_id=False) for each in range(MESSAGES)]


def _give_up(error: Exception) -> None:
    raise error


@contextmanager
def busy() -> Iterator[None]:
    """A Python thread that computes all the time."""
    over = threading.Event()

    def compute() -> None:
        number = 0
        while not over.is_set():
            number += 1

    thread = threading.Thread(target=compute)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def stalled() -> None:
    """A tenth of a second and more in which C code lets no other Python thread run."""
    time.sleep(0.5)
    begun = time.monotonic()
    while time.monotonic() - begun < 0.1:
        sum(range(3_000_000))
    time.sleep(0.3)


def bursts(bus: Noting) -> int:
    """The longest row of frames of one message that came back to back."""
    longest = 0
    for instants in bus.instants:
        row = 0
        for before, after in pairwise(instants):
            row = row + 1 if after - before < BACK_TO_BACK else 0
            longest = max(longest, row)
    return longest


def jitter(console: Console) -> None:
    """Print both sides' cycle error, idle and beside a busy thread, and what follows a stall."""
    console.print(f"Cyclic sending, {MESSAGES} messages every 10 ms; medians of {ROUNDS} rounds in turn")
    for load, beside in (("idle", ExitStack), ("beside a busy thread", busy)):
        pairs = []
        for _ in range(ROUNDS):
            with beside():
                pairs.append((ours(lambda: time.sleep(ROUND))[0], python_can(lambda: time.sleep(ROUND))[0]))
        ratio = median(theirs.p99 / mine.p99 for mine, theirs in pairs)
        for who, rounds in zip(("ours", "python-can"), zip(*pairs, strict=True), strict=True):
            p50, p99, longest = (round(median(each)) for each in zip(*rounds, strict=True))
            figures = {"p50": p50, "p99": p99, "max": longest}
            told = ", ".join(f"{name} {pretty(value // US * US)}" for name, value in figures.items())
            console.print(f"  {load}: {who:10} {told}", highlight=False)
        console.print(f"  {load}: p99 of ours is {1 / ratio:.2f} of python-can's (aim: 0.5)", highlight=False)
    mine, theirs = bursts(ours(stalled)[1]), bursts(python_can(stalled)[1])
    console.print(
        f"  after a stall of 0.1 s: {mine} frames back to back (aim: 0), python-can {theirs}", highlight=False
    )


def capture(console: Console, duration: float = CAPTURE) -> None:
    """Print how many of 38,000 frames/s on four networks the harness's networks did not file; aim: none."""
    total = round(RATE * duration)
    generator = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.can_generator", str(NETWORKS), str(RATE), str(duration)],
        cwd=DBC.parents[1], stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert generator.stdout is not None
    clock, timeline = WallClock(), Timeline()
    networks = [
        _network(f"can{place}", int(port), clock, timeline)
        for place, port in enumerate(generator.stdout.readline().split())
    ]
    begun, cpu = clock.now(), time.process_time()
    longest = _work(clock, timeline, round(duration * S))
    deadline = clock.now() + 60 * S
    while clock.now() < deadline and any(_filed(timeline, each.name) < total for each in networks):
        clock.sleep(10 * MS)
    took, cpu = clock.now() - begun, time.process_time() - cpu
    lost = sum(total - _filed(timeline, each.name) for each in networks)
    disorder = sum(_out_of_order(timeline, each.name) for each in networks)
    for network in networks:
        network.close()
    sent_in = float(generator.stdout.readline())
    generator.wait(60)
    generator.stdout.close()
    console.print(
        f"CAN capture, {NETWORKS} networks over python-can's socketcand client: "
        f"{NETWORKS * total / sent_in:,.0f} frames/s for {sent_in:.1f} s, {lost} lost (aim: 0), {disorder} out of "
        f"order; all filed after {took / S:.1f} s, {cpu / took * S:.0%} of a core, longest time nobody pumped "
        f"{pretty(longest // MS * MS)}",
        highlight=False,
    )


def _network(name: str, port: int, clock: WallClock, timeline: Timeline) -> Network:
    bus = can.Bus(interface="socketcand", channel=name, host="127.0.0.1", port=port)
    network = Network(name, bus, load_database(DBC), timeline, clock, echoes=False)
    clock.attach(network.pump)
    return network


def _work(clock: WallClock, timeline: Timeline, duration: int) -> int:
    """What a test does meanwhile: ask the timeline, compute, and hang in an instrument for 2 s; the longest absence."""
    longest, begun, hung = 0, clock.now(), False
    while clock.now() - begun < duration:
        away = clock.now()
        if not hung and away - begun > duration // 2:
            hung = True
            threading.Event().wait(2)
        sum(number * number for number in range(5_000))
        timeline.value("can0/OHC_Status.Sos")
        longest = max(longest, clock.now() - away)
        clock.sleep(5 * MS)
    return longest


def _filed(timeline: Timeline, network: str) -> int:
    return sum(len(track.times) for key, track in timeline._tracks.items() if key[0] == network)


def _out_of_order(timeline: Timeline, network: str) -> int:
    """Frames whose number does not follow that of the frame before."""
    numbers = (int.from_bytes(frame.data, "big") for frame in timeline.frames(network))
    return sum(after != before + 1 for before, after in pairwise(numbers))


def main(console: Console) -> None:
    """Both, in about 50 s."""
    jitter(console)
    capture(console)


if __name__ == "__main__":
    main(Console(width=120))
