"""The body network asleep: nobody sends, most control units are off, and any frame wakes them (B-31)."""

from __future__ import annotations

from emulation.bench import EmulatedBench
from emulation.can_bus import CanBus, Frame
from emulation.world import Condition
from harness.units import MS

LAST_FRAMES = 50 * MS
"""What was queued when everybody fell silent is out by then, and wakes nobody."""


class BusSleep:
    """Whether the network sleeps; shared by all ECUs of a bench. Whoever is still up wakes it by a word on the bus."""

    def __init__(self, bus: CanBus) -> None:
        self.asleep = False
        self._bus = bus
        self._changed = bus.world.condition("network sleep")
        self._listens = False

    @classmethod
    def of(cls, bench: EmulatedBench) -> BusSleep:
        """That of `bench`, made at its first use."""
        if "bus_sleep" not in bench.parts:
            bench.parts["bus_sleep"] = cls(bench.buses["body"])
        sleep: BusSleep = bench.parts["bus_sleep"]
        return sleep

    def changed(self) -> Condition:
        """Happens when the network falls asleep or wakes."""
        return self._changed

    def fall_asleep(self) -> None:
        """Everybody falls silent."""
        if not self.asleep:
            self._turn(True)
            self._bus.world.call_at(self._bus.world.now + LAST_FRAMES, self._listen)

    def wake(self) -> None:
        """Everybody is up again; without effect while nobody sleeps."""
        if self.asleep:
            self._turn(False)

    def _turn(self, asleep: bool) -> None:
        self.asleep = asleep
        changed, self._changed = self._changed, self._bus.world.condition("network sleep")
        changed.happen()

    def _listen(self, _argument: object) -> None:
        if self.asleep and not self._listens:
            self._listens = True
            self._bus.attach(self._heard)

    def _heard(self, _frame: Frame) -> None:
        self._listens = False
        self._bus.detach(self._heard)
        self.wake()
