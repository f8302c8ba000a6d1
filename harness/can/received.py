"""Frames as an interface has received them, told alike whether it hands over messages, or all of them at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeAlias, runtime_checkable

import can

from harness.timeline import BIT_RATE_SWITCH, ERROR, ERROR_STATE, EXTENDED, FD, REMOTE

Received: TypeAlias = tuple[int, int, bytes, int, bool]
"""Instant in ns, identifier, data, flags as the timeline has them (`ERROR` for an error frame), and whether somebody
else sent it."""


@runtime_checkable
class Bulk(Protocol):
    """An interface on simulated time that need not make a `can.Message` of each of thousands of frames a second."""

    def take_received(self) -> Iterator[Received]:
        """All that came since it was last asked, in order, no two at one instant.

        Raises `can.CanError` where nothing can come any more, once all is taken, as `recv` does.
        """


def received(time: int, message: can.Message) -> Received:
    """`message`, which was on the bus at `time` (ns)."""
    plain = not (message.is_extended_id or message.is_fd or message.is_remote_frame or message.is_error_frame)
    return time, message.arbitration_id, bytes(message.data), 0 if plain else _flags(message), message.is_rx


def _flags(message: can.Message) -> int:
    return (
        EXTENDED * message.is_extended_id
        + FD * message.is_fd
        + BIT_RATE_SWITCH * message.bitrate_switch
        + ERROR_STATE * message.error_state_indicator
        + REMOTE * message.is_remote_frame
        + ERROR * message.is_error_frame
    )
