"""Frames that were sent and never arrived, by the counters of those around them (docs/decisions/0013).

A CAN controller that drops frames says nothing. But a message under E2E protection counts: where its counter goes on
and time shows a hole of as many cycles, the ECU has sent what we did not hear: a frame was lost on its way, on our side
of the bus. Three things look alike and are the car's: an ECU that pauses (its counter does not go on), one that skips
a counter (no hole in time), one that boots (its counter begins with 0).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from cantools.database.can import Message

from harness.can.e2e import Protection
from harness.can.network import Network
from harness.units import MS, pretty

HOLE = 1.5
"""Cycles without a frame that are a hole; jitter makes less."""

LOOK_BACK = 5
"""Cycles before a window in which the counter that a first gap is counted from stands."""

ON_CHANGE = 3
"""Frames on change that may have been sent besides the cyclic ones in a hole."""


class Gap(NamedTuple):
    """The counter of `message` of `node` went on by more than one at `time` (ns): `lost` frames are missing.

    `hole`: time shows it too, so they were sent; without one, the ECU may have skipped counters.
    """

    message: str
    node: str
    time: int
    lost: int
    hole: bool


def gaps(network: Network, since: int, until: int, boots: Collection[int] = ()) -> Iterator[Gap]:
    """The gaps in the counters that a network brought in the window, our own messages left out.

    `boots`: when ECUs were switched off or on; a counter may begin anew across such an instant.
    """
    for name, protection in network.protections.items():
        message = network.message(name)
        if message.frame_id not in network.sent:
            yield from _gaps(network, message, protection, (since, until), boots)


def _gaps(
    network: Network, message: Message, protection: Protection, window: tuple[int, int], boots: Collection[int]
) -> Iterator[Gap]:
    cycle = (message.cycle_time or 100) * MS
    extra = ON_CHANGE if "OnChange" in (message.send_type or "") else 0
    node = next(iter(message.senders), "")
    last: int | None = None
    heard = 0
    since, until = window
    for frame in network.timeline.frames(network.name, message.frame_id, since - LOOK_BACK * cycle, until):
        if len(frame.data) != message.length or not protection.crc_is_right(frame.data):
            continue  # a sender's own mistake: the frame's CRC on the wire was right
        counter, before = protection.counter_of(frame.data), last
        delta = 0 if before is None else (counter - before) % protection.counters
        cycles = round((frame.time - heard) / cycle)
        hole = frame.time - heard >= HOLE * cycle
        booted = (hole and counter == 0) or any(heard <= boot <= frame.time for boot in boots)
        if before is not None and delta > 1 and not booted and frame.time >= since:
            if not hole:
                yield Gap(message.name, node, frame.time, delta - 1, hole=False)
            elif (delta - cycles + 1) % protection.counters <= 2 + extra:  # as many as time says, one more or less
                yield Gap(message.name, node, frame.time, max(cycles, delta) - 1, hole=True)
        last, heard = counter, frame.time


def losses(network: Network, since: int, until: int, boots: Collection[int] = ()) -> str:
    """What a network lost in the window, in words; empty where nothing was lost for certain.

    A counter that skips without a hole is a loss only where another node's tells of one: a wire that loses frames asks
    for nobody's name, a faulty ECU spoils its own.
    """
    found = list(gaps(network, since, until, boots))
    nodes = {gap.node for gap in found}
    if not any(gap.hole for gap in found) and len(nodes) < 2:
        return ""
    told: dict[str, list[Gap]] = {}
    for gap in found:
        told.setdefault(gap.message, []).append(gap)
    parts = [f"{sum(g.lost for g in mine)} of {name} from {pretty(mine[0].time)} on" for name, mine in told.items()]
    return f"network {network.name} lost frames on its way to the bench, by their counters: {', '.join(parts)}"
