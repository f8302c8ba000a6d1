"""A recording in the place of a bench's wires: clock, networks, ports, instruments, off-board service."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import can
import httpx
import serial

from harness.clock import Clock, Pump, WallClock
from harness.modem.secrets import mask_codes
from harness.recording.player import Player
from harness.recording.recorded_can import RecordedBus, RecordedNetwork
from harness.recording.tape import Entry, Kind
from harness.recording.wiring import Interface
from harness.timeline import Timeline


class RecordedClock:
    """Fills `harness.clock.Clock` with the time of a recording."""

    def __init__(self, player: Player) -> None:
        self._player = player

    def now(self) -> int:
        """The recorded instant in ns."""
        return self._player.read_clock()

    def unseen_since(self) -> int:
        """What the record read here, as any other instant."""
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
