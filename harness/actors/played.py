"""What the driver's hands do on a bench without the ECUs behind them: told on CAN by the harness (B-05, B-09, B-12)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from harness.can.restbus import PlayedNode
from harness.clock import Clock

NEVER = 1 << 62


class PlayedConsole:
    """The overhead console's part: a press is PRESSED, after the hold REQUESTED and one request more, then IDLE.

    `locked` says whether the telematics unit has the buttons locked: then a hold asks for nothing.
    """

    def __init__(self, node: PlayedNode, clock: Clock, locked: Callable[[], bool]) -> None:
        self._status = node["OHC_Status"]
        self._clock = clock
        self._locked = locked
        self._held: dict[str, tuple[int, int]] = {}

    def press(self, signal: str, hold: int) -> int:
        """A finger comes down on the button of `signal` (`Sos`, `OnCall`), for a hold of `hold` ns; returns when."""
        start = self._clock.now()
        if not self._held:
            self._clock.attach(self.look)
        self._held[signal] = start, start + hold
        self._status.set(**{signal: "PRESSED"})
        return start

    def release(self, *signals: str) -> int:
        """Fingers go up; returns when (ns). A hold that was long enough by now still counts."""
        self.look()
        for signal in signals:
            self._held.pop(signal, None)
            self._status.set(**{signal: "IDLE"})
        if not self._held:
            self._clock.detach(self.look)
        return self._clock.now()

    def hold(self, signals: Sequence[str], duration: int, hold: int) -> tuple[int, int]:
        """Press and release; returns when both were (ns). It asks for a call by what was meant, however late we are."""
        start = max([self.press(signal, hold if duration >= hold else NEVER) for signal in signals])
        if duration >= hold:
            self._clock.sleep(max(0, start + hold - self._clock.now()))
            self.look()
        self._clock.sleep(max(0, start + duration - self._clock.now()))
        return start, self.release(*signals)

    def look(self) -> None:
        """Ask for a call for each button whose hold is over by now."""
        for signal, (begun, due) in self._held.items():
            if self._clock.now() >= due:
                self._held[signal] = begun, NEVER
                if not self._locked():
                    count = int(self._status.values["RequestCount"])
                    self._status.set(**{signal: "REQUESTED"}, RequestCount=(count + 1) % 16)


def tell_ignition(node: PlayedNode, mode: str, terminals: Sequence[str]) -> None:
    """The body module's part: ignition mode and terminals on CAN."""
    lines: dict[str, Any] = {"TerminalS": "terminal_s", "Terminal15": "terminal_15"}
    states = {signal: "ON" if line in terminals else "OFF" for signal, line in lines.items()}
    node["CEM_Ignition"].set(Mode=mode, Terminal50="OFF", **states)
