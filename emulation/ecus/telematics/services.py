"""The telematics unit's end of Connect: what passes, which signals are obeyed, what is told (A-10, A-14, B-31)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from emulation.ecus.gnss import EPOCH_UNIX
from emulation.ecus.modem.radio_service import REGISTERED
from emulation.offboard.connect import (
    ASLEEP,
    CAR_OFF,
    DATA_SHARING_OFF,
    MODEM_INTERNET_OFF,
    NO_COVERAGE,
    RESEND,
    Connect,
    Signal,
)
from emulation.world import Condition, Process
from harness.units import MIN, S

if TYPE_CHECKING:
    from emulation.ecus.telematics.telematics import Telematics

ON_CAN = {ASLEEP: "ASLEEP", NO_COVERAGE: "NO_COVERAGE", "": "ON"}
"""`TCU_Services.Connect` by what stands in the way; everything else is OFF."""


@dataclass(frozen=True)
class Word:
    """What the car has to tell until `until` (ns)."""

    kind: str
    data: dict[str, Any]
    until: int


class Services:
    """Part of the telematics unit. Settings and numbers of signals are kept in non-volatile memory."""

    KEEP = 10 * MIN
    """So long the car tries to tell what nobody has heard, where nothing else is said (own choice)."""
    LASTING: ClassVar = frozenset({"alarm", "disarmed"})
    """Kept in non-volatile memory until heard: whoever cuts the battery in a garage must not get away with it."""
    PATIENCE = 20 * S
    """So long it waits for an answer (own choice)."""
    REMEMBERED = 64
    """Numbers of signals that are known again (own choice: more than a network can hold)."""

    def __init__(self, unit: Telematics) -> None:
        self.unit = unit
        self.world = unit.world
        self.connect: Connect = unit.bench.parts["connect"]
        self.connect.car = self
        self.data_sharing = True
        self.modem_internet = True
        self.asleep = False
        """Parked for so long that the modem sleeps."""
        self.tracking = False
        self.linked_users = 1
        """The owner, on every bench that is new."""
        self._handlers: dict[str, Callable[[dict[str, Any]], None]] = {"linked_users": self._count_users}
        self._obeyed: deque[int] = deque(maxlen=self.REMEMBERED)
        self._outbox: deque[Word] = deque()
        self._posted: Condition | None = None
        self._changed: Condition | None = None

    def processes(self) -> Iterable[Process]:
        """Follow the settings, tell CAN, post what is to be told: of what a reset came before, `LASTING` alone."""
        self._outbox = deque(word for word in self._outbox if word.kind in self.LASTING)
        return [self.follow_settings(), self.publish(), self.post()]

    # What may stand in the way

    def reason(self) -> str:
        """Why nothing passes now; empty where everything does."""
        return self.connect.reason()

    def hindrance(self) -> str:
        """The car's own part of it."""
        modem = self.unit.modem
        if not self.unit.running or not modem.powered:
            return CAR_OFF
        if self.asleep:
            return ASLEEP
        if modem.registration not in REGISTERED or not modem.network.receivable:
            return NO_COVERAGE
        if not self.modem_internet:
            return MODEM_INTERNET_OFF
        if not self.unit.internet.is_up():
            return NO_COVERAGE
        return "" if self.data_sharing else DATA_SHARING_OFF

    def changed(self) -> Condition:
        """Happens when the car's own part may have changed."""
        if self._changed is None:
            self._changed = self.world.condition("services changed")
        return self._changed | self.unit.modem.changed()

    def set(self, **state: Any) -> None:
        """Change `data_sharing`, `modem_internet`, `asleep`, `tracking` or `linked_users`, and tell everybody."""
        if all(getattr(self, name) == value for name, value in state.items()):
            return
        for name, value in state.items():
            setattr(self, name, value)
        self.show()
        if self._changed is not None:
            changed, self._changed = self._changed, None
            changed.happen()

    def follow_settings(self) -> Process:
        """What was chosen on the centre display."""
        known: bytes | None = None
        while True:
            heard = self.unit.heard("IHU_Settings", known)
            yield heard
            known, settings = heard.value.data, self.unit.decode(heard.value)
            self.set(
                data_sharing=settings["DataSharing"] == "ON",
                modem_internet=settings["ModemInternetRequest"] == "ON",
            )

    def publish(self) -> Process:
        """Keep `TCU_Services` true."""
        while True:
            self.show()
            yield self.connect.changed()

    def show(self) -> None:
        """`TCU_Services` as it is now."""
        self.unit.set(
            "TCU_Services",
            Connect=ON_CAN.get(self.reason(), "OFF"),
            LinkedUsers=min(self.linked_users, 7),
            Tracking="ON" if self.tracking else "OFF",
            ModemInternet="ON" if self.modem_internet else "OFF",
        )

    def _count_users(self, data: dict[str, Any]) -> None:
        self.set(linked_users=int(data["count"]))

    # To the car

    def on(self, kind: str, handler: Callable[[dict[str, Any]], None]) -> None:
        """Obey signals of a kind with `handler`; one a kind."""
        self._handlers[kind] = handler

    def take(self, signal: Signal) -> str:
        """A signal has arrived; returns why it is not obeyed. One that was obeyed already is answered once more."""
        if self.is_repeated(signal):
            return ""
        if self.is_late(signal):
            return "too old"
        if signal.kind not in self._handlers:
            return f"this car knows no {signal.kind}"
        self._obeyed.append(signal.number)
        self.unit.sleep.wake()
        self._handlers[signal.kind](dict(signal.data))
        return ""

    def is_repeated(self, signal: Signal) -> bool:
        """Whether the car has obeyed it: the answer got lost."""
        return signal.number in self._obeyed

    def is_late(self, signal: Signal) -> bool:
        """Whether its time has passed, by the car's own clock."""
        return self.clock() > signal.valid_until

    def clock(self) -> int:
        """The time in ns, by the satellites to the second; before the first fix by the network, which tells it too."""
        seconds = self.unit.calls.source.unix_time(self.world.now)
        return (seconds - EPOCH_UNIX) * S if seconds else self.world.now

    # From the car

    def tell(self, kind: str, /, valid_for: int = KEEP, **data: Any) -> None:
        """Tell it, after what was to be told before; drop it where nobody could hear it for `valid_for` ns."""
        self._outbox.append(Word(kind, data, self.world.now + valid_for))
        if self._posted is not None:
            posted, self._posted = self._posted, None
            posted.happen()

    def post(self) -> Process:
        """One word after the other."""
        while True:
            while not self._outbox:
                self._posted = self.world.condition("something to tell")
                yield self._posted
            word = self._outbox[0]
            over = self.world.after(word.until - self.world.now)
            while not over.happened:
                if self.reason():
                    yield over | self.connect.changed()
                    continue
                yield self.connect.latency()
                if self.connect.hears(word.kind, word.data):
                    break
                yield over | self.world.after(RESEND)
            self._outbox.popleft()

    def ask(self, kind: str, /, **data: Any) -> Condition:
        """Ask; happens with the answer, or with `{"error": reason}`."""
        answer = self.world.condition(f"answer to {kind}")
        self.world.spawn(self._ask(kind, data, answer), f"Connect: the car asks {kind}")
        return answer

    def _ask(self, kind: str, data: dict[str, Any], answer: Condition) -> Process:
        over = self.world.after(self.PATIENCE)
        while not over.happened:
            if reason := self.reason():
                answer.happen({"error": reason})
                return
            yield over | self.world.after(self.connect.latency())
            found = None if over.happened else self.connect.asked(kind, data)
            if found is not None:
                yield self.connect.latency()
                answer.happen(found)
                return
            yield over | self.world.after(RESEND)
        answer.happen({"error": "no answer"})
