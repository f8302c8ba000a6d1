"""The theft desk of Assistance: message, push, tracking, police, and their end by the key (B-32, B-33, B-34)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from emulation.bench import EmulatedBench
from emulation.offboard.accounts import DeliveryCentre, Verdict
from emulation.offboard.assistance import AssistanceCentre, Case, Place
from emulation.offboard.connect import Connect, Delivery
from emulation.offboard.phones import Item, Phones
from emulation.offboard.records import Records
from emulation.world import Process, Task
from harness.units import MIN, H, S

Origin = Literal["alarm", "app"]


@dataclass(frozen=True)
class Fix:
    """One position of a tracked car: degrees, whether the car vouches for it, and when it was there (ns)."""

    latitude: float
    longitude: float
    trusted: bool
    at: int


@dataclass
class TheftCase:
    """One theft, or what looks like one. Instants in ns, None where it did not happen."""

    id: int
    opened: int
    origin: Origin
    source: str | None = None
    """What set off the alarm, as `CEM_Alarm.Source` names it."""
    alarm: int | None = None
    """Which of the car's alarms the owner was told of last."""
    account: str | None = None
    """Who asked through the app, PIN verified."""
    messaged: int | None = None
    pushed: int | None = None
    interval: int | None = None
    """Time between two positions as agreed, in ns."""
    tracked: int | None = None
    help: Case | None = None
    """The case that the police was told of."""
    positions: list[Fix] = field(default_factory=list)
    closed: int | None = None
    reason: str | None = None
    """What closed it: `key`, or `operator`."""


class TheftDesk:
    """Follows the car's alarm, tells its owner, and tracks it for the police once that is asked for."""

    MESSAGE_TEXT = "The alarm of your car has been set off."
    PUSH_TEXT = "Theft alarm. Ask Polestar Assistance where the car is."
    PUSH_AFTER = (5 * S, 15 * S)
    """Least and greatest time from the message's arrival to the push (own choice; the manual gives the order alone)."""
    MESSAGE_WAIT = 15 * S
    """A message that has not arrived by then may be on no phone at all: the push does not wait for it any longer."""
    TRACK_VALID = 2 * H
    """So long a car out of reach is still asked to report: one that sleeps listens once an hour (own choice)."""
    STOP_VALID = 2 * H
    POLICE_WAITS = 2 * MIN
    """So long the police wait for a first position; then they are told without one (own choice)."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._bench = bench
        self._world = bench.world
        self._random = bench.world.random("theft desk")
        self._records: Records = bench.parts["records"]
        self._assistance: AssistanceCentre = bench.parts["assistance"]
        self._connect: Connect = bench.parts["connect"]
        self.centre: DeliveryCentre = bench.parts["delivery_centre"]
        self.phones: Phones = bench.parts["phones"]
        self.cases: list[TheftCase] = []
        self._steps: list[Task] = []
        """What goes on for the open case."""
        self._sent: list[Item] = []
        """What was sent to phones for it."""
        self._located = bench.world.condition("first position")
        self._asked: Delivery | None = None
        """The signal to the car that is on its way."""
        self._connect.on("alarm", self.alarmed)
        self._connect.on("disarmed", self.disarmed)
        self._connect.on("position", self.positioned)

    @property
    def open_case(self) -> TheftCase | None:
        """The case that is not closed yet; there is one car, so there is one at a time."""
        return self.cases[-1] if self.cases and self.cases[-1].closed is None else None

    def find(self, identity: int) -> TheftCase | None:
        """The case of that identity."""
        return next((case for case in self.cases if case.id == identity), None)

    # The alarm

    def alarmed(self, data: dict[str, Any]) -> None:
        """The car's alarm went off: tell the owner once an alarm, however often the car says so (B-32)."""
        case = self.open_case or self.open("alarm")
        if case.alarm == data["number"]:
            return
        case.alarm, case.source = data["number"], str(data["source"])
        self.note("theft_alarm", case, source=case.source)
        self.spawn(self.notify(case), "theft notification")

    def notify(self, case: TheftCase) -> Process:
        """First the message, then the push."""
        self.send_message(case)
        yield self._sent[-1].arrived | self._world.after(self.MESSAGE_WAIT)
        yield self._random.randint(*self.PUSH_AFTER)
        self.send_push(case)

    def send_message(self, case: TheftCase) -> None:
        """To the number that the delivery centre has registered, whoever's phone that is."""
        case.messaged = self._world.now
        self._sent.append(self.phones.message(self.number(), "theft", self.MESSAGE_TEXT))

    def number(self) -> str:
        """Whom the message goes to."""
        return self.centre.phone_number

    def send_push(self, case: TheftCase) -> None:
        """To the app of the owner."""
        case.pushed = self._world.now
        self._sent.append(self.phones.push(self.centre.owner, "theft", self.PUSH_TEXT))

    def disarmed(self, data: dict[str, Any]) -> None:
        """A key has switched the alarm off: nothing more is sent, nothing more is tracked (B-34)."""
        case = self.open_case
        if case is not None and self.interrupts(data):
            self.close(case, "key")

    def interrupts(self, data: dict[str, Any]) -> bool:
        """Whether this way of switching the alarm off is the key's."""
        return bool(data["cause"] == "key")

    # Tracking

    def verify(self, account: str, pin: str) -> Verdict:
        """Whether whoever asks is the owner, or another person that may."""
        return self.centre.verify_pin(account, pin)

    def ask(self, account: str) -> TheftCase:
        """The owner does not know where the car is, and asks; whoever asks has been verified (B-33)."""
        case = self.open_case or self.open("app")
        case.account = account
        self.note("theft_report", case)
        return case

    def find_out(self, case: TheftCase, interval: int, *, unauthorised: bool) -> None:
        """The operator has looked into it: tracking begins, or there is nothing to track."""
        if unauthorised:
            self.track(case, interval)
        else:
            self.close(case, "operator")

    def track(self, case: TheftCase, interval: int) -> None:
        """Somebody drives it who may not: have the car report every `interval` ns, and tell the police."""
        case.interval, case.tracked = interval, self._world.now
        case.help = self._assistance.ask_for_help("theft", None, self.vin())
        self.note("tracking", case, interval=interval)
        self._located = self._world.condition("first position")
        self._signal("track", self.TRACK_VALID, interval=interval)
        self.spawn(self.tell_police(case), "telling the police")

    def tell_police(self, case: TheftCase) -> Process:
        """With the first position, or without one where none comes in time."""
        yield self._located | self._world.after(self.POLICE_WAITS)
        assert case.help is not None  # opened when tracking began
        self._assistance.hand_over(case.help, "police")

    def positioned(self, data: dict[str, Any]) -> None:
        """A position has come; all of them are on record, and those of a tracked car belong to its case."""
        fix = Fix(data["latitude"], data["longitude"], data["trusted"], data["at"])
        case = self.open_case
        tracked = case is not None and case.tracked is not None
        self._records.add(
            "assistance",
            "position",
            case=case.id if case is not None and tracked else None,
            latitude=fix.latitude,
            longitude=fix.longitude,
            trusted=fix.trusted,
            age=self._world.now - fix.at,
        )
        if case is not None and case.help is not None:
            case.positions.append(fix)
            case.help.position = Place(fix.latitude, fix.longitude, fix.trusted)
            self._located.happen()

    # The end

    def close(self, case: TheftCase, reason: str) -> None:
        """Interrupt whatever goes on, and let the car report no longer."""
        case.closed, case.reason = self._world.now, reason
        for step in self._steps:
            step.stop()
        for item in self._sent:
            item.cancel()
        self._steps, self._sent = [], []
        if case.account is not None:
            self._signal("stop_tracking", self.STOP_VALID)
        if case.help is not None and case.help.closed is None:
            self._assistance.close(case.help, emergency=False)
        self.note("theft_closed", case, reason=reason)

    def vin(self) -> str | None:
        """The car that all this is about."""
        car = self._bench.parts.get("telematics")
        return None if car is None else str(car.vin)

    def open(self, origin: Origin) -> TheftCase:
        """A new case."""
        case = TheftCase(self._records.new_identity(), self._world.now, origin)
        self.cases.append(case)
        return case

    def note(self, kind: str, case: TheftCase, **data: Any) -> None:
        """Leave a record."""
        self._records.add("assistance", kind, case=case.id, **data)

    def spawn(self, process: Process, name: str) -> None:
        """Do something that the end of the case interrupts."""
        self._steps.append(self._world.spawn(process, name))

    def _signal(self, kind: str, valid_for: int, **data: Any) -> None:
        if self._asked is not None:
            self._asked.cancel()  # what was asked before holds no longer
        self._asked = self._connect.send(kind, valid_for, **data)
