"""The tester's end of an emulated serial line, whichever way in: one user at a time, bytes handed on as they arrive."""

from __future__ import annotations

from collections.abc import Callable

from emulation.pace import Pace
from emulation.serial_line import SerialLine

Take = Callable[[bytes], object]


class SerialEnd:
    """A line and the one who has it open."""

    def __init__(self, pace: Pace, line: SerialLine) -> None:
        self.pace = pace
        self.line = line
        self.wanted_baudrate = line.baudrate
        """What the user has set, whether the line heeds it or not."""
        self._take: Take | None = None
        line.notice = self._arrived

    def open(self, owner: object, take: Take) -> bool:
        """Plug in: `take` gets what arrives from now on, DTR and RTS go up. False where somebody has it already."""
        if self.line.owner is not None:
            return False
        with self.pace.acting():
            line = self.line
            line.owner = owner
            line.tester_baudrate = self.wanted_baudrate = line.baudrate
            line.inbox.clear()
            self._take = take
            self._control(dtr=True, rts=True)
        return True

    def close(self, owner: object) -> None:
        """Unplug: DTR and RTS go down. Nothing where `owner` has it not."""
        if self.line.owner is owner:
            with self.pace.acting():
                self.line.owner = self._take = None
                self._control(dtr=False, rts=False, sends_break=False)

    def send(self, data: bytes) -> None:
        """Bytes to the ECU."""
        with self.pace.acting():
            self.line.send(data)

    def set_baudrate(self, baudrate: int) -> None:
        """Talk at another rate from now on; a port of USB takes any."""
        with self.pace.acting():
            self.wanted_baudrate = baudrate
            if not self.line.any_baudrate:
                self.line.tester_baudrate = baudrate

    def drop_unsent(self) -> None:
        """Throw away what has not gone out."""
        with self.pace.acting():
            self.line.drop_unsent()

    def control(self, **states: bool) -> None:
        """Set `dtr`, `rts` or `sends_break`."""
        with self.pace.acting():
            self._control(**states)

    def _control(self, **states: bool) -> None:
        for name, state in states.items():
            setattr(self.line, name, state)
        self.line.on_control()

    def _arrived(self) -> None:
        data = bytes(self.line.inbox)
        self.line.inbox.clear()
        if self._take is not None:
            self._take(data)
