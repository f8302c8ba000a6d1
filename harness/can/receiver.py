"""Reads an interface on the wall clock all the time, so that no frame is lost while the test waits for something else.

The thread only queues, with the instant of arrival. Frames are filed, and handed to whoever awaits them, by
`Network.pump` in the thread of the test: nothing of a verdict happens in two threads. UDS keeps its times, because
whoever waits for an answer pumps every millisecond, and looks into the queue before it calls a time-out (P2: 50 ms).
"""

from __future__ import annotations

import logging
import socket
import threading
from collections import deque

import can

from harness.clock import Clock

LOOK = 0.05
"""s for which the thread waits for a frame before it asks whether it is to end."""

logging.getLogger("can.interfaces.socketcand").setLevel(logging.CRITICAL)  # it warns of frames that TCP cut in two


class Receiver:
    """The reading thread of one bus."""

    def __init__(self, name: str, bus: can.BusABC, clock: Clock) -> None:
        self.arrived = 0
        """When the thread had the frame that was taken last, ns of the bench's clock."""
        self._bus = bus
        self._clock = clock
        self._queue: deque[tuple[int, can.Message]] = deque()
        self._failure: Exception | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"CAN {name}", daemon=True)
        self._thread.start()

    def take(self, timeout: float = 0) -> can.Message | None:  # noqa: ARG002  as `recv` of a bus is called
        """The next frame, or None. Raises `CanOperationError` once all is taken and reading has failed."""
        try:
            self.arrived, message = self._queue.popleft()
        except IndexError:
            if self._failure is None or self._queue:
                return None
            raise can.CanOperationError(str(self._failure) or repr(self._failure)) from self._failure
        return message

    def put(self, frame: can.Message) -> None:
        """Queue a frame that we sent, without a stamp, where the bus itself does not hand it back."""
        own = can.Message(
            arbitration_id=frame.arbitration_id,
            data=bytes(frame.data),
            is_extended_id=frame.is_extended_id,
            is_rx=False,
        )
        self._queue.append((self._clock.now(), own))

    def close(self) -> None:
        """End the thread; the bus is still open."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        recv, now, append = self._bus.recv, self._clock.now, self._queue.append
        try:
            while not self._closing.is_set():
                message = recv(LOOK)
                if message is not None:
                    append((now(), message))
                elif _hung_up(self._bus):
                    raise can.CanOperationError("the other end closed the connection")  # noqa: TRY301
        except Exception as error:  # noqa: BLE001  kept and told by `take`; a thread that dies silently would lose it
            self._failure = error


def _hung_up(bus: can.BusABC) -> bool:
    """Whether a connection has ended: python-can's `socketcand` client reads on from a closed one for ever."""
    connection = getattr(bus, "_SocketCanDaemonBus__socket", None)
    if not isinstance(connection, socket.socket):
        return False
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
