"""A network on python-can's `virtual` bus with a peer at its other end, on a clock that jumps."""

from __future__ import annotations

from pathlib import Path

import can

from harness.can.database import load_database
from harness.can.e2e import load_protections
from harness.can.network import Network
from harness.timeline import Timeline
from tests.bench.fakes import FakeClock

VEHICLE = Path(__file__).parents[2] / "vehicle"


class CanDesk:
    """`network` is the harness's side, `peer` another node's bus. Close it."""

    def __init__(self, channel: str) -> None:
        self.clock = FakeClock()
        self.timeline = Timeline()
        self.peer = can.Bus(interface="virtual", channel=channel)
        self.network = Network(
            "body",
            _Stamped(self.clock, channel),
            load_database(VEHICLE / "body.dbc"),
            self.timeline,
            self.clock,
            protections=load_protections(VEHICLE / "body.e2e.toml"),
            ecus={"OHC": "overhead_console"},
            where="desk.toml",
        )
        self.clock.attach(self.network.pump)

    def close(self) -> None:
        self.network.close()
        self.peer.shutdown()

    def say(self, message: str, **signals: object) -> None:
        """The peer sends a frame."""
        found = self.network.message(message)
        self.peer.send(
            can.Message(
                arbitration_id=found.frame_id, data=self.network.encode(message, **signals), is_extended_id=False
            )
        )


class _Stamped(can.BusABC):
    """The `virtual` bus with stamps of the desk's clock, as an interface in simulated time has them."""

    def __init__(self, clock: FakeClock, channel: str) -> None:
        self._clock = clock
        self._bus = can.Bus(interface="virtual", channel=channel)
        self.channel_info = "desk"
        super().__init__(channel)

    def recv(self, timeout: float | None = None) -> can.Message | None:  # noqa: ARG002  it never waits
        message = self._bus.recv(0)
        if message is not None:
            message.timestamp = self._clock.now() / 1e9
        return message

    def send(self, msg: can.Message, timeout: float | None = None) -> None:
        self._bus.send(msg, timeout)

    def _send_periodic_internal(self, msgs, period, _duration=None, _autostart=True, modifier_callback=None):
        return _Task(self, msgs[0], round(period * 1e9), modifier_callback)

    def shutdown(self) -> None:
        super().shutdown()
        self._bus.shutdown()


class _Task(can.CyclicSendTaskABC):
    """Sends on the desk's clock."""

    def __init__(self, bus, message, period, modify):
        super().__init__(message, period / 1e9)
        self._bus, self._message, self._every, self._modify, self._on = bus, message, period, modify, True
        self._send()

    def _send(self):
        if self._on:
            if self._modify is not None:
                self._modify(self._message)
            self._bus.send(self._message)
            self._bus._clock.later(self._every, self._send)

    def stop(self):
        self._on = False
