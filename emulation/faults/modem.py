"""Modems that break one clause each (B-24)."""

from __future__ import annotations

from emulation.bench import EmulatedBench
from emulation.ecus.modem.modem import BOOT, Modem
from emulation.ecus.modem.radio_service import REGISTERED, RadioService, Registration
from emulation.ecus.modem.sim import SimState
from emulation.faults import seeded
from emulation.world import Process
from harness.units import MS, S


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


@seeded(breaks="B-24", story="AT tells of an attach 100 ms after the network knew of it")
class TellsLate(RadioService):
    """Takes its time to say so: by less than a limit would notice, by more than the sources' uncertainty."""

    LAG = 100 * MS

    def enter(self, registration: Registration) -> None:
        """Later, where it is good news."""
        if registration not in REGISTERED:
            super().enter(registration)
            return
        tell = super().enter
        self.world.call_at(self.world.now + self.LAG, lambda _: tell(registration))


@seeded(breaks="B-24", story="a modem that has looked for a cell for 30 s gives up until it is powered anew")
class Impatient(RadioService):
    """Takes no cell that comes late."""

    PATIENCE = 30 * S

    def update(self) -> None:
        """Its patience begins anew."""
        self._began = self.world.now
        super().update()

    def attach(self, imsi: str) -> Process:
        """Only while there is patience left."""
        if self.world.now - self._began > self.PATIENCE:
            yield self.world.condition("powered anew")
        cause = yield from super().attach(imsi)
        return cause


@seeded(breaks="B-24", story="the modem boots 10 s longer than it should")
class SlowBoot(Modem):
    """Checks its memory first."""

    MORE = 10 * S

    def draw(self, delay: tuple[int, int, int]) -> int:
        """More for a boot."""
        return super().draw(delay) + (self.MORE if delay is BOOT else 0)


@seeded(breaks="B-24", story="below 10 V the modem cannot read its SIM, and registers nowhere")
class DimModem(Modem):
    """Has a weak supply for the card."""

    CARD_NEEDS_VOLTS = 10.0

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self._battery = bench.line("battery")

    @property
    def sim_state(self) -> SimState:
        """Unreadable at low voltage."""
        return SimState.UNREADABLE if self._battery.volts < self.CARD_NEEDS_VOLTS else super().sim_state


@seeded(breaks="B-24", story="the modem attaches while the SIM still waits for its PIN")
class PinIgnored(Modem):
    """Takes the subscriber from a card that is not open."""

    @property
    def imsi(self) -> str | None:
        """Of any card."""
        return self.sim.imsi if self.sim is not None else None
