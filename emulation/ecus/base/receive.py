"""What ECUs take from the bus: the newest frame of every message, and the check of protected ones."""

from __future__ import annotations

from collections.abc import Callable

from emulation.bench import EmulatedBench
from emulation.can_bus import CanBus, Frame
from emulation.ecus.base.e2e import USABLE, Receiver
from emulation.ecus.base.vehicle import SignalValue, database, decode, message, protections
from emulation.world import Condition
from harness.units import MS

Listener = Callable[[dict[str, SignalValue]], None]

FOREIGN = 1 << 16
"""Length that no frame has: what is not in the DBC is never kept."""


class Mailbox:
    """The newest well-formed frame of every message, shared by all ECUs of a bench: one listener instead of twelve."""

    def __init__(self, bus: CanBus) -> None:
        self.latest: dict[int, Frame] = {}
        self._waiting: dict[int, Condition] = {}
        self._unlike: dict[int, dict[bytes, Condition]] = {}
        self._lengths = {found.frame_id: found.length for found in database().messages}
        self._names = {found.frame_id: f"message {found.name}" for found in database().messages}
        bus.attach(self._take)

    @classmethod
    def of(cls, bench: EmulatedBench) -> Mailbox:
        """The mailbox of `bench`, made at its first use."""
        if "mailbox" not in bench.parts:
            bench.parts["mailbox"] = cls(bench.buses["body"])
        mailbox: Mailbox = bench.parts["mailbox"]
        return mailbox

    def next(self, identifier: int) -> Condition:
        """Happens with the next frame of `identifier`; its value is the `Frame`."""
        if identifier not in self._waiting:
            self._waiting[identifier] = Condition(self._names[identifier])
        return self._waiting[identifier]

    def unlike(self, identifier: int, payload: bytes) -> Condition:
        """Happens with the next frame of `identifier` that carries anything but `payload`; its value is the `Frame`."""
        waiting = self._unlike.setdefault(identifier, {})
        if payload not in waiting:
            waiting[payload] = Condition(self._names[identifier])
        return waiting[payload]

    def _take(self, frame: Frame) -> None:
        _, identifier, data, flags, _ = frame
        if flags or len(data) < self._lengths.get(identifier, FOREIGN):
            return
        self.latest[identifier] = frame
        if identifier in self._waiting:
            self._waiting.pop(identifier).happen(frame)
        waiting = self._unlike.get(identifier)
        if waiting and (data not in waiting or len(waiting) > 1):
            for payload in [each for each in waiting if each != data]:
                waiting.pop(payload).happen(frame)


class CheckedMessage:
    """One protected message as one ECU receives it: every frame goes through the E2E check, usable ones come out."""

    def __init__(self, bus: CanBus, name: str) -> None:
        found = message(name)
        self._bus = bus
        self._name = f"{name} that passes E2E"
        self._length = found.length
        self._receiver = Receiver(protections()[name], (found.cycle_time or 0) * MS)
        self._waiting: Condition | None = None
        self._listeners: tuple[Listener, ...] = ()
        bus.attach(self._take, found.frame_id)

    def listen(self, listener: Listener) -> None:
        """Call `listener` with the signals of each usable frame: cheaper than a process for what comes often."""
        self._listeners += (listener,)

    def next(self) -> Condition:
        """Happens with the next usable frame; its value is the dict of its signals."""
        if self._waiting is None:
            self._waiting = Condition(self._name)
        return self._waiting

    def close(self) -> None:
        """Check no more frames."""
        self._bus.detach(self._take)

    def _take(self, frame: Frame) -> None:
        if frame.flags or len(frame.data) != self._length:
            return
        if self._receiver.check(frame.data, frame.time) not in USABLE:
            return
        for listener in self._listeners:
            listener(decode(frame.identifier, frame.data))
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            waiting.happen(decode(frame.identifier, frame.data))
