"""ISO-TP under UDS in the bench's own time: can-isotp's protocol, fed by the network, timed by the bench's clock."""

from __future__ import annotations

from collections import deque

import isotp
from isotp.tools import Timer
from udsoncan.connections import BaseConnection

from harness.can.network import Network
from harness.clock import Clock
from harness.errors import BenchError
from harness.units import S, nanoseconds

SEND_TIMEOUT = 2 * S
"""For a whole request to be on the bus: N_Bs of ISO 15765-2 is 1 s, once for each block."""

N_CR_MS = 1_000
"""ISO 15765-2: wait for the next consecutive frame, and for flow control (N_Bs), in ms."""


class _BenchTimer(Timer):
    """can-isotp's timer on the bench's clock instead of the host's."""

    def __init__(self, clock: Clock, timeout: float) -> None:
        super().__init__(timeout)
        self._clock = clock

    def start(self, timeout: float | None = None) -> None:
        if timeout is not None:
            self.set_timeout(timeout)
        self.start_time = self._clock.now()

    def elapsed_ns(self) -> int:
        return 0 if self.start_time is None else self._clock.now() - self.start_time

    def elapsed(self) -> float:
        return self.elapsed_ns() / S


class _Transport(isotp.TransportLayerLogic):
    """The protocol's state machine, timed by the bench's clock."""

    def __init__(self, network: Network, request: int, response: int, padding: int) -> None:
        self._clock = network.clock
        self._received: deque[isotp.CanMessage] = deque()
        self._response = response
        super().__init__(
            rxfn=lambda _timeout: self._received.popleft() if self._received else None,
            txfn=lambda message: network.send_raw(message.arbitration_id, bytes(message.data)),
            address=isotp.Address(isotp.AddressingMode.Normal_11bits, txid=request, rxid=response),
            params={
                "tx_padding": padding,
                "tx_data_min_length": 8,
                "rx_flowcontrol_timeout": N_CR_MS,
                "rx_consecutive_frame_timeout": N_CR_MS,
                "wait_func": lambda _seconds: None,  # construction tries it out, and the default is time.sleep
            },
        )
        self.timer_tx_stmin = _BenchTimer(self._clock, 0)

    def take(self, data: bytes) -> None:
        """A frame of the server arrived."""
        self._received.append(isotp.CanMessage(arbitration_id=self._response, data=data, dlc=len(data)))

    def work(self) -> None:
        """Let the protocol go on; while nothing has come and no timer runs there is nothing to do."""
        if self._received or self.is_rx_active() or self.transmitting():
            self.process()

    def _start_rx_fc_timer(self) -> None:
        self.timer_rx_fc = _BenchTimer(self._clock, N_CR_MS / 1000)
        self.timer_rx_fc.start()

    def _start_rx_cf_timer(self) -> None:
        self.timer_rx_cf = _BenchTimer(self._clock, N_CR_MS / 1000)
        self.timer_rx_cf.start()


class IsoTpConnection(BaseConnection):
    """What udsoncan's client talks through: `request` and `response` are 11-bit identifiers."""

    def __init__(self, network: Network, request: int, response: int, padding: int, name: str) -> None:
        super().__init__(name)
        self._network = network
        self._response = response
        self._transport = _Transport(network, request, response, padding)
        self._open = False

    def open(self) -> IsoTpConnection:
        """Listen to the server."""
        self._network.on_frame(self._response, self._transport.take)
        self._open = True
        return self

    def close(self) -> None:
        """Listen no more."""
        self._network.on_frame(self._response, None)
        self._open = False

    def is_open(self) -> bool:
        """Whether it listens."""
        return self._open

    def empty_rxqueue(self) -> None:
        """Forget what came too late for an earlier request."""
        self._network.pump()
        self._transport.process()
        self._transport.clear_rx_queue()

    def specific_send(self, payload: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  the class's own is used
        """Send a request; returns once its last frame was handed to the network."""
        self._transport.send(payload)

        def sent() -> bool:
            self._transport.process()
            return not self._transport.transmitting()

        if not self._network.clock.wait(sent, SEND_TIMEOUT):
            self._transport.stop_sending()
            raise BenchError(f"{self.name} did not take the whole request: no flow control within 1 s. Is it powered?")

    def specific_wait_frame(self, timeout: float | None = None) -> bytes | None:
        """The next whole response, or None after `timeout` s of the bench's time."""

        def complete() -> bool:
            self._transport.work()
            return bool(self._transport.available())

        limit = nanoseconds(N_CR_MS / 1000 if timeout is None else timeout)
        # A response that has begun may take longer than P2: N_Cr guards each of its frames.
        while not self._network.clock.wait(complete, limit):
            if not self._transport.is_rx_active():
                return None
        return bytes(self._transport.recv() or b"")
