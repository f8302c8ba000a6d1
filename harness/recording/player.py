"""Plays a recording back to a harness that runs again: acts are compared with the record, waits let its time pass.

The cursor goes along the tape once. What came by itself (frames, lines of a port) is handed over where it was taken; an
act that the record does not have next is a `ReplayError`: the procedure changed what it does, not only how it judges.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import eq
from pathlib import Path
from typing import Any

from harness.clock import Pump
from harness.errors import BenchError
from harness.recording.folder import About
from harness.recording.tape import Entry, Kind, Tape, comparable
from harness.units import S

Same = Callable[[Any, Any], bool]

TAKEN = (Kind.CUT, Kind.READ, Kind.FAULT)
"""What one pump of the clock may have taken."""

PROCEDURE_NOW = "; the procedure now "
"""In every `ReplayError`'s message, also where another error repeats it."""

LONGEST = 120
"""Characters of what was said that a message repeats."""


class ReplayError(BenchError):
    """The procedure asks for something that the record does not hold: it has to run on a bench."""


class Player:
    """The cursor, and the time that it has come to."""

    def __init__(self, folder: Path) -> None:
        self.about = About.load(folder)
        self.now = 0
        self.pumps: list[Pump] = []
        self.sinks: dict[str, Callable[[Entry], None]] = {}
        """Takes what came on a wire by itself: `can.body`, `serial.modem`."""
        self.renewals: dict[int, Callable[[], None]] = {}
        """Makes a played frame anew, by its identifier."""
        self.is_closing = False
        self._tape: list[Entry] = Tape.read(folder)
        self._at = 0
        self._pumping = False
        self._error: ReplayError | None = None
        if self._tape:
            self.now = 0 if not self.about.wall else self._tape[0].value

    # What the clock asks

    def read_clock(self) -> int:
        """The instant; on wall time what the record read here, as far as it read the clock as often."""
        entry = self._peek()
        if entry is not None and entry.kind is Kind.NOW:
            self._step(entry)
        return self.now

    def wait(self, condition: Callable[[], bool] | None, timeout: int) -> bool:
        """Let recorded time pass until the condition holds, or `timeout` ns are over. Raises `ReplayError`."""
        self._go_on()
        deadline = self.now + timeout
        begun = self._to_wait()
        while (entry := self._peek()) is not None and entry.kind not in (Kind.ACT, Kind.CLOSE):
            if entry.kind is Kind.ASK:
                self._step(entry)
                if condition is not None and condition():
                    self._end_wait()
                    return True
            elif entry.kind is Kind.DONE and begun:
                self._step(entry)
                begun = False
                if entry.part == 0 or condition is None:
                    if self.now >= deadline:
                        return False
                elif condition():  # asked after all: the last look was before this instant
                    return True
            elif entry.kind is Kind.WAIT and self.now >= deadline:
                return False
            else:
                self._step(entry)
        return self._outlasted(condition, deadline, entry)

    def _end_wait(self) -> None:
        """Go behind the end of the recorded wait, where it ended here as well."""
        while (entry := self._peek()) is not None and entry.kind in (Kind.NOW, Kind.DONE):
            self._step(entry)
            if entry.kind is Kind.DONE:
                return

    def _to_wait(self) -> bool:
        """Go to the beginning of a recorded wait; whether there is one before the next act."""
        while (entry := self._peek()) is not None and entry.kind not in (Kind.ACT, Kind.CLOSE):
            self._step(entry)
            if entry.kind is Kind.WAIT:
                return True
        return False

    def _outlasted(self, condition: Callable[[], bool] | None, deadline: int, entry: Entry | None) -> bool:
        """The wait has come to an act that the record has next: over at its deadline, or longer than the record."""
        if condition is not None and condition():
            return True
        if entry is None or (entry.value < deadline and self.now < deadline):
            raise self._lost(entry, f"waits until {deadline / S:.3f} s")
        self.now = max(self.now, min(deadline, entry.value))
        return False

    # What the wires ask

    def act(self, wire: str, did: str, given: list[Any], same: Same = eq) -> Any:
        """What the record has as the answer to the `same`. Raises what was raised then, or `ReplayError`."""
        if self.is_closing:
            return None
        self._go_on()
        asked = comparable(given, wire)
        entry = self._to_act(wire, did, asked, same)
        said = entry.said or {}
        if "error" in said:
            raise _error(said["error"])
        return said["got"]

    def _to_act(self, wire: str, did: str, asked: Any, same: Same) -> Entry:
        while (entry := self._peek()) is not None and entry.kind is not Kind.CLOSE:
            if entry.kind is Kind.ACT:
                said: Mapping[str, Any] = entry.said or {}
                if (said["on"], said["did"]) != (wire, did) or not same(said["with"], asked):
                    break
                self._step(entry)
                return entry
            self._step(entry)
        raise self._lost(entry, f"asks {wire}: {_words(did, asked)}")

    def _lost(self, entry: Entry | None, now: str) -> ReplayError:
        self._error = ReplayError(f"the record {self._next(entry)}{PROCEDURE_NOW}{now}. Run it on a bench")
        return self._error

    def _go_on(self) -> None:
        """Raise again what was raised: a procedure that takes no notice must not judge by half a record."""
        if self._error is not None and not self.is_closing:
            raise self._error

    def pumped(self, wire: str, kind: Kind) -> None:
        """A wire is looked at outside the clock's pump: hand over what was taken here, if anything was."""
        if self._pumping:
            self._taken_late(wire)
            return
        while (entry := self._peek()) is not None and entry.kind in (Kind.NOW, Kind.FAULT, kind):
            if entry.kind is not Kind.NOW and self._wire(entry) != wire:
                return
            self._step(entry)
            if entry.kind is kind:
                return

    def _taken_late(self, wire: str) -> None:
        """In one pump: what this wire had after lines of another one had read the clock."""
        while True:
            at = self._at
            while at < len(self._tape) and self._tape[at].kind is Kind.NOW:
                at += 1
            if at == len(self._tape) or self._tape[at].kind not in TAKEN or self._wire(self._tape[at]) != wire:
                return
            self._at = at
            self._step(self._tape[at])

    def closing(self) -> None:
        """The bench is closed: whatever the record has until then does not come any more."""
        self.is_closing = True
        while (entry := self._peek()) is not None and entry.kind is not Kind.CLOSE:
            self._at += 1
            if entry.kind not in (Kind.CUT, Kind.TOOK, Kind.RENEW):
                self.now = max(self.now, entry.value)

    # The cursor

    def _peek(self) -> Entry | None:
        return self._tape[self._at] if self._at < len(self._tape) else None

    def _step(self, entry: Entry) -> None:
        """Let one entry happen, and go on behind it."""
        self._at += 1
        match entry.kind:
            case Kind.CUT | Kind.TOOK | Kind.READ | Kind.FAULT:
                self.sinks[self._wire(entry)](entry)
            case Kind.RENEW:
                self.renewals.get(entry.value, _nothing)()
            case Kind.PUMP:
                self.now = entry.value
                self._pump()
            case _:
                self.now = entry.value

    def _pump(self) -> None:
        """Hand over all that one pump of the clock had taken, and let the wires take it."""
        while (entry := self._peek()) is not None and entry.kind in TAKEN:
            self._step(entry)
        self._pumping = True
        try:
            for pump in tuple(self.pumps):
                pump()
        finally:
            self._pumping = False

    def _wire(self, entry: Entry) -> str:
        if entry.said is not None:
            return str(entry.said["on"])
        return f"can.{self.about.networks[entry.part]}"

    def _next(self, entry: Entry | None) -> str:
        if entry is None:
            return f"ends at {self.now / S:.3f} s" + ("" if self.about.whole else ", where the run was killed")
        if entry.kind is Kind.CLOSE:
            return f"has the end of the test at {entry.value / S:.3f} s"
        said = entry.said or {}
        return f"has {said.get('on')}: {_words(said.get('did', ''), said.get('with'))} at {entry.value / S:.3f} s"


def _nothing() -> None:
    """For a frame that nobody makes anew."""


def _words(did: str, given: Any) -> str:
    text = f"{did} {' '.join(str(each) for each in given or [])}".strip()
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _error(told: list[Any]) -> Exception:
    """The error that was raised, made again from its class's name."""
    import httpx  # noqa: PLC0415  only where something failed
    import pyvisa  # noqa: PLC0415
    import serial  # noqa: PLC0415

    name, *arguments = told
    if name == "VisaIOError":
        return pyvisa.errors.VisaIOError(arguments[0])
    text = re.sub(r"\s+", " ", " ".join(str(each) for each in arguments))
    for known in (httpx, pyvisa.errors, serial):
        found = getattr(known, name, None)
        if isinstance(found, type) and issubclass(found, Exception):
            return found(text)
    if name == "UnicodeDecodeError":
        return UnicodeDecodeError("ascii", b"?", 0, 1, text)
    return BenchError(text) if name.endswith("BenchError") else OSError(text)
