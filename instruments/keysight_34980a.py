"""Driver of the Keysight 34980A switch unit (role Switch): presses buttons, turns the ignition (B-09, B-10, B-14)."""

# Ref: Keysight 34980A Multifunction Switch/Measure Unit, Programmer's Reference

from __future__ import annotations

from harness.errors import InstrumentError
from instruments.commands import Action, Query
from instruments.scpi import ScpiInstrument

CHANNELS = tuple(range(1001, 1065))
"""Slot 1, a 64-channel relay module (34939A). A subclass for other modules sets its own."""


class Switch34980A(ScpiInstrument):
    """Relays by channel number `sccc`: slot and channel."""

    MODELS = ("34980A",)

    CLOSE = Action("ROUT:CLOS (@{channel})", channel=CHANNELS)
    OPEN = Action("ROUT:OPEN (@{channel})", channel=CHANNELS)
    OPEN_ALL = Action("ROUT:OPEN:ALL")
    CLOSED = Query("ROUT:CLOS? (@{channel})", channel=CHANNELS)
    ALL_CLOSED = Query(f"ROUT:CLOS? (@{CHANNELS[0]}:{CHANNELS[-1]})")
    SETTLED = Query("*OPC?")

    def close(self, *channels: int) -> None:
        """Close these channels together; returns once their contacts have settled."""
        self._move(self.CLOSE, channels)

    def open(self, *channels: int) -> None:
        """Open these channels together; returns once their contacts have settled."""
        self._move(self.OPEN, channels)

    def is_closed(self, channel: int) -> bool:
        """Whether the channel is closed, by the instrument's own answer."""
        return self.flag(self.CLOSED, channel=channel)

    def make_safe(self) -> None:
        """Open every relay, and read back that it is so."""
        self.do(self.OPEN_ALL)
        self._settle()
        states = self.text(self.ALL_CLOSED).split(",")
        if len(states) != len(CHANNELS) or any(state != "0" for state in states):
            raise InstrumentError(f"{self}: relays are still closed after ROUT:OPEN:ALL: {','.join(states)}")

    def _move(self, action: Action, channels: tuple[int, ...]) -> None:
        if not channels:
            return
        for channel in channels:
            action.check({"channel": channel})
        first = action.command(channel=channels[0])
        self.send(first.replace(str(channels[0]), ",".join(map(str, channels))))
        self._settle()

    def _settle(self) -> None:
        if self.number(self.SETTLED) != 1:
            raise InstrumentError(f"{self} answered something else than 1 to *OPC?")
