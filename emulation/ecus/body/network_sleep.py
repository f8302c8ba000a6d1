"""When the body network sleeps: once nobody has been about a parked, locked car for some time (B-31)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from emulation.can_bus import Frame
from emulation.ecus.base.vehicle import diagnostics
from emulation.world import Process
from harness.units import MIN, S

if TYPE_CHECKING:
    from emulation.ecus.body.body import Body


FUNCTIONAL = 0x7DF
"""A tester's address for all control units (ISO 15765-4)."""


class NetworkSleep:
    """Announces it, lets a moment pass in which somebody may object, and sends everybody to sleep."""

    AFTER = 3 * MIN
    """So long nobody must have been about (bench default)."""
    NOTICE = 1 * S
    """Between the announcement and the silence."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.charge_cable = body.bench.line("charge_cable")
        testers = (node.request for node in diagnostics().values())
        body.bus.attach(self.asked, FUNCTIONAL, *testers)

    def processes(self) -> Iterable[Process]:
        """Where the module boots, the network is awake."""
        self.body.sleep.wake()
        return [self.run()]

    def asked(self, _frame: Frame) -> None:
        """A tester talks to somebody: that is somebody about."""
        self.body.moved()

    def may_sleep(self) -> bool:
        """Whether nobody is about, and nothing goes on that needs the network."""
        tracked = self.body.last("TCU_Services", "Tracking") == "ON"
        return self.body.quiet() and not tracked and not self.charge_cable.is_high

    def run(self) -> Process:
        """Awake, announced, asleep, and awake again."""
        while True:
            self.body.set("CEM_Network", State="AWAKE")
            if not (yield from self.undisturbed(self.AFTER)):
                continue
            self.body.set("CEM_Network", State="GOING_TO_SLEEP")
            if (yield from self.undisturbed(self.NOTICE)):
                yield from self.rest()

    def undisturbed(self, duration: int) -> Process:
        """Whether nothing moves for so long, ns."""
        moved = self.body.quiet_changed()
        yield moved | self.body.world.after(duration)
        return not moved.happened and self.may_sleep()

    def rest(self) -> Process:
        """Silent until somebody moves, or somebody else has woken the network."""
        sleep = self.body.sleep
        self.body.transmit(False)
        sleep.fall_asleep()
        yield sleep.changed() | self.body.quiet_changed() | self.charge_cable.changed()
        sleep.wake()
        self.body.transmit(True)
