"""CAN traffic of a timeline as a candump log: lines that `candump -l` writes, and can-utils and python-can read."""

from __future__ import annotations

from harness.timeline import BIT_RATE_SWITCH, ERROR_STATE, EXTENDED, FD, FOREVER, REMOTE, Frame, Timeline
from harness.units import US, S


def candump(timeline: Timeline, network: str | None = None, since: int = 0, until: int = FOREVER) -> str:
    """The frames of a window (ns): `(seconds) network identifier#data`, times in s since the bench was opened."""
    return "".join(map(_line, timeline.frames(network, since=since, until=until)))


def _line(frame: Frame) -> str:
    flags = frame.flags
    identifier = f"{frame.identifier:08X}" if flags & EXTENDED else f"{frame.identifier:03X}"
    data = "R" if flags & REMOTE else frame.data.hex().upper()
    if flags & FD:
        data = f"#{bool(flags & BIT_RATE_SWITCH) + 2 * bool(flags & ERROR_STATE):X}{data}"
    return f"({frame.time // S}.{frame.time % S // US:06}) {frame.network} {identifier}#{data}\n"
