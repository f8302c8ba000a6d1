"""`make bench`: the emulated bench beside plain libraries; then CAN on the wall clock; then runs that are killed."""

from __future__ import annotations

import platform

from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.benchmarks import can_wall, kernel, kills, network, recording, round_trips, scope_transfer
from tests.benchmarks.measure import ROUNDS, Contest, run

CONTESTS = (
    Contest("simulated s, whole car recorded", network.car, "virtual + cantools, flat out", network.plain_car),
    Contest(
        "frames sent and received",
        lambda: network.frames("emulated", 20_000),
        "python-can virtual",
        lambda: network.frames("virtual", 5_000),
    ),
    Contest(
        "frames recorded (BLF)",
        lambda: recording.ours(400_000),
        "python-can BLFWriter",
        lambda: recording.theirs(40_000),
    ),
    Contest(
        "CAN round trips", lambda: network.answers(20_000), "virtual, Notifier", lambda: network.plain_answers(1_000)
    ),
    Contest("serial round trips", lambda: round_trips.modem(20_000), "loop://", lambda: round_trips.loopback(2_000)),
    Contest(
        "VISA round trips",
        lambda: round_trips.instrument(5_000),
        "PyVISA-py, loopback socket",
        lambda: round_trips.socket_instrument(1_000),
    ),
    Contest(
        "HTTP round trips",
        lambda: round_trips.offboard(500),
        "http.server, loopback",
        lambda: round_trips.served(500),
    ),
    Contest(
        "wake-ups, delay", lambda: kernel.delays(200_000), "asyncio.sleep(0)", lambda: kernel.asyncio_sleeps(100_000)
    ),
    Contest("wake-ups, condition", lambda: kernel.conditions(200_000), "two threads", lambda: kernel.threads(5_000)),
    Contest(
        "wake-ups, condition or timeout",
        lambda: kernel.either(100_000),
        "asyncio.wait_for",
        lambda: kernel.asyncio_timeouts(10_000),
    ),
)


def main() -> None:
    """Measure, and print one table."""
    table = Table(
        title=f"Per second; medians of {ROUNDS} rounds in turn, Python {platform.python_version()}", box=box.SIMPLE
    )
    for heading, side in (("", "left"), ("emulated", "right"), ("beside", "left"), ("", "right"), ("ratio", "right")):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]  # rich's literals
    for contest in track(CONTESTS, description="Measuring", transient=True):
        outcome = run(contest)
        table.add_row(
            contest.what, f"{outcome.ours:,.0f}", contest.peer, f"{outcome.theirs:,.0f}", f"{outcome.ratio:.1f}"
        )
    console = Console(width=100)
    console.print(table)
    scope_transfer.main(console)
    can_wall.main(console)
    kills.main(console)


if __name__ == "__main__":
    main()
