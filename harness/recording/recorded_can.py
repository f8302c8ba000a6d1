"""A CAN network out of a recording: frames up to where they had been taken; what is sent is compared with what was."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import can

from harness.can.network import Network
from harness.clock_offset import EXACT, Offset
from harness.recording.blf import gathered, read_blf
from harness.recording.player import Player
from harness.recording.tape import Entry, Kind
from harness.timeline import BIT_RATE_SWITCH, ERROR_STATE, EXTENDED, FD, REMOTE
from harness.units import S


class RecordedBus(can.BusABC):
    """Gives the frames of a network as far as they had been taken; what is sent was compared before."""

    def __init__(self, player: Player, network: str, path: Path) -> None:
        self.channel_info = f"recorded network {network}"
        frames = read_blf(path, player.about.started).in_order() if path.exists() else gathered([])
        self._payloads = frames.payloads()
        self._times = frames.times.tolist()
        self._identifiers = frames.identifiers.tolist()
        self._flags = frames.flags.tolist()
        self._next = 0
        self._horizon = -1
        self._errors: deque[list[Any]] = deque()
        self._failure: str | None = None
        self._player = player
        player.sinks[f"can.{network}"] = self._take
        super().__init__(network)

    def _take(self, entry: Entry) -> None:
        said = entry.said or {}
        if "error" in said:
            self._errors.append(said["error"])
        elif "failed" in said:
            self._failure = str(said["failed"])
        else:
            self._horizon = entry.value

    def recv(self, timeout: float | None = None) -> can.Message | None:  # noqa: ARG002  nothing can be waited for
        """The next frame that had been taken, or None."""
        at = self._next
        ready = at < len(self._times) and self._times[at] <= self._horizon
        if self._errors and not (ready and self._times[at] < self._errors[0][0]):
            time, identifier, data = self._errors.popleft()
            return can.Message(
                timestamp=time / S, arbitration_id=identifier, data=bytes.fromhex(data), is_error_frame=True
            )
        if ready:
            self._next += 1
            flags = self._flags[at]
            if flags == 0:
                return can.Message(
                    self._times[at] / S, self._identifiers[at], is_extended_id=False, data=self._payloads[at]
                )
            return can.Message(
                self._times[at] / S,
                self._identifiers[at],
                is_extended_id=bool(flags & EXTENDED),
                is_remote_frame=bool(flags & REMOTE),
                is_fd=bool(flags & FD),
                bitrate_switch=bool(flags & BIT_RATE_SWITCH),
                error_state_indicator=bool(flags & ERROR_STATE),
                data=self._payloads[at],
            )
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise can.CanOperationError(failure)
        return None

    def send(self, msg: can.Message, timeout: float | None = None) -> None:
        """It was sent then."""

    def _send_periodic_internal(
        self,
        msgs: Sequence[can.Message] | can.Message,
        period: float,
        duration: float | None = None,
        autostart: bool = True,  # noqa: ARG002
        modifier_callback: Callable[[can.Message], None] | None = None,
    ) -> can.CyclicSendTaskABC:
        task = RecordedTask(msgs, period, duration)
        if modifier_callback is not None:
            frame = task.messages[0]
            self._player.renewals[frame.arbitration_id] = partial(modifier_callback, frame)
            task.end = lambda: self._player.renewals.pop(frame.arbitration_id, None)
        return task


class RecordedTask(can.broadcastmanager.LimitedDurationCyclicSendTaskABC):
    """A cyclic frame whose sending is in the record."""

    end: Callable[[], object] = staticmethod(lambda: None)

    def stop(self) -> None:
        """Make it anew no more."""
        self.end()


class RecordedNetwork(Network):
    """A network out of a recording."""

    def __init__(self, player: Player, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._known_offset = Offset() if player.about.wall else EXACT
        self._player = player

    @property
    def offset(self) -> Offset:
        """Of the interface's clock against the bench's, as it was known then."""
        if self._known_offset is not EXACT and not self._player.is_closing:
            self._known_offset.restore(self._player.act(f"can.{self.name}", "offset", []))
        return self._known_offset

    @offset.setter
    def offset(self, offset: Offset) -> None:
        self._known_offset = offset

    def pump(self) -> None:
        """File what had been taken."""
        self._player.pumped(f"can.{self.name}", Kind.TOOK)
        super().pump()

    def send_raw(self, identifier: int, data: bytes, *, extended: bool = False) -> None:
        """Compare with what was sent. Raises `ReplayError` where that was something else."""
        frame = [identifier, data.hex(), extended]
        if self._player.about.wall and identifier in self._protected:
            self._player.act(f"can.{self.name}", "send", frame, same=_same_frame)
        else:
            self._player.act(f"can.{self.name}", "send", frame)

    @cached_property
    def _protected(self) -> set[int]:
        """Identifiers of frames with a counter: on wall time another thread takes it further, at any moment."""
        return {self.message(name).frame_id for name in self.protections}


def _same_frame(recorded: list[Any], asked: list[Any]) -> bool:
    return recorded[0] == asked[0] and len(recorded[1]) == len(asked[1])
