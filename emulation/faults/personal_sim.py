"""Cars that treat the personal SIM wrong, one clause each (B-22, B-23)."""

from __future__ import annotations

from typing import ClassVar

from emulation.ecus.head_unit.sim_pages import SimPages
from emulation.ecus.modem.card_holder import CardHolder
from emulation.ecus.modem.modem import Modem
from emulation.ecus.modem.sim import PIN_TRIES, Sim, SimState
from emulation.ecus.telematics.sim_desk import SimDesk
from emulation.faults import seeded
from emulation.world import Condition, Process


@seeded(breaks="B-22", story="the display does not say how many tries are left")
class TriesNotShown(SimPages):
    """Keeps them to itself."""

    def tries(self, state: str) -> str:
        """Nothing."""
        return ""


@seeded(breaks="B-22", story="the display always says that three tries are left")
class TriesNotCounted(SimDesk):
    """Tells what a new card has."""

    def tries(self, sim: Sim) -> int:
        """All of them."""
        return PIN_TRIES


@seeded(breaks="B-22", story="a wrong PIN is not told from a right one")
class WrongPinUntold(SimPages):
    """Says nothing."""

    WRONG: ClassVar = {"PIN": "", "PUK": ""}


@seeded(breaks="B-22", story="the display does not come up when the card asks")
class DoesNotAsk(SimPages):
    """Waits to be looked for."""

    def watch(self) -> Process:
        """Look away."""
        yield self.head_unit.world.condition("never")


@seeded(breaks="B-22", story="the PIN typed on the display never reaches the card")
class PinGetsLost(SimDesk):
    """Says what one likes to hear."""

    def enter_pin(self, pin: str) -> Condition:
        """Right, without asking."""
        verdict = self.unit.world.condition("verdict of nobody")
        verdict.happen("right")
        return verdict


@seeded(breaks="B-22", story="a card locks only at the fourth wrong PIN")
class LocksAtFour(Sim):
    """Forgives the first wrong one."""

    forgiven = False

    def enter_pin(self, pin: str) -> None:
        """Give the first lost try back."""
        before = self.pin_tries
        try:
            super().enter_pin(pin)
        finally:
            if self.pin_tries < before and not self.forgiven:
                self.forgiven, self.pin_tries = True, before


@seeded(breaks="B-22", story="the modem connects before the PIN was entered")
class ConnectsWithoutPin(Modem):
    """Takes the subscriber from a card that is locked by its PIN."""

    @property
    def imsi(self) -> str | None:
        """Of a card that can be read."""
        readable = self.sim_state in (SimState.READY, SimState.PIN)
        return self.sim.imsi if self.sim is not None and readable else None


@seeded(breaks="B-22", story="the PUK is asked for, and does not open the card")
class PukDoesNotOpen(SimDesk):
    """Takes it nowhere."""

    def unblock(self, puk: str, new_pin: str) -> Condition:
        """Wrong, whatever it is."""
        return super().unblock("", new_pin)


@seeded(breaks="B-22", story="the card's last wrong PIN is shown as a card that cannot be read")
class PukShownAsDefect(SimPages):
    """Knows no PUK."""

    STATES: ClassVar = {**SimPages.STATES, "PUK": SimPages.STATES["UNREADABLE"]}
    ASKS = ("PIN",)


@seeded(breaks="B-23", story="a card that cannot be read is told as no card")
class UnreadableToldAsAbsent(CardHolder):
    """Has one word for both."""

    def state(self, sim: Sim | None) -> SimState:
        """Absent."""
        found = super().state(sim)
        return SimState.ABSENT if found is SimState.UNREADABLE else found


@seeded(breaks="B-23", story="the display keeps silent about a missing card")
class MissingCardUnshown(SimPages):
    """Shows it as good."""

    STATES: ClassVar = {**SimPages.STATES, "ABSENT": SimPages.STATES["READY"]}


@seeded(breaks="B-23", story="the modem stays connected when the card is taken out")
class CardNotMissed(CardHolder):
    """Looks at its contacts at power-on alone."""

    def watch(self) -> Process:
        """Once."""
        self.modem.world.spawn(self._look(), "SIM holder looks once")
        yield self.modem.world.condition("never")

    def _look(self) -> Process:
        while True:
            yield self.modem.changed()
            if not self.modem.powered:
                self.absent, self.unreadable = self.detect.is_high, self.data.is_high


@seeded(breaks="B-23", story="a card that is put in while the car is on is never looked at")
class CardNotFound(CardHolder):
    """Wants to be powered anew."""

    def watch(self) -> Process:
        """Sees a card go, and none come."""
        while True:
            yield self.detect.changed() | self.data.changed()
            yield self.SETTLES
            seen = (self.absent or self.detect.is_high, self.unreadable or self.data.is_high)
            if seen != (self.absent, self.unreadable):
                self.absent, self.unreadable = seen
                self.modem.card_moved()


@seeded(breaks="B-23", story="with a card that cannot be read the modem connects by the number that it remembers")
class RemembersSubscriber(Modem):
    """Needs no card once it has seen one."""

    @property
    def imsi(self) -> str | None:
        """Also of a card that is no longer read."""
        kept = self.sim_state is SimState.UNREADABLE and self.sim is not None and self.functionality == 1
        return self.sim.imsi if kept and self.sim is not None else super().imsi


@seeded(breaks="B-23", story="a card that was taken out and put in again needs no PIN")
class PinNotAskedAgain(Modem):
    """Leaves the card open."""

    def card_moved(self) -> None:
        """Without resetting it."""
        self.sim_changed()
