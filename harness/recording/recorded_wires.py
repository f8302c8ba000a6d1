"""A recording in the place of a bench's wires: clock, networks, ports, instruments, off-board service."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import can
import httpx
import serial

from harness.can.network import Network
from harness.clock import Clock, Pump, WallClock
from harness.modem.secrets import mask_codes
from harness.recording.blf import read_blf
from harness.recording.player import Player
from harness.recording.tape import Entry, Kind
from harness.recording.wiring import Interface
from harness.timeline import BIT_RATE_SWITCH, ERROR_STATE, EXTENDED, FD, REMOTE, Timeline
from harness.units import S


class RecordedClock:
    """Fills `harness.clock.Clock` with the time of a recording."""

    def __init__(self, player: Player) -> None:
        self._player = player

    def now(self) -> int:
        """The recorded instant in ns."""
        return self._player.read_clock()

    def sleep(self, duration: int) -> None:
        """Let `duration` ns of the recording pass."""
        self._player.wait(None, duration)

    def wait(self, condition: Callable[[], bool], timeout: int) -> bool:
        """Let recorded time pass until `condition()` holds, at most `timeout` ns."""
        return self._player.wait(condition, timeout)

    def attach(self, pump: Pump) -> None:
        """Call `pump` where something was taken."""
        self._player.pumps.append(pump)

    def detach(self, pump: Pump) -> None:
        """Stop calling `pump`."""
        if pump in self._player.pumps:
            self._player.pumps.remove(pump)

    def close(self) -> None:
        """Nothing comes any more."""
        self._player.pumps.clear()


class RecordedWallClock(RecordedClock, WallClock):
    """Of a bench on wall time: whoever treats wall time in another way does so again."""


class RecordedBus(can.BusABC):
    """Gives the frames of a network as far as they had been taken; what is sent was compared before."""

    def __init__(self, player: Player, network: str, path: Path) -> None:
        self.channel_info = f"recorded network {network}"
        self._frames = read_blf(path, player.about.started) if path.exists() else None
        self._payloads = self._frames.payloads() if self._frames is not None else []
        self._times = self._frames.times.tolist() if self._frames is not None else []
        self._identifiers = self._frames.identifiers.tolist() if self._frames is not None else []
        self._flags = self._frames.flags.tolist() if self._frames is not None else []
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
        self._player = player

    def pump(self) -> None:
        """File what had been taken."""
        self._player.pumped(f"can.{self.name}", Kind.TOOK)
        super().pump()

    def send_raw(self, identifier: int, data: bytes, *, extended: bool = False) -> None:
        """Compare with what was sent. Raises `ReplayError` where that was something else."""
        self._player.act(f"can.{self.name}", "send", [identifier, data.hex(), extended])


class RecordedPort:
    """A serial port out of a recording."""

    def __init__(self, player: Player, name: str) -> None:
        self._player = player
        self._wire = f"serial.{name}"
        self._text = ""
        self._failure: Any = None
        self._secret: list[tuple[str, str]] = []
        self.is_open = True
        player.sinks[self._wire] = self._take

    def _take(self, entry: Entry) -> None:
        said = entry.said or {}
        if "failed" in said:
            self._failure = said["failed"]
            return
        text = str(said["got"])
        for masked, plain in self._secret:  # the echo of a command that was masked
            text = text.replace(masked, plain)
        self._text += text

    @property
    def in_waiting(self) -> int:
        """Bytes that had been taken here."""
        self._player.pumped(self._wire, Kind.READ)
        if self._failure is not None and not self._text:
            failure, self._failure = self._failure, None
            raise serial.SerialException(" ".join(str(each) for each in failure[1:]))
        return len(self._text)

    def read(self, size: int = 1) -> bytes:
        """As pyserial's `read`."""
        data, self._text = self._text[:size], self._text[size:]
        return data.encode("latin-1")

    def write(self, data: bytes) -> int:
        """Compare with what was written."""
        text = data.decode("latin-1")
        if mask_codes(text) != text:
            self._secret.append((mask_codes(text).strip(), text.strip()))
        return int(self._player.act(self._wire, "write", [text]) or 0)

    def close(self) -> None:
        """Nothing is open."""
        self.is_open = False

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *_arguments, **_options: None


class RecordedResource:
    """A VISA resource out of a recording."""

    def __init__(self, player: Player, name: str) -> None:
        self._player = player
        self._wire = f"instrument.{name}"
        self.timeout = 0.0
        vars(self).update(player.about.instruments.get(name, {}))

    def read_termination_context(self, _new: str) -> Any:
        """Our own end of the wire: nothing was said."""
        return nullcontext()

    ignore_warning = lock_context = read_termination_context

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*arguments: Any, **_options: Any) -> Any:
            return self._player.act(self._wire, name, list(arguments))

        return call


class RecordedTransport(httpx.BaseTransport):
    """HTTP out of a recording."""

    def __init__(self, player: Player) -> None:
        self._player = player

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The recorded answer to this request."""
        body = request.read().decode("utf-8", "replace")
        given = [body] if body else []
        status, kind, text = self._player.act("offboard", f"{request.method} {request.url.raw_path.decode()}", given)
        return httpx.Response(status, headers={"content-type": kind} if kind else {}, text=text)


class Replay:
    """Fills `harness.recording.wiring.Wiring` out of a recording."""

    is_replay = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.player = Player(folder)
        self.about = self.player.about

    def clock(self, opener: Callable[[], Clock]) -> Clock:  # noqa: ARG002
        """The time of the recording."""
        return RecordedWallClock(self.player) if self.about.wall else RecordedClock(self.player)

    def bus(self, name: str, clock: Clock, opener: Callable[[], can.BusABC]) -> Interface:  # noqa: ARG002
        """The recorded interface; its stamps are the bench's own, so the network needs no wall clock."""
        bus = RecordedBus(self.player, name, self.folder / f"{name}.blf")
        return partial(RecordedNetwork, self.player), bus, RecordedClock(self.player)

    def port(self, name: str, opener: Callable[[], serial.Serial]) -> serial.Serial:  # noqa: ARG002
        """A recorded port."""
        port: Any = RecordedPort(self.player, name)
        return port  # type: ignore[no-any-return]  # stands for one

    def resource(self, name: str, opener: Callable[[], Any]) -> Any:  # noqa: ARG002
        """A recorded instrument."""
        self.player.act(f"instrument.{name}", "open", [])
        return RecordedResource(self.player, name)

    def transport(self, opener: Callable[[], httpx.BaseTransport | None]) -> httpx.BaseTransport | None:  # noqa: ARG002
        """The recorded service."""
        return RecordedTransport(self.player)

    def watch(self, timeline: Timeline) -> None:
        """The timeline fills itself again."""

    def closing(self) -> None:
        """Go where the bench was closed."""
        self.player.closing()

    def close(self) -> None:
        """Nothing was opened."""
