"""The card between modem and display: what it wants, told on CAN, and what was typed, taken to it (B-22, B-23)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Literal

from emulation.ecus.modem.at_sim import PASSWORD_CHECK
from emulation.ecus.modem.sim import PIN_TRIES, PUK_TRIES, Sim, SimState, WrongPasswordError
from emulation.world import Condition, Process

if TYPE_CHECKING:
    from emulation.ecus.telematics.telematics import Telematics

Verdict = Literal["right", "wrong", "not asked for"]


class SimDesk:
    """Part of the telematics unit. PIN and PUK come to it by the cabin's Ethernet, and stay nowhere."""

    STATES: ClassVar[dict[SimState, str]] = {
        SimState.READY: "READY",
        SimState.PIN: "PIN",
        SimState.PUK: "PUK",
        SimState.BLOCKED: "BLOCKED",
        SimState.ABSENT: "ABSENT",
        SimState.UNREADABLE: "UNREADABLE",
    }
    """`TCU_Sim.State`; NOT_READY while the modem boots."""

    def __init__(self, unit: Telematics) -> None:
        self.unit = unit
        self.modem = unit.modem

    def publish(self) -> Process:
        """Keep `TCU_Sim` true."""
        while True:
            self.show()
            yield self.modem.changed()

    def show(self) -> None:
        """`TCU_Sim` as it is now."""
        sim = self.modem.sim
        self.unit.set(
            "TCU_Sim",
            State=self.state(),
            PinTries=self.tries(sim) if sim else PIN_TRIES,
            PukTries=sim.puk_tries if sim else PUK_TRIES,
        )

    def state(self) -> str:
        """What the card wants."""
        return self.STATES[self.modem.sim_state] if self.modem.awake else "NOT_READY"

    def tries(self, sim: Sim) -> int:
        """Tries left for the PIN."""
        return sim.pin_tries

    def enter_pin(self, pin: str) -> Condition:
        """Take a PIN to the card; happens with a `Verdict`."""
        return self._check(SimState.PIN, lambda sim: sim.enter_pin(pin))

    def unblock(self, puk: str, new_pin: str) -> Condition:
        """Take a PUK and a new PIN to the card; happens with a `Verdict`."""
        return self._check(SimState.PUK, lambda sim: sim.unblock(puk, new_pin))

    def _check(self, wanted: SimState, verify: Callable[[Sim], None]) -> Condition:
        verdict = self.unit.world.condition("verdict of the SIM")
        self.unit.world.spawn(self._ask(wanted, verify, verdict), "the card checks a password")
        return verdict

    def _ask(self, wanted: SimState, verify: Callable[[Sim], None], verdict: Condition) -> Process:
        yield self.modem.draw(PASSWORD_CHECK)
        sim = self.modem.sim
        if sim is None or not self.modem.awake or self.modem.sim_state is not wanted:
            verdict.happen("not asked for")
            return
        right: Verdict = "right"
        try:
            verify(sim)
        except WrongPasswordError:
            right = "wrong"
        if self.modem.sim_state is wanted:
            self.modem.tell()  # of the tries that are left
        else:
            self.modem.sim_changed()
        self.show()
        verdict.happen(right)
