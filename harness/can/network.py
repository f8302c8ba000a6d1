"""One CAN network of a bench: everything received goes to the timeline at once, and what is sent or awaited has names.

Serves every clause that is seen on CAN. Frames are kept raw with the interface's own timestamps; nothing is decoded
before somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import can
from cantools.database.can import Database, Message
from cantools.database.errors import Error as DatabaseError

from harness.can.e2e import Protection, Protector
from harness.can.received import Bulk, Received, received
from harness.can.receiver import Receiver as ReceivingThread
from harness.can.scheduler import Scheduler
from harness.can.sender import Sender
from harness.clock import HOST_IS_LATE, Clock, WallClock, lateness
from harness.clock_offset import EXACT, HeardOffset, Offset
from harness.errors import BenchError, ExpectationError, HostWasLate
from harness.history import Value
from harness.timeline import ERROR, Event, Timeline
from harness.toml_file import nearest
from harness.units import pretty

ERROR_BUS_OFF, ERROR_RESTARTED = 0x40, 0x100
"""Bits of an error frame's identifier that tell bus-off, and its end (Linux, can/error.h; python-can hands it on)."""
BUS_OFF = "the interface went bus-off"

Receiver = Callable[[bytes], None]


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
        scheduler: Scheduler | None = None,
        echoes: bool = True,
    ) -> None:
        """`ecus` gives the name of the ECU behind each node of the database.

        `scheduler` sends what is cyclic, on the wall clock; without one the bus does. `echoes`: the interface hands
        back what was sent over it; where it does not, our own frames are filed as they leave.
        """
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
        self.sent: set[int] = set()
        """Identifiers that the harness has sent: what is odd about those is its own doing."""
        self.doubts: Callable[[int], list[str]] = lambda _since: []
        """What may have kept the bench from seeing what came from an instant (ns) on; the bench fills it."""
        self._ecus = ecus or {}
        self.offset: Offset = EXACT
        """Of the interface's clock against the bench's."""
        self._heard: HeardOffset | None = None
        self._reading: ReceivingThread | None = None
        if isinstance(clock, WallClock):
            self.offset = self._heard = HeardOffset()
            self._heard.on_step = self._file_step
            self._reading = ReceivingThread(name, bus, clock)
        self._received = bus.take_received if self._reading is None and isinstance(bus, Bulk) else self._one_by_one
        self.sender = Sender(bus, scheduler, None if echoes else self._reading)
        self._last = 0
        self._own: dict[int, int] = {}
        """When we last sent each identifier, on an interface that does not hand our frames back."""
        self._fresh: set[int] = set()
        self._receivers: dict[int, Receiver] = {}
        self._protectors = {message: Protector(protection) for message, protection in self.protections.items()}
        timeline.know(name, database)

    def pump(self) -> None:
        """File everything that the interface has received. Never waits, never raises: a failure is filed and kept."""
        add, newest = self.timeline.add_frame, self.newest
        receivers, name, fresh = self._receivers, self.name, self._fresh
        time = self._last
        try:
            for time, identifier, data, flags, is_rx in self._received():
                if flags & ERROR:
                    self._file_error(time, identifier, data)
                    continue
                add(name, time, identifier, data, flags)
                newest[identifier] = data
                fresh.add(identifier)
                if identifier in receivers and is_rx:
                    receivers[identifier](data)
        except (can.CanError, OSError) as error:
            self._fail(str(error))
        if self._heard is None:  # on the wall clock not all that is filed has a stamp
            self._last = time
        if self.sender.failure is not None:
            self._fail(self.sender.failure)

    def _one_by_one(self) -> Iterator[Received]:
        """What has come as messages, each in its turn."""
        heard, reading, last = self._heard, self._reading, self._last
        recv = self.bus.recv if reading is None else reading.take
        while (message := recv(0)) is not None:
            if heard is not None and reading is not None:
                time = self._instant(message, reading.arrived, heard)
            else:
                time = last = max(round(message.timestamp * 1e9), last + 1)  # no two of a bus coincide
            yield received(time, message)

    def _instant(self, message: can.Message, arrived: int, heard: HeardOffset) -> int:
        """When a frame was on the bus, on the wall clock.

        One of our own, which the interface did not hand back, has no stamp, and must not push away what is received
        after it with an earlier one.
        """
        identifier, own = message.arbitration_id, self._own
        if not message.timestamp and not message.is_rx:
            own[identifier] = max(arrived, own.get(identifier, 0) + 1)
            return own[identifier]
        time = heard.hear(arrived, round(message.timestamp * 1e9)) if message.timestamp else arrived
        self._last = max(time, self._last + 1, own.get(identifier, 0) + 1)
        return self._last

    def _fail(self, problem: str) -> None:
        if self.failure is None:
            self.failure = problem
            self.timeline.add(Event(self.clock.now(), self.name, "interface_failed", {"error": problem}))

    def _file_error(self, time: int, identifier: int, data: bytes) -> None:
        kind = "bus_off" if identifier & ERROR_BUS_OFF else "error_frame"
        said = {"identifier": identifier, "data": data.hex()}
        self.timeline.add(Event(time, self.name, kind, said, "hardware"))
        if kind == "bus_off":
            self.failure = BUS_OFF
        elif identifier & ERROR_RESTARTED and self.failure == BUS_OFF:
            self.failure = self.sender.failure = None  # what was refused meanwhile was refused for that

    def _file_step(self, by: int) -> None:
        """The interface's clock was set, or the interface began anew: stamps of that moment are the host's."""
        self.timeline.add(Event(self.clock.now(), self.name, "clock_stepped", {"by_ns": by}))

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
        except (ValueError, KeyError, TypeError, DatabaseError) as error:
            raise BenchError(f"{name} cannot be sent with {signals}: {error}") from error

    def send(self, name: str, **signals: Any) -> None:
        """Send one frame of a message; E2E counter and CRC are put right where the message has them."""
        data = self.encode(name, **signals)
        if name in self._protectors:
            self._protectors[name].protect(data)
        self.send_raw(self.message(name).frame_id, bytes(data), extended=self.message(name).is_extended_frame)

    def send_raw(self, identifier: int, data: bytes, *, extended: bool = False) -> None:
        """Send one frame as it is. Raises `BenchError` where the interface refuses it."""
        self.sent.add(identifier)
        try:
            self.sender.send(can.Message(arbitration_id=identifier, data=data, is_extended_id=extended))
        except (can.CanError, ValueError, OSError) as error:
            raise BenchError(f"network {self.name} does not send frame 0x{identifier:X}: {error}") from error

    # Awaiting

    def value(self, signal: str) -> Value:
        """The newest value of `Message.Signal`, or None where no frame came yet."""
        self.pump()
        newest = self.timeline.value(f"{self.name}/{signal}")
        return None if newest is None else newest.value

    def expect(self, signal: str, value: Value, timeout: int, since: int | None = None) -> int:
        """Wait at most `timeout` ns until `Message.Signal` has `value`, however briefly; returns when (ns).

        It counts from `since` (default: now, and what it is now). Raises `ExpectationError`, or `HostWasLate` where it
        came later than that by no more than a busy host may be late. Raises `BenchError` where the bench was disturbed
        meanwhile, so that nobody knows.
        """
        self.check_health()
        asked = self.clock.now()
        path, begin = f"{self.name}/{signal}", asked if since is None else since
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

        if self.clock.wait(happened, timeout + lateness(self.clock)):
            when = self.timeline.first(path, value, begin) or begin
            if (late := when - asked - timeout) > 0:
                raise HostWasLate(f"{signal} became {value} {pretty(late)} after {pretty(timeout)}: {HOST_IS_LATE}")
            return when
        self.check_health()
        missed = f"{signal} did not become {value} within {pretty(timeout)}; {self._hint(signal)}"
        if doubts := self.doubts(begin):
            raise BenchError(
                f"{missed}\nThe car cannot be blamed, because the bench was disturbed: {'; '.join(doubts)}"
            )
        raise ExpectationError(missed)

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
        if self._reading is not None:
            self._reading.close()
        self.bus.shutdown()
