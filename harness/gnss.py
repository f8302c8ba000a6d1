"""The car's GNSS receiver over NMEA 0183: every sentence checked, every position on the timeline (B-04, B-09)."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any, NamedTuple

import pynmea2
from serial import Serial

from harness.clock import Clock
from harness.disturbance import disturbed
from harness.errors import BenchError
from harness.serial_port import LineReader
from harness.timeline import Event, Timeline
from harness.units import S, pretty

STALE = 3 * S
"""A receiver reports every second; three missing ones are a silence."""


class Position(NamedTuple):
    """A GGA sentence: seen at `time` (ns), degrees, None in both without a fix."""

    time: int
    latitude: float | None
    longitude: float | None
    satellites: int
    hdop: float | None

    @property
    def has_fix(self) -> bool:
        """Whether the receiver knows where it is."""
        return self.latitude is not None


class Gnss:
    """Reads sentences as they come; a wrong or missing checksum is counted and filed, its sentence dropped."""

    def __init__(self, port: Serial, clock: Clock, timeline: Timeline) -> None:
        self.lines = LineReader(port, "gnss", self._take)
        self.lines.on_failure = partial(disturbed, clock, timeline, self.lines.where, outage=True)
        self.retries = 0
        """Nothing is asked of it."""
        self.bad_sentences = 0
        self.position: Position | None = None
        """The newest one."""
        self._clock = clock
        self._timeline = timeline

    def pump(self) -> None:
        """Take what has arrived."""
        self.lines.pump()

    def wait_fix(self, timeout: int) -> Position:
        """Wait for a position with a fix that was reported after now. Raises `BenchError` where none comes."""
        self.lines.ready()
        since = self._clock.now()

        def fixed() -> bool:
            return self.position is not None and self.position.time >= since and self.position.has_fix

        if not self._clock.wait(fixed, timeout) or self.position is None:
            self.lines.check_health()
            newest = "no sentence at all" if self.position is None else f"last {self.position}"
            told = f"the GNSS receiver at {self.lines.where} had no fix within {pretty(timeout)}; {newest}"
            raise BenchError(f"{told}. Can it see satellites?")
        return self.position

    def is_stale(self) -> bool:
        """Whether the receiver has been silent for longer than it may."""
        return self.position is None or self._clock.now() - self.position.time > STALE

    def close(self) -> None:
        """Close the port."""
        self.lines.close()

    def _take(self, line: bytes) -> None:
        text, now = line.decode("ascii", "backslashreplace"), self._clock.now()
        try:
            sentence = _parsed(text)
        except pynmea2.ParseError as error:
            self.bad_sentences += 1
            self._timeline.add(Event(now, "gnss", "bad_sentence", {"text": text, "error": str(error.args[0][0])}))
            return
        if sentence.sentence_type == "GGA":
            self.position = _position(now, sentence)
            self._timeline.add(Event(now, "gnss", "position", self.position._asdict()))


@lru_cache(maxsize=64)
def _parsed(text: str) -> Any:
    """A sentence, its checksum checked; most are the same every second. Raises `pynmea2.ParseError`."""
    return pynmea2.parse(text, check=True)


def _position(time: int, gga: Any) -> Position:
    fixed = gga.gps_qual not in (None, 0)
    return Position(
        time,
        gga.latitude if fixed else None,
        gga.longitude if fixed else None,
        int(gga.num_sats or 0),
        float(gga.horizontal_dil) if gga.horizontal_dil else None,
    )
