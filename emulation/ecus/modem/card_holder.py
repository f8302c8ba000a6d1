"""The holder of the SIM, its size, and its contacts, which a bench can interrupt (B-22, B-23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulation.bench import EmulatedBench
from emulation.ecus.modem.sim import Sim, SimState
from emulation.world import Process
from harness.units import MS

if TYPE_CHECKING:
    from emulation.ecus.modem.modem import Modem


class CardHolder:
    """Takes a mini SIM (2FF). An interrupted contact of the card's switch: no card; of its data: none to be read."""

    SIZE = "2FF"
    SETTLES = 100 * MS
    """A card is there, or gone, once its contacts have been quiet for so long (own choice)."""

    def __init__(self, modem: Modem, bench: EmulatedBench) -> None:
        self.modem = modem
        self.detect = bench.line("sim_detect")
        self.data = bench.line("sim_data")
        self.absent = self.unreadable = False
        bench.world.spawn(self.watch(), "SIM holder")

    def watch(self) -> Process:
        """Tell the modem of each change once the contacts are quiet; a card that is back starts anew."""
        while True:
            yield self.detect.changed() | self.data.changed()
            yield self.SETTLES
            seen = (self.detect.is_high, self.data.is_high)
            if seen != (self.absent, self.unreadable):
                self.absent, self.unreadable = seen
                self.modem.card_moved()

    def state(self, sim: Sim | None) -> SimState:
        """What the modem finds where a card should be."""
        if sim is None or not self.fits(sim) or self.absent:
            return SimState.ABSENT
        return SimState.UNREADABLE if self.unreadable else sim.state

    def fits(self, sim: Sim) -> bool:
        """Whether a card of this size touches the contacts."""
        return sim.size == self.SIZE
