"""ECUs that the harness plays: their frames on cycle, counters and CRCs right, or wrong where a test says so (B-03).

A node that is present is silenced first (CommunicationControl), so that two never send the same frame.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from threading import RLock
from typing import Any

import can
from cantools.database.can import Message

from harness.can.diagnostics import Diagnostics
from harness.can.e2e import Corruption, Protector
from harness.can.network import Network
from harness.can.sender import Cyclic
from harness.errors import BenchError
from harness.toml_file import nearest
from harness.units import MS, pretty

DEFAULT_CYCLE = 100 * MS
"""How often a node without any cyclic message is supposed to speak, when its silence is checked."""

QUEUED = 5 * MS
"""What an ECU had queued before it was told to be silent may still go out for this long."""


class PlayedMessage:
    """One message that the harness sends: its signals, its cycle, and what is to be wrong with it.

    On the wall clock the scheduler's thread sends it while the test's changes it: what a frame is made of is guarded.
    """

    def __init__(self, network: Network, message: Message, start: Mapping[str, Any] | None = None) -> None:
        """`start`: first values of signals, for a message that was not on the bus before."""
        self.name = message.name
        self.corruption: Corruption | None = None
        """What is wrong with every frame from now on; None: nothing."""
        self.on_change = message.send_type in ("OnChange", "CyclicAndOnChange")
        cyclic = message.send_type != "OnChange"  # a database's default cycle means nothing for an event message
        self.cycle = message.cycle_time * MS if cyclic and message.cycle_time else None
        self._network = network
        self._message = message
        self._task: Cyclic | None = None
        self._guard = RLock()
        protection = network.protections.get(message.name)
        newest = network.newest.get(message.frame_id)
        self._values = dict(start or {})
        self._payload = network.encode(message.name, **self._values)
        last = -1
        if newest is not None and len(newest) == message.length:
            decoded = message.decode(newest, decode_choices=False)
            self._values = dict(decoded) if isinstance(decoded, dict) else {}
            self._payload = bytearray(newest)
            last = protection.counter_of(newest) if protection is not None else -1
        self._protector = Protector(protection, last) if protection is not None else None

    def set(self, **signals: Any) -> None:
        """Change what is sent from now on; a message that is sent on change goes out at once."""
        with self._guard:
            values = self._values | signals
            self._payload = self._network.encode(self.name, **values)
            self._values = values
            if self.on_change:
                self.send_once()

    def start(self, cycle: int | None = None) -> None:
        """Send on the database's cycle, or every `cycle` ns; nothing happens for a message without one."""
        cycle = cycle or self.cycle
        if cycle is None or self._task is not None:
            return
        self._network.sent.add(self._message.frame_id)
        self._task = self._network.sender.every(cycle, self._frame(), self._renew, self._guard)

    def stop(self) -> None:
        """Send no more."""
        if self._task is not None:
            self._task.stop()
            self._task = None

    def send_once(self, corruption: Corruption | None = None) -> None:
        """One frame now, besides the cycle; `corruption` is for this frame alone."""
        with self._guard:
            frame = self._frame()
            kept, self.corruption = self.corruption, corruption or self.corruption
            try:
                self._renew(frame)
            finally:
                self.corruption = kept
            self._network.send_raw(frame.arbitration_id, bytes(frame.data), extended=frame.is_extended_id)

    @property
    def counter(self) -> int:
        """The E2E counter that was sent last; -1 before the first frame, and where it has none."""
        return -1 if self._protector is None else self._protector.counter

    def go_on(self, counter: int, **signals: Any) -> None:
        """Take up sending after somebody else sent this message up to `counter`."""
        with self._guard:
            if self._protector is not None:
                self._protector.counter = counter
            self.set(**signals)

    @property
    def values(self) -> dict[str, Any]:
        """What its frames say now, as physical values or value-table names."""
        decoded: dict[str, Any] = dict(self._message.decode(bytes(self._payload)))  # type: ignore[arg-type]  # no container
        return {name: value if isinstance(value, (int, float)) else str(value) for name, value in decoded.items()}

    def _frame(self) -> can.Message:
        identifier, extended = self._message.frame_id, self._message.is_extended_frame
        return can.Message(arbitration_id=identifier, data=self._payload, is_extended_id=extended)

    def _renew(self, frame: can.Message) -> None:
        data = bytearray(self._payload)
        if self._protector is not None:
            self._protector.protect(data, self.corruption)
        frame.data = data


class PlayedNode(Mapping[str, PlayedMessage]):
    """All messages of one ECU, by name; `start` has first values by `Message.Signal`.

    A message that one of the nodes `others` sends as well is left to it.
    """

    def __init__(
        self,
        network: Network,
        ecu: str,
        node: str,
        start: Mapping[str, Any] | None = None,
        others: Collection[str] = (),
    ) -> None:
        self.ecu = ecu
        sent = [message for message in network.database.messages if node in message.senders]
        if not sent:
            raise BenchError(f"{ecu} (node {node}) sends nothing in the database of network {network.name}")
        first: dict[str, dict[str, Any]] = {}
        for name, value in (start or {}).items():
            message, _, signal = name.partition(".")
            first.setdefault(message, {})[signal] = value
        found = [message for message in sent if not set(message.senders) & set(others)]
        self._messages = {each.name: PlayedMessage(network, each, first.get(each.name)) for each in found}

    def __getitem__(self, name: str) -> PlayedMessage:
        if name not in self._messages:
            raise BenchError(f"{self.ecu} does not send {name!r}{nearest(name, list(self._messages))}")
        return self._messages[name]

    def __iter__(self) -> Any:
        return iter(self._messages)

    def __len__(self) -> int:
        return len(self._messages)

    def start(self) -> None:
        """Send every cyclic message."""
        for message in self._messages.values():
            message.start()

    def stop(self) -> None:
        """Send nothing more."""
        for message in self._messages.values():
            message.stop()


class Restbus:
    """The ECUs of a network that the harness plays, by name."""

    def __init__(
        self,
        network: Network,
        nodes: Mapping[str, str],
        diagnostics: Diagnostics,
        *,
        present: Collection[str] = (),
        start: Mapping[str, Any] | None = None,
    ) -> None:
        """`nodes` gives the database's node of each ECU.

        `present` are the ECUs that are on the bus themselves, `start` first values (`Message.Signal`) of those played.
        """
        self.played: dict[str, PlayedNode] = {}
        self._present = frozenset(present)
        self._start = dict(start or {})
        self._network = network
        self._nodes = nodes
        self._diagnostics = diagnostics
        self._silenced: list[str] = []

    def play(self, ecu: str) -> PlayedNode:
        """Send for an ECU that is not on the bus. Raises `BenchError` where somebody else sends its frames."""
        if ecu in self.played:
            return self.played[ecu]
        if ecu not in self._nodes:
            raise BenchError(f"no ECU {ecu!r} on network {self._network.name}{nearest(ecu, list(self._nodes))}")
        if ecu in self._present and ecu not in self._silenced:
            raise BenchError(f"{ecu} is on network {self._network.name} itself: take_over it, which silences it first")
        others = {self._nodes[other] for other in self._present - {ecu} if other in self._nodes}
        node = PlayedNode(self._network, ecu, self._nodes[ecu], self._start, others)
        node.start()
        self.played[ecu] = node
        return node

    def take_over(self, ecu: str) -> PlayedNode:
        """Silence an ECU that is on the bus and send in its place, from its last values and counters on."""
        if ecu in self.played:
            return self.played[ecu]
        uds = self._diagnostics[ecu]
        uds.session("extended")
        uds.communicate(on=False)
        self._silenced.append(ecu)
        self._check_silence(ecu)
        return self.play(ecu)

    def _check_silence(self, ecu: str) -> None:
        """Raises `BenchError` where an ECU that was told to be silent still sends."""
        network = self._network
        node = self._nodes[ecu]
        own = [message for message in network.database.messages if node in message.senders]
        watch = 2 * min((message.cycle_time * MS for message in own if message.cycle_time), default=DEFAULT_CYCLE)
        network.clock.sleep(QUEUED)
        since = network.clock.now()
        network.clock.sleep(watch)
        for message in own:
            if next(network.timeline.frames(network.name, message.frame_id, since), None) is not None:
                raise BenchError(f"{ecu} still sent {message.name} {pretty(watch)} after it was told to be silent")

    def give_back(self, ecu: str) -> None:
        """Stop playing an ECU that was taken over, and let it speak for itself again; one that is absent plays on."""
        if ecu in self._silenced:
            if ecu in self.played:
                self.played.pop(ecu).stop()
            self._silenced.remove(ecu)
            uds = self._diagnostics[ecu]
            uds.communicate(on=True)
            uds.session("default")

    def close(self) -> None:
        """Give back everything. A silenced ECU that no longer answers ends its silence by itself (S3)."""
        for ecu in tuple(self.played):
            self.played.pop(ecu).stop()
        for ecu in tuple(self._silenced):
            try:
                self.give_back(ecu)
            except BenchError:
                self._diagnostics[ecu].close()
