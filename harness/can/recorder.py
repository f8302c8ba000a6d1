"""CAN traffic of a timeline as a candump log, for every tool that reads one; written by python-can's own writer."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import can
from can.io import CanutilsLogWriter

from harness.can.network import BRS, ESI, EXTENDED, FD, REMOTE
from harness.timeline import FOREVER, Frame, Timeline
from harness.units import S


def candump(timeline: Timeline, network: str | None = None, since: int = 0, until: int = FOREVER) -> str:
    """The frames of a window (ns) in the format of `candump -l`, times in s since the bench was opened."""
    text = StringIO()
    writer = CanutilsLogWriter(text)
    for frame in timeline.frames(network, since=since, until=until):
        writer.on_message_received(_message(frame))
    written = text.getvalue()
    writer.stop()
    return written


def write_candump(timeline: Timeline, path: Path, network: str | None = None) -> None:
    """`candump` of a whole timeline into a file, by convention `*.log`."""
    path.write_text(candump(timeline, network), encoding="ascii")


def _message(frame: Frame) -> can.Message:
    return can.Message(
        timestamp=frame.time / S,
        channel=frame.network,
        arbitration_id=frame.identifier,
        data=frame.data,
        is_extended_id=bool(frame.flags & EXTENDED),
        is_fd=bool(frame.flags & FD),
        bitrate_switch=bool(frame.flags & BRS),
        error_state_indicator=bool(frame.flags & ESI),
        is_remote_frame=bool(frame.flags & REMOTE),
    )
