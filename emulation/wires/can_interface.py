"""python-can interface `emulated`: `can.Bus(interface="emulated", channel="body")`, in simulated time.

A call that waits lets the world run instead. Timestamps are seconds of simulated time; `round(timestamp * 1e9)` gives
back the exact ns for the first 11 days. Nothing received is ever dropped: the receive queue has no limit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from can import (
    BusABC,
    BusState,
    CanInitializationError,
    CanOperationError,
    CanProtocol,
    CanTimeoutError,
    CyclicSendTaskABC,
    Message,
)
from can.typechecking import AutoDetectedConfig, CanFilters

from emulation.can_bus import EXTENDED, FD, REMOTE, Frame
from emulation.plugin import active
from emulation.wires.can_message import content_of, message_of
from emulation.wires.can_tasks import EmulatedCyclicTask
from emulation.world import Condition, Idle
from harness.units import nanoseconds

_EVERY_IDENTIFIER: CanFilters = ({"can_id": 0, "can_mask": 0},)

_ALL: dict[int, bool] = {}
"""Stands for: no filter at all, nothing to look up."""


class EmulatedBus(BusABC):
    """A node on network `channel` of the active emulated bench.

    `fd=False` makes it a classic controller, which sends no FD frame and sees none. `bitrate` and `data_bitrate` in
    bit/s may be given and must then be the network's. With `receive_own_messages` own frames come back, `is_rx` False.
    """

    def __init__(
        self,
        channel: str = "body",
        can_filters: CanFilters | None = None,
        *,
        receive_own_messages: bool = False,
        fd: bool = True,
        bitrate: int | None = None,
        data_bitrate: int | None = None,
        **unknown: Any,
    ) -> None:
        bench = active()
        if channel not in bench.buses:
            raise CanInitializationError(
                f"no CAN network {channel!r} on this emulated bench; there is: {', '.join(sorted(bench.buses))}"
            )
        if unknown:
            raise CanInitializationError(
                f"interface emulated has no option {', '.join(sorted(unknown))}; it knows can_filters, "
                "receive_own_messages, fd, bitrate, data_bitrate"
            )
        network = bench.buses[channel]
        for name, wanted, real in (
            ("bitrate", bitrate, network.bitrate),
            ("data_bitrate", data_bitrate, network.data_bitrate),
        ):
            if wanted is not None and wanted != real:
                raise CanInitializationError(f"network {channel} has {name} {real} bit/s; asked for {wanted}")
        self.channel = channel
        self.channel_info = f"emulated CAN network {channel}"
        self.receive_own_messages = receive_own_messages
        self._can_protocol = CanProtocol.CAN_FD if fd else CanProtocol.CAN_20
        self._network = network
        self._link = bench.link(f"can.{channel}")
        if self._link.refuses:
            raise CanInitializationError(f"the interface of network {channel} is not there")
        self._epoch = self._link.epoch
        self._world = bench.world
        self._queue: deque[Frame] = deque()
        self._arrival: Condition | None = None
        self._state = BusState.ACTIVE
        self._verdicts: dict[int, bool] = {}
        super().__init__(channel, can_filters)
        network.attach(self._take)

    # Receiving

    def recv(self, timeout: float | None = None) -> Message | None:
        """The next frame, or None after `timeout` s of simulated time; without one the world runs until a frame comes.

        Raises `CanOperationError` when none can ever come, because nothing is left to happen in the world.
        """
        while True:
            try:
                frame = self._queue.popleft()
            except IndexError:
                if not self._wait(timeout):
                    return None
            else:
                return message_of(frame, self.channel, frame.sender is not self)

    def take_received(self) -> Iterator[tuple[int, int, bytes, int, bool]]:
        """All frames that came since the last were taken; spares a `can.Message` for each of thousands a second.

        Of each: instant (ns), identifier, data, flags, whether somebody else sent it. Raises `CanOperationError`
        after them where the bus was shut down or its interface is gone.
        """
        queue = self._queue
        while queue:
            time, identifier, data, flags, sender = queue.popleft()
            yield time, identifier, b"" if flags & REMOTE else data, flags, sender is not self
        self._check_open()

    def _wait(self, timeout: float | None) -> bool:
        """Let the world run until the queue holds a frame; False when `timeout` has passed before."""
        self._check_open()
        if timeout is not None and timeout <= 0:
            return False
        world = self._world
        with world.lock:
            if self._queue:
                return True
            if self._arrival is None:
                self._arrival = world.condition(f"a frame for a reader of {self.channel}")
            until = None if timeout is None else world.now + nanoseconds(timeout)
            try:
                return world.run(until, self._arrival)
            except Idle as idle:
                raise CanOperationError(f"no frame can ever arrive on {self.channel_info}: {idle}") from idle

    def _take(self, frame: Frame) -> None:
        """Called by the network with every frame."""
        if frame.sender is self and not self.receive_own_messages:
            return
        if self._link.touched and (self._epoch != self._link.epoch or self._link.misses(frame)):
            return
        if self._verdicts is not _ALL and not self._wants(frame):
            return
        self._queue.append(frame)
        if self._arrival is not None:
            arrival, self._arrival = self._arrival, None
            arrival.happen()

    def _wants(self, frame: Frame) -> bool:
        """The filters' answer, remembered for each identifier as acceptance hardware has it at hand."""
        key = frame.identifier << 2 | frame.flags & (EXTENDED | FD)
        if key not in self._verdicts:
            extended = bool(frame.flags & EXTENDED)
            visible = not frame.flags & FD or self._can_protocol is CanProtocol.CAN_FD
            self._verdicts[key] = visible and any(
                (wanted["can_id"] ^ frame.identifier) & wanted["can_mask"] == 0
                and wanted.get("extended", extended) == extended
                for wanted in self._filters or _EVERY_IDENTIFIER
            )
        return self._verdicts[key]

    def _apply_filters(self, filters: CanFilters | None) -> None:
        everything = filters is None and self._can_protocol is CanProtocol.CAN_FD
        self._verdicts = _ALL if everything else {}

    # Sending

    def send(self, msg: Message, timeout: float | None = None) -> None:
        """Queue `msg`; with a positive `timeout` (s) wait until it has gone out, or withdraw it and raise.

        Raises `CanOperationError` for what this bus cannot send, `CanTimeoutError` when others kept the network busy.
        """
        self._check_open()
        if self._state is BusState.PASSIVE:
            raise CanOperationError(f"{self.channel_info} was set listen-only (BusState.PASSIVE): it sends nothing")
        if msg.is_fd and self._can_protocol is not CanProtocol.CAN_FD:
            raise CanOperationError("this bus was opened with fd=False: it sends no CAN FD frame")
        if self._link.off:
            return  # a controller that is bus-off takes frames, and sends none
        data, flags = content_of(msg)
        world = self._world
        with world.lock:
            if not timeout or timeout < 0:
                self._network.send(msg.arbitration_id, data, flags, self)
                return
            sent = world.condition(f"frame 0x{msg.arbitration_id:X} sent on {self.channel}")
            self._network.send(msg.arbitration_id, data, flags, self, sent.happen)
            if not world.run(world.now + nanoseconds(timeout), sent):
                self._network.withdraw(self, sent.happen)
                raise CanTimeoutError(
                    f"frame 0x{msg.arbitration_id:X} did not win arbitration on {self.channel_info} within {timeout} s"
                )

    def flush_tx_buffer(self) -> None:
        """Withdraw what was sent but is not on the wire yet."""
        with self._world.lock:
            self._network.withdraw(self)

    def _send_periodic_internal(
        self,
        msgs: Sequence[Message] | Message,
        period: float,
        duration: float | None = None,
        autostart: bool = True,
        modifier_callback: Callable[[Message], None] | None = None,
    ) -> CyclicSendTaskABC:
        return EmulatedCyclicTask(
            self, self._world, msgs, period, duration=duration, autostart=autostart, modify=modifier_callback
        )

    # The node itself

    @property
    def is_lost(self) -> bool:
        """Whether the interface that this bus was opened on is gone."""
        return self._epoch != self._link.epoch

    @property
    def state(self) -> BusState:
        """ACTIVE, or PASSIVE once it was set so: listen-only."""
        return self._state

    @state.setter
    def state(self, new_state: BusState) -> None:
        if new_state is BusState.ERROR:
            raise ValueError("a bus can be set ACTIVE or PASSIVE (listen-only); ERROR is what it finds itself in")
        self._state = new_state

    def shutdown(self) -> None:
        """Leave the network; periodic tasks end, unread frames are gone. May be called again."""
        if not self._is_shutdown:
            super().shutdown()
            with self._world.lock:
                self._network.detach(self._take)
                self._network.withdraw(self)
            self._queue.clear()

    def _check_open(self) -> None:
        if self._is_shutdown:
            raise CanOperationError(f"{self.channel_info} was shut down: open a new can.Bus")
        if self.is_lost:
            raise CanOperationError(f"{self.channel_info}: the interface is gone")

    @staticmethod
    def _detect_available_configs() -> list[AutoDetectedConfig]:
        return [{"interface": "emulated", "channel": channel} for channel in sorted(active().buses)]
