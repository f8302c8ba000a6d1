"""The one candump writer: python-can reads back every kind of frame that a timeline can hold."""

import can

from harness.can.recorder import candump
from harness.timeline import BIT_RATE_SWITCH, ERROR_STATE, EXTENDED, FD, REMOTE, Timeline
from harness.units import MS, S

FRAMES = [
    (0x7DF, b"\x02\x01", 0),
    (0x18DAF110, b"\xaa", EXTENDED),
    (0x123, b"", REMOTE),
    (0x200, bytes(range(16)), FD),
    (0x201, bytes(range(64)), FD | BIT_RATE_SWITCH),
    (0x1ABCDEF0, bytes(8), EXTENDED | FD | ERROR_STATE | BIT_RATE_SWITCH),
]


def test_every_kind_of_frame_comes_back(tmp_path):
    timeline = Timeline()
    for place, (identifier, data, flags) in enumerate(FRAMES):
        timeline.add_frame("body", 3 * S + place * MS, identifier, data, flags)
    (tmp_path / "a.log").write_text(candump(timeline), encoding="ascii")
    with can.LogReader(tmp_path / "a.log") as reader:
        read = list(reader)
    for place, (frame, (identifier, data, flags)) in enumerate(zip(read, FRAMES, strict=True)):
        assert (frame.arbitration_id, bytes(frame.data), frame.channel) == (identifier, data, "body")
        assert (frame.is_extended_id, frame.is_fd, frame.is_remote_frame) == tuple(
            bool(flags & each) for each in (EXTENDED, FD, REMOTE)
        )
        assert (frame.bitrate_switch, frame.error_state_indicator) == tuple(
            bool(flags & each) for each in (BIT_RATE_SWITCH, ERROR_STATE)
        )
        assert frame.timestamp == 3 + place / 1000
