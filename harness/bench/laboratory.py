"""The instruments of a bench: opened together, each made safe, over a new session where the old one has died."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, suppress
from functools import partial
from typing import Any

from harness import ports
from harness.bench import opening
from harness.bench.safety import Step, ranked
from harness.bench.schema import BenchFile
from harness.bench.scpi_log import LoggedResource
from harness.clock import Clock
from harness.disturbance import disturbed
from harness.errors import BenchError, InstrumentError
from harness.recording.wiring import Wiring
from harness.timeline import Timeline


class Laboratory:
    """What `[instrument.*]` names. `instruments` stays the same dictionary; a reopened one takes its place."""

    def __init__(
        self,
        file: BenchFile,
        clock: Clock,
        timeline: Timeline,
        closing: ExitStack,
        wiring: Wiring = opening.STRAIGHT,
    ) -> None:
        self.instruments: dict[str, Any] = {}
        self.identities: dict[str, ports.Identity] = {}
        self._sessions: dict[str, LoggedResource] = {}
        self._file = file
        self._clock = clock
        self._timeline = timeline
        self._closing = closing
        self._wiring = wiring

    def open(self) -> None:
        """Open all. Raises one `InstrumentError` that names every one that cannot be reached."""
        problems = []
        for name in self._file.instrument:
            try:
                self._open(name)
            except InstrumentError as error:
                problems.append(str(error))
        if problems:
            problems.append(f"Is it switched on, and is its address as {self._file.path} says?")
            raise InstrumentError("\n".join(problems))

    def steps(self) -> list[Step]:
        """What makes the instruments safe, in the order of `SAFE_ORDER`."""
        return [(name, partial(self._make_safe, name)) for name in ranked(self.instruments)]

    def left_open(self) -> Mapping[str, Any]:
        """Instruments of the bench file that were never reached, so that nobody knows their outputs."""
        return {name: table for name, table in self._file.instrument.items() if name not in self.instruments}

    def _open(self, name: str) -> None:
        with opening.told(self._file, name):
            session = opening.session(self._file, name, self._clock, self._timeline, self._wiring)
            self._closing.callback(session.close)
            driver = opening.driver(self._file, name, session, self._clock)
            if hasattr(driver, "disturbed"):  # it says where it is, and what went wrong on its way
                driver.place = f"[instrument.{name}] of {self._file.path}"
                driver.retries = self._file.retry.queries
                driver.disturbed = partial(disturbed, self._clock, self._timeline, f"instrument {name}")
            self.identities[name] = driver.identify()
        self.instruments[name], self._sessions[name] = driver, session

    def _make_safe(self, name: str) -> None:
        """Over the session there is; over a new one where a run stopped in the middle of a message, or it has died."""
        why = "interrupted in the middle of a message"
        if self._sessions[name].between_messages:
            try:
                self.instruments[name].make_safe()
            except (BenchError, OSError, ValueError) as error:
                why = str(error)
            else:
                return
        self._timeline.note(self._clock.now(), "reopened", instrument=name, why=why)
        with suppress(Exception):  # it has died
            self._sessions[name].close()
        try:
            self._open(name)
            self.instruments[name].make_safe()
        except (BenchError, OSError, ValueError) as error:
            raise BenchError(f"{error} (first: {why})") from error
