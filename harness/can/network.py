"""One CAN network of a bench: everything received goes to the timeline at once, and what is sent or awaited has names.

Serves every clause that is seen on CAN. Frames are kept raw with the interface's own timestamps; nothing is decoded
before somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import can
from cantools.database.can import Database, Message

from harness.can.e2e import Protection, Protector
from harness.clock import Clock, WallClock
from harness.errors import BenchError, ExpectationError
from harness.history import Value
from harness.timeline import Event, Timeline
from harness.toml_file import nearest
from harness.units import pretty

EXTENDED = 1
FD = 2
BRS = 4
ESI = 8
REMOTE = 16
"""Flags of a frame on the timeline; 0 is a classic data frame with an 11-bit identifier."""

ERROR_BUS_OFF = 0x40
"""Bit of an error frame's identifier that tells bus-off (Linux, can/error.h; python-can hands it on)."""

DRIFT_PPM = 100
"""How fast an interface's clock may run away from the host's: crystals of 50 ppm on both sides."""

Receiver = Callable[[bytes], None]


class Stamps:
    """Turns an interface's timestamps (s, since whenever) into instants of the bench's clock (ns).

    The frame that came through fastest shows the offset best; it may age by `DRIFT_PPM`.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset: int | None = None
        self._estimated = 0

    def instant(self, timestamp: float) -> int:
        """When the frame was received, by the bench's clock."""
        now, stamp = self._clock.now(), round(timestamp * 1e9)
        offset = now - stamp
        if self._offset is not None:
            offset = min(offset, self._offset + (now - self._estimated) * DRIFT_PPM // 1_000_000)
        self._offset, self._estimated = offset, now
        return stamp + offset


class Network:
    """A python-can bus with its database, on a timeline. `where` names the files for messages to people."""

    def __init__(
        self,
        name: str,
        bus: can.BusABC,
        database: Database,
        timeline: Timeline,
        clock: Clock,
        *,
        protections: dict[str, Protection] | None = None,
        ecus: dict[str, str] | None = None,
        where: str = "the bench file",
    ) -> None:
        """`ecus` gives the name of the ECU behind each node of the database."""
        self.name = name
        self.bus = bus
        self.database = database
        self.timeline = timeline
        self.clock = clock
        self.protections = protections or {}
        self.where = where
        self.failure: str | None = None
        self.newest: dict[int, bytes] = {}
        """The newest payload of each identifier."""
        self._ecus = ecus or {}
        self._stamps = Stamps(clock) if isinstance(clock, WallClock) else None
        self._last = 0
        self._fresh: set[int] = set()
        self._receivers: dict[int, Receiver] = {}
        self._protectors = {message: Protector(protection) for message, protection in self.protections.items()}
        timeline.know(name, database)

    def pump(self) -> None:
        """File everything that the interface has received. Never waits, never raises: a failure is filed and kept."""
        recv, add, newest = self.bus.recv, self.timeline.add_frame, self.newest
        receivers, name, fresh = self._receivers, self.name, self._fresh
        try:
            while (message := recv(0)) is not None:
                time = (
                    round(message.timestamp * 1e9) if self._stamps is None else self._stamps.instant(message.timestamp)
                )
                time = self._last = max(time, self._last + 1)  # frames of one bus never coincide
                if message.is_error_frame:
                    self._file_error(time, message)
                    continue
                identifier, data = message.arbitration_id, bytes(message.data)
                add(name, time, identifier, data, _flags(message))
                newest[identifier] = data
                fresh.add(identifier)
                if identifier in receivers and message.is_rx:
                    receivers[identifier](data)
        except (can.CanError, OSError) as error:
            if self.failure is None:
                self.failure = str(error)
                self.timeline.add(Event(self.clock.now(), name, "interface_failed", {"error": str(error)}))

    def _file_error(self, time: int, message: can.Message) -> None:
        kind = "bus_off" if message.arbitration_id & ERROR_BUS_OFF else "error_frame"
        data = {"identifier": message.arbitration_id, "data": bytes(message.data).hex()}
        self.timeline.add(Event(time, self.name, kind, data, "hardware"))
        if kind == "bus_off":
            self.failure = "the interface went bus-off"

    def check_health(self) -> None:
        """Raises `BenchError` where the interface failed or went bus-off."""
        if self.failure is not None:
            wiring = f"wires, bitrate and termination as {self.where} says"
            raise BenchError(f"network {self.name}: {self.failure}. Are {wiring}?")

    def on_frame(self, identifier: int, receiver: Receiver | None) -> None:
        """Hand each payload of `identifier` to `receiver` as well; None ends it."""
        if receiver is None:
            self._receivers.pop(identifier, None)
        else:
            self._receivers[identifier] = receiver

    # Sending

    def message(self, name: str) -> Message:
        """A message of the database. Raises `BenchError` with the nearest name."""
        try:
            return self.database.get_message_by_name(name)
        except KeyError:
            known = [message.name for message in self.database.messages]
            raise BenchError(f"network {self.name} has no message {name!r}{nearest(name, known)}") from None

    def encode(self, name: str, **signals: Any) -> bytearray:
        """The payload of a message: `signals` by value or value-table name, start values for the others."""
        message = self.message(name)
        known = [signal.name for signal in message.signals]
        for signal in signals:
            if signal not in known:
                raise BenchError(f"{name} has no signal {signal!r}{nearest(signal, known)}")
        values = {
            signal.name: signal.initial if signal.initial is not None else signal.offset for signal in message.signals
        }
        try:
            return bytearray(message.encode(values | signals))
        except (ValueError, KeyError, TypeError) as error:  # cantools' EncodeError is a ValueError
            raise BenchError(f"{name} cannot be sent with {signals}: {error}") from error

    def send(self, name: str, **signals: Any) -> None:
        """Send one frame of a message; E2E counter and CRC are put right where the message has them."""
        data = self.encode(name, **signals)
        if name in self._protectors:
            self._protectors[name].protect(data)
        self.send_raw(self.message(name).frame_id, bytes(data), extended=self.message(name).is_extended_frame)

    def send_raw(self, identifier: int, data: bytes, *, extended: bool = False) -> None:
        """Send one frame as it is. Raises `BenchError` where the interface refuses it."""
        try:
            self.bus.send(can.Message(arbitration_id=identifier, data=data, is_extended_id=extended))
        except (can.CanError, ValueError) as error:
            raise BenchError(f"network {self.name} does not send frame 0x{identifier:X}: {error}") from error

    # Awaiting

    def value(self, signal: str) -> Value:
        """The newest value of `Message.Signal`, or None where no frame came yet."""
        self.pump()
        newest = self.timeline.value(f"{self.name}/{signal}")
        return None if newest is None else newest.value

    def expect(self, signal: str, value: Value, timeout: int, since: int | None = None) -> int:
        """Wait at most `timeout` ns until `Message.Signal` has `value`, however briefly; returns when (ns).

        It counts from `since` (default: now, and what it is now). Raises `ExpectationError`.
        """
        self.check_health()
        path, begin = f"{self.name}/{signal}", self.clock.now() if since is None else since
        self._check_value(signal, value)
        if since is None and self.value(signal) == value:
            return begin
        identifier, fresh = self.message(signal.partition(".")[0]).frame_id, self._fresh
        fresh.add(identifier)

        def happened() -> bool:
            if identifier not in fresh:  # no frame since it was last asked: the history is as it was
                return False
            fresh.discard(identifier)
            return self.timeline.was(path, value, begin)

        if self.clock.wait(happened, timeout):
            return self.timeline.first(path, value, begin) or begin
        self.check_health()
        raise ExpectationError(f"{signal} did not become {value} within {pretty(timeout)}; {self._hint(signal)}")

    def _hint(self, signal: str) -> str:
        sender = self._sender(signal)
        newest = self.timeline.value(f"{self.name}/{signal}")
        seen = (
            "never seen" if newest is None else f"last seen {newest.value} {pretty(self.clock.now() - newest.time)} ago"
        )
        return f"{seen}. Is {sender} powered, and is network {self.name} wired as {self.where} says?"

    def _sender(self, signal: str) -> str:
        senders = self.message(signal.partition(".")[0]).senders
        return " or ".join(self._ecus.get(node, node) for node in senders) or "its sender"

    def _check_value(self, signal: str, value: Value) -> None:
        message, _, name = signal.partition(".")
        known = self.message(message).signal_tree
        if name not in known:
            raise BenchError(f"{message} has no signal {name!r}{nearest(name, [str(each) for each in known])}")
        choices = self.message(message).get_signal_by_name(name).choices
        names = [str(choice) for choice in (choices or {}).values()]
        if isinstance(value, str) and value not in names:
            raise BenchError(f"{signal} has no value {value!r}{nearest(value, names)}")

    def close(self) -> None:
        """Stop sending and let go of the interface."""
        self.bus.stop_all_periodic_tasks()
        self.bus.shutdown()


def _flags(message: can.Message) -> int:
    if not (message.is_extended_id or message.is_fd or message.is_remote_frame):
        return 0
    return (
        EXTENDED * message.is_extended_id
        + FD * message.is_fd
        + BRS * message.bitrate_switch
        + ESI * message.error_state_indicator
        + REMOTE * message.is_remote_frame
    )
