"""The phones: who is logged in to the app on each, and what arrives there (A-01, A-03, B-32, B-34)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Literal

from emulation.bench import EmulatedBench
from emulation.offboard.accounts import GUEST, OWNER, OWNER_NUMBER
from emulation.offboard.records import Records
from emulation.world import Condition, Process
from harness.units import MS, S

Way = Literal["message", "push"]

DELAYS: dict[Way, tuple[int, int, int]] = {
    "message": (1_500 * MS, 3 * S, 8 * S),
    "push": (400 * MS, 1 * S, 4 * S),
}
"""Least, most likely and most until it is on the phone (own choice: usual of text messages and of push services)."""


@dataclass
class Item:
    """Something for a phone's inbox. `arrived` happens when it is there; its value is the phone's id."""

    id: int
    way: Way
    kind: str
    text: str = field(repr=False)
    to: str
    """A phone number, or a Polestar ID."""
    sent: int
    arrived: Condition
    at: int | None = None
    """When it arrived, in ns."""
    cancelled: bool = False

    def cancel(self) -> None:
        """Do not deliver it, where it is still on its way."""
        self.cancelled = True


@dataclass
class Phone:
    """A phone with the app."""

    id: int
    number: str
    account: str | None
    """Polestar ID that the app is logged in with."""
    online: bool = True
    """Whether it has Internet; text messages come without."""
    hotspot: bool = False
    """Whether it lends its Internet to the car that it lies in (B-21)."""
    vin: str | None = None
    """Of the car that its user has told the app."""
    inbox: list[Item] = field(default_factory=list)


class Phones:
    """All phones by id, and what is on its way to them."""

    def __init__(self, bench: EmulatedBench) -> None:
        self._world = bench.world
        self._random = bench.world.random("phones")
        self._records: Records = bench.parts["records"]
        self._ids = count(1)
        self._on_the_way: list[Item] = []
        self.change = self._world.condition("a phone changed")
        self.phones: dict[int, Phone] = {}
        self.as_usual()

    def as_usual(self) -> None:
        """The owner's phone 1, and a guest's phone 2; a third one, new, that nobody is logged in on."""
        for item in self._on_the_way:
            item.cancel()
        self._on_the_way = []
        self.phones = {
            1: Phone(1, OWNER_NUMBER, OWNER),
            2: Phone(2, "+46701740606", GUEST),
            3: Phone(3, "+46701740607", None),
        }
        self.changed()

    def set_online(self, phone: Phone, online: bool) -> None:
        """Give or take a phone's Internet."""
        phone.online = online
        self._records.add("phones", "online" if online else "offline", phone=phone.id)
        self.changed()

    def set_hotspot(self, phone: Phone, on: bool) -> None:
        """Switch a phone's hotspot."""
        phone.hotspot = on
        self._records.add("phones", "hotspot", phone=phone.id, on=on)
        self.changed()

    def lends_internet(self) -> bool:
        """Whether the car could use a phone's Internet now."""
        return any(phone.hotspot and phone.online for phone in self.phones.values())

    def changed(self) -> None:
        """Tell whoever waits for a phone."""
        change, self.change = self.change, self._world.condition("a phone changed")
        change.happen()

    def message(self, number: str, kind: str, text: str) -> Item:
        """Send a text message to a phone number; `kind` goes to the record, `text` to the phone alone."""
        return self._send("message", number, kind, text)

    def push(self, account: str, kind: str, text: str) -> Item:
        """Send a push to the app on every phone that `account` is logged in on, once it has Internet."""
        return self._send("push", account, kind, text)

    def _send(self, way: Way, to: str, kind: str, text: str) -> Item:
        arrived = self._world.condition(f"{way} {kind} arrived")
        item = Item(next(self._ids), way, kind, text, to, self._world.now, arrived)
        self._records.add("phones", f"{way}_sent", item=item.id, kind=kind)
        self._on_the_way.append(item)
        self._world.spawn(self._deliver(item), f"{way} {item.id}")
        return item

    def _deliver(self, item: Item) -> Process:
        least, likely, most = DELAYS[item.way]
        yield round(self._random.triangular(least, most, likely))
        while not item.cancelled and not (reached := self.reached_by(item)):
            yield self.change
        if item in self._on_the_way:
            self._on_the_way.remove(item)
        if item.cancelled:
            self._records.add("phones", "withdrawn", item=item.id, way=item.way, kind=item.kind)
            return
        item.at = self._world.now
        for phone in reached:
            phone.inbox.append(item)
            self._records.add("phones", item.way, phone=phone.id, item=item.id, kind=item.kind)
        item.arrived.happen(reached[0].id)

    def reached_by(self, item: Item) -> list[Phone]:
        """Phones that it can arrive at now."""
        if item.way == "message":
            return [phone for phone in self.phones.values() if phone.number == item.to]
        return [phone for phone in self.phones.values() if phone.online and phone.account == item.to]
