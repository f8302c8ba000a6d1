"""Modems that break one clause each (B-24)."""

from __future__ import annotations

from emulation.ecus.modem import Modem
from emulation.ecus.modem_service import RadioService, Registration
from emulation.ecus.sim import SimState
from emulation.faults import seeded
from emulation.world import Process
from harness.units import S


@seeded(breaks="B-24", story="some attaches take a minute longer")
class SlowAttach(RadioService):
    """Waits out a timer before one attach in four."""

    TAIL = 60 * S
    PART = 0.25

    def attach(self, imsi: str) -> Process:
        """Late, now and then."""
        if self.modem.random.random() < self.PART:
            yield self.TAIL
        cause = yield from super().attach(imsi)
        return cause


@seeded(breaks="B-24", story="AT says registered 2 s before the network knows the modem")
class RegisteredTooEarly(RadioService):
    """Tells what it expects."""

    LEAD = 2 * S

    def attach(self, imsi: str) -> Process:
        """The answer first, the request after it."""
        self.enter(Registration.HOME)
        yield self.LEAD
        cause = yield from super().attach(imsi)
        return cause


@seeded(breaks="B-24", story="after the PIN was entered the modem does not register until it is powered anew")
class PinNeedsRestart(Modem):
    """Takes no notice of a card that has just been opened."""

    def sim_changed(self) -> None:
        """Says so, and leaves it at that."""
        if self.sim_state is SimState.READY:
            self.port.announce_sim()
        else:
            super().sim_changed()
