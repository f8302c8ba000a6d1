"""Records one bench: a tape beside every wire, a BLF a network, written while it runs on wall time, else at its end."""

from __future__ import annotations

import json
import os
import threading
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import can
import httpx
import serial

from harness.bench.schema import BenchFile
from harness.clock import Clock, WallClock
from harness.recording.blf import BlfWriter, gathered
from harness.recording.folder import BENCH, EVENTS, About
from harness.recording.masking import without_secrets
from harness.recording.tape import Tape, packed
from harness.recording.taped_clock import Looks, TapedClock, TapedWallClock
from harness.recording.taped_wires import (
    RESOURCE_FIXED,
    TapedNetwork,
    TapedPort,
    TapedResource,
    TapedTransport,
    Taping,
    tape_cycles,
)
from harness.recording.wiring import Interface
from harness.timeline import Timeline
from harness.units import US

ON_TAPE = frozenset({"scpi", "at"})
"""Kinds of events that only repeat what a wire said, which is on the tape in full."""

_ENCODE = json.JSONEncoder(default=str, separators=(",", ":")).encode

FLUSH_S = 0.8
"""On wall time a killed run has lost no more than this, in s, and what it takes to write."""


class Recorder:
    """Fills `harness.recording.wiring.Wiring`."""

    is_replay = False

    def __init__(self, folder: Path, about: About, file: BenchFile) -> None:
        """`folder` is made, or emptied."""
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():  # of an earlier bench of this test
            old.unlink()
        self.folder = folder
        self.about = about
        self._tape = Tape()
        self._looks = Looks(self._tape)
        self._clock: Clock | None = None
        self._timeline: Timeline | None = None
        self._writers: dict[str, BlfWriter] = {}
        self._written: dict[tuple[str, int, int], int] = {}
        self._events = 0
        self._kept = 0
        self._flushing = threading.Lock()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        source = Path(file.path)
        if source.is_file():
            (folder / BENCH).write_bytes(source.read_bytes())
        about.save(folder)

    # The wires

    def clock(self, opener: Callable[[], Clock]) -> Clock:
        """The bench's clock, and a tape beside it."""
        inner = opener()
        self.about.started = round(datetime.now(UTC).timestamp() * 1e6) * US - inner.now()
        self.about.wall = isinstance(inner, WallClock)
        if isinstance(inner, WallClock):
            self._clock = TapedWallClock(inner, self._looks)
        else:
            self._clock = TapedClock(inner, self._looks)
        return self._clock

    def bus(self, name: str, clock: Clock, opener: Callable[[], can.BusABC]) -> Interface:
        """The interface of a network."""
        bus = tape_cycles(opener(), self._looks)
        self.about.networks.append(name)
        return partial(TapedNetwork, self._looks, len(self.about.networks) - 1), bus, clock

    def port(self, name: str, opener: Callable[[], serial.Serial]) -> serial.Serial:
        """A serial port."""
        port: Any = TapedPort(opener(), self._taping(f"serial.{name}"))
        return port  # type: ignore[no-any-return]  # stands for one

    def resource(self, name: str, opener: Callable[[], Any]) -> Any:
        """A VISA resource."""
        taping = self._taping(f"instrument.{name}")
        inner = taping.act("open", [], opener, lambda _got: None)
        self.about.instruments[name] = {key: str(getattr(inner, key)) for key in RESOURCE_FIXED if hasattr(inner, key)}
        return TapedResource(inner, taping)

    def transport(self, opener: Callable[[], httpx.BaseTransport | None]) -> httpx.BaseTransport | None:
        """What carries HTTP."""
        return TapedTransport(opener() or httpx.HTTPTransport(), self._taping("offboard"))

    def _taping(self, wire: str) -> Taping:
        assert self._clock is not None, "the clock is opened first"
        return Taping(self._looks, wire, self._clock.now)

    # Its files

    def watch(self, timeline: Timeline) -> None:
        """Frames and events are taken from `timeline`; on wall time from now on, by a thread."""
        self._timeline = timeline
        timeline.forgetting = self._begin_anew
        if self.about.wall:
            self._thread = threading.Thread(target=self._flush_often, name="recorder", daemon=True)
            self._thread.start()

    def closing(self) -> None:
        """The tape ends where the bench begins to be closed, in several threads; events and frames go on."""
        assert self._clock is not None, "the clock is opened first"
        with self._looks.silence():
            self._tape.end(self._clock.now())

    def close(self) -> None:
        """Write what is left, and say that this is all."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()
        if self._timeline is not None:
            self._flush_wires()
            if (self.folder / EVENTS).exists():  # late events stand in their places at last
                os.truncate(self.folder / EVENTS, self._kept)
            self._events = 0
            self._flush_events()
        for writer in self._writers.values():
            writer.close()
        self.about.whole = True
        self.about.save(self.folder)

    def flush(self) -> None:
        """Write what is new."""
        with self._flushing:
            self._flush_wires()
            self._flush_events()

    @contextmanager
    def _begin_anew(self) -> Iterator[None]:
        """The timeline forgets what it has; here it stays, and nobody writes meanwhile."""
        with self._flushing:
            self._flush_wires()
            self._flush_events()
            yield
            self._written.clear()
            self._events = 0
            self._kept = (self.folder / EVENTS).stat().st_size if (self.folder / EVENTS).exists() else 0

    def _flush_wires(self) -> None:
        for network in tuple(self.about.networks):
            self._flush_frames(network)
        self._tape.flush(self.folder)

    def _flush_often(self) -> None:
        self.about.save(self.folder)
        while not self._ending.wait(FLUSH_S):
            self.about.save(self.folder)
            self.flush()

    def _flush_frames(self, network: str) -> None:
        assert self._timeline is not None, "asked before"
        tracks = self._timeline.tracks(network)
        limit = max((track.times[-1] for _, _, track in tracks if len(track.times)), default=-1)
        parts = []
        for identifier, flags, track in tracks:  # another thread may file more meanwhile: only up to `limit`
            begin = self._written.get((network, identifier, flags), 0)
            payloads = track.payloads[begin:]  # filed behind its time: as many times are there for sure
            times: array[int] = track.times[begin : begin + len(payloads)]
            while len(times) and times[-1] > limit:
                times.pop()
            if len(times):
                parts.append((identifier, flags, times, payloads[: len(times)]))
                self._written[network, identifier, flags] = begin + len(times)
        if network not in self._writers:
            self._writers[network] = BlfWriter(self.folder / f"{network}.blf", self.about.started)
        self._writers[network].write(gathered(parts))

    def _flush_events(self) -> None:
        assert self._timeline is not None, "asked before"
        new = self._timeline.events()[self._events :]
        self._events += len(new)
        if new:
            lines = (_ENCODE(event._asdict()) for event in new if event.kind not in ON_TAPE)
            text = without_secrets("\n".join(lines), "events") + "\n"
            with (self.folder / EVENTS).open("ab") as file:
                file.write(packed(text.encode()))
