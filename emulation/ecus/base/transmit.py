"""A message that an ECU sends: encoded when a signal changes, protected and sent on cycle, on change, or both.

The DBC decides: GenMsgCycleTime, GenMsgSendType, GenMsgDelayTime (least time between two sendings on change), and
GenSigStartValue.
"""

from __future__ import annotations

from cantools.database.can import Message

from emulation.can_bus import CanBus
from emulation.ecus.base.e2e import Protection
from emulation.ecus.base.vehicle import SignalValue, start_values
from emulation.world import Periodic
from harness.units import MS


class Outgoing:
    """One message of one ECU on `bus`; `sender` is what its frames carry as their sender."""

    __slots__ = (
        "_bus", "_counter", "_cyclic", "_delay", "_identifier", "_message", "_on_change", "_payload", "_pending",
        "_protected", "_protection", "_sender", "_sent_at", "_values", "_world", "cycle",
    )  # fmt: skip

    def __init__(self, bus: CanBus, message: Message, protection: Protection | None, sender: object) -> None:
        self._bus = bus
        self._world = bus.world
        self._message = message
        self._identifier = message.frame_id
        self._protection = protection
        self._sender = sender
        dbc = message.dbc
        assert dbc is not None  # read from a DBC
        self.cycle = (message.cycle_time or 0) * MS
        """Time between two cyclic frames in ns; 0 where there are none."""
        self._on_change = "OnChange" in (message.send_type or "")
        self._delay = int(dbc.attributes["GenMsgDelayTime"].value) * MS if "GenMsgDelayTime" in dbc.attributes else 0
        self._cyclic: Periodic | None = None
        self._pending = False
        self._values: dict[str, SignalValue] = {}
        self._payload = b""
        self._protected: dict[int, bytes] = {}
        self.reset()

    def reset(self) -> None:
        """Start values in every signal, and the counter before its first frame, as after a boot."""
        values, self._payload = start_values(self._message.name)
        self._values = dict(values)
        self._protected.clear()
        self._counter = -1
        self._sent_at = -self._delay

    def set(self, signals: dict[str, SignalValue]) -> None:
        """Take over `signals`; where one of them changes and the send type says so, send at once."""
        values, changed = self._values, False
        for name, value in signals.items():
            if name not in values:
                raise KeyError(f"{self._message.name} has no signal {name}; it has {', '.join(values)}")
            changed = changed or values[name] != value
        if not changed:
            return
        values.update(signals)
        self._payload = self._message.encode(values)
        self._protected.clear()
        if self._on_change and self._cyclic is not None:
            self._send_changed()

    def start(self, offset: int) -> None:
        """Send from now on, on cycle with the first frame after `offset` ns."""
        self.stop()
        self._cyclic = self._world.every(self.cycle, self.send, offset)

    def stop(self) -> None:
        """Send nothing more."""
        if self._cyclic is not None:
            self._cyclic.stop()
            self._cyclic = None

    def send(self) -> None:
        """Send one frame now."""
        self._sent_at = self._world.now
        payload = self._payload if self._protection is None else self._next_protected(self._protection)
        self._bus.send(self._identifier, payload, 0, self._sender)

    def _next_protected(self, protection: Protection) -> bytes:
        """The payload with its next counter and CRC; made once a counter while no signal changes."""
        counter = self._counter = (self._counter + 1) % protection.profile.modulo
        if counter not in self._protected:
            data = bytearray(self._payload)
            protection.protect(data, counter)
            self._protected[counter] = bytes(data)
        return self._protected[counter]

    def _send_changed(self) -> None:
        if self._pending:
            return
        earliest = self._sent_at + self._delay
        if earliest <= self._world.now:
            self.send()
        else:
            self._pending = True
            self._world.call_at(earliest, self._send_delayed)

    def _send_delayed(self, _argument: object) -> None:
        self._pending = False
        if self._cyclic is not None:
            self.send()
