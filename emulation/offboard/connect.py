"""Connect: the data link between the car and all who serve it, with everything that may stand in its way (A-14, B-31).

A signal says when it was sent and until when it is valid. Its sender is told once that time has passed; a copy that the
mobile network holds for a car out of reach comes all the same, hours late, so the car has to look at the dates itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal, Protocol

from emulation.bench import EmulatedBench
from emulation.offboard.network import RadioNetwork
from emulation.offboard.records import Records
from emulation.world import Condition, Process, World
from harness.units import MS, H, S

# Least, most likely and most of each delay (own choice: what public operators reach on LTE, and on the cell's edge).
LATENCY = (80 * MS, 250 * MS, 900 * MS)
"""One way, radio connection set up."""
WEAK_LATENCY = (1_500 * MS, 4 * S, 12 * S)
"""The same on the cell's edge."""
WEAK_LOSS = 0.3
"""Part of the signals, and of the answers to them, that get lost on the cell's edge (own choice)."""
RESEND = 5 * S
"""Pause before what was not answered is sent again (own choice)."""
KEPT_BY_NETWORK = 72 * H
"""So long the network holds a message for a car out of reach (own choice; TS 23.040 knows up to 63 weeks)."""

NOT_ACTIVATED = "Connect is not activated"
CAR_OFF = "car off"
ASLEEP = "asleep"
NO_COVERAGE = "no coverage"
MODEM_INTERNET_OFF = "modem Internet is off"
DATA_SHARING_OFF = "data sharing is off"
HELD = frozenset({NO_COVERAGE, CAR_OFF, ASLEEP})
"""Reasons for which the mobile network holds a copy."""

Outcome = Literal["delivered", "expired", "refused"]
Handler = Callable[[dict[str, Any]], None]
Answerer = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Signal:
    """What goes to the car: its `number` is its own; `sent` and `valid_until` are ns of the time both ends keep."""

    number: int
    kind: str
    data: Mapping[str, Any]
    sent: int
    valid_until: int


@dataclass
class Delivery:
    """What becomes of a signal: `done` happens with "delivered", "expired" or "refused" (by the car, or cancelled)."""

    signal: Signal
    done: Condition
    cancelled: Condition = field(default_factory=Condition)
    reason: str = ""
    """Why it could not be delivered, as far as is known now."""

    def cancel(self) -> None:
        """Take the signal back, the network's copy as well; without effect on what has arrived."""
        self.cancelled.happen()
        self.end("refused", "cancelled")

    def end(self, outcome: Outcome, reason: str = "") -> None:
        """It is decided."""
        if not self.done.happened:
            self.reason = reason
            self.done.happen(outcome)


class CarEnd(Protocol):
    """The telematics unit, as the link needs it."""

    def hindrance(self) -> str:
        """Why nothing reaches the car now; empty where it can be reached."""

    def changed(self) -> Condition:
        """Happens when that may have changed."""

    def take(self, signal: Signal) -> str:
        """A signal has arrived; why the car does not obey it, empty where it does."""


class Connect:
    """The service's end of the link. Everything passes only while `reason()` is empty."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._world: World = bench.world
        self._random = bench.world.random("connect")
        self._network: RadioNetwork = bench.parts["network"]
        self._records: Records = bench.parts["records"]
        self.car: CarEnd | None = None
        """The telematics unit puts itself here; None: the car has none."""
        self._activated = True
        self._changed: Condition | None = None
        self._numbers = count(1)
        self._handlers: dict[str, list[Handler]] = {}
        self._answerers: dict[str, Answerer] = {}
        self._open: list[Delivery] = []

    # What may stand in the way

    @property
    def activated(self) -> bool:
        """Whether the car's owner has the service (A-14)."""
        return self._activated

    @activated.setter
    def activated(self, on: bool) -> None:
        self._activated = on
        self.tell()

    def reason(self) -> str:
        """Why the car cannot be reached now; empty where it can."""
        if not self.activated:
            return NOT_ACTIVATED
        return CAR_OFF if self.car is None else self.car.hindrance()

    def changed(self) -> Condition:
        """Happens when `reason()` may have changed."""
        if self._changed is None:
            self._changed = self._world.condition("Connect changed")
        around = self._changed | self._network.changed()
        return around if self.car is None else around | self.car.changed()

    def tell(self) -> None:
        """The subscription has changed."""
        if self._changed is not None:
            changed, self._changed = self._changed, None
            changed.happen()

    def as_usual(self) -> None:
        """As before any test: subscribed, and nothing under way to the car."""
        self.activated = True
        for delivery in self._open:
            delivery.cancel()

    # To the car

    def send(self, kind: str, valid_for: int, /, **data: Any) -> Delivery:
        """Send a signal to the car, again and again until it answers or `valid_for` ns have passed."""
        sent = self._world.now
        signal = Signal(next(self._numbers), kind, data, sent, sent + valid_for)
        delivery = Delivery(signal, self._world.condition(f"delivery of {kind}"))
        self._note("sent", delivery)
        self._open.append(delivery)
        self._world.spawn(self._deliver(delivery, valid_for), f"Connect: {kind} to the car")
        return delivery

    def _deliver(self, delivery: Delivery, valid_for: int) -> Process:
        over = delivery.done | self._world.after(valid_for)
        held = False
        while not over.happened:
            if reason := self.reason():
                delivery.reason = reason
                if reason in HELD and not held:
                    held = True
                    self._world.spawn(self._hold(delivery), "Connect: the network holds a copy")
                yield over | self.changed()
                continue
            yield over | self._world.after(self.latency())
            if not over.happened and not self._arrives(delivery):
                delivery.reason = self.reason() or "no answer"
                yield over | self._world.after(RESEND)
        delivery.end("expired", delivery.reason)
        self._note(delivery.done.value, delivery)
        if not held:
            self._open.remove(delivery)

    def _hold(self, delivery: Delivery) -> Process:
        """The network's copy: delivered once the car is there, however late; a sent signal cannot be called stale."""
        gone = delivery.cancelled | self._world.after(KEPT_BY_NETWORK)
        while not gone.happened and delivery.done.value != "delivered":
            if self.reason():
                yield gone | self.changed()
                continue
            yield gone | self._world.after(self.latency())
            if not gone.happened and self._arrives(delivery):
                break
            yield gone | self._world.after(RESEND)
        self._open.remove(delivery)

    def _arrives(self, delivery: Delivery) -> bool:
        """Bring a signal to the car once; whether its answer came back."""
        if self.car is None or self.reason() or self.gets_lost():
            return False
        refused = self.car.take(delivery.signal)
        if self.gets_lost():
            return False
        if delivery.done.happened:
            self._note("arrived_late", delivery, refused=refused)
        delivery.end("refused" if refused else "delivered", refused)
        return True

    def latency(self) -> int:
        """How long it takes one way, drawn anew each time (ns)."""
        least, likely, most = WEAK_LATENCY if self._network.weak else LATENCY
        return round(self._random.triangular(least, most, likely))

    def gets_lost(self) -> bool:
        """Whether what is on its way now does not arrive."""
        return self._network.weak and self._random.random() < WEAK_LOSS

    def _note(self, kind: str, delivery: Delivery, **more: Any) -> None:
        signal = delivery.signal
        self._records.add("connect", kind, signal=signal.number, what=signal.kind, reason=delivery.reason, **more)

    # From the car

    def on(self, kind: str, handler: Handler) -> None:
        """Call `handler` with the data of everything of that kind that the car tells; there may be several."""
        self._handlers.setdefault(kind, []).append(handler)

    def answers(self, kind: str, handler: Answerer) -> None:
        """Let `handler` answer what the car asks."""
        self._answerers[kind] = handler

    def hears(self, kind: str, data: dict[str, Any]) -> bool:
        """The car tells something; whether it arrived and the car knows so."""
        if self.reason() or self.gets_lost():
            return False
        self._records.add("connect", "heard", what=kind)
        for handler in self._handlers.get(kind, []):
            handler(dict(data))
        return True

    def asked(self, kind: str, data: dict[str, Any]) -> dict[str, Any] | None:
        """The car asks something; None where question or answer got lost."""
        if self.reason() or self.gets_lost():
            return None
        if kind not in self._answerers:
            return {"error": f"nobody answers {kind}"}
        return self._answerers[kind](dict(data))
