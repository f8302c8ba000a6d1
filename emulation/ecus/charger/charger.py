"""On-board charger: what talks to the station, and keeps the contract for it (C-06 ... C-09, C-12 ... C-16)."""

from __future__ import annotations

from collections.abc import Iterable

from emulation.bench import EmulatedBench
from emulation.ecus.base.ecu import Ecu
from emulation.ecus.charger.contract_link import ContractLink
from emulation.ecus.charger.contract_store import ContractStore
from emulation.world import Process
from harness.units import MS


class Charger(Ecu):
    """On battery, as a parked car charges."""

    node = "OBC"
    BOOT = 150 * MS

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self.store: ContractStore = bench.variant(ContractStore)(self)
        self.contract_link: ContractLink = bench.variant(ContractLink)(self, self.store)

    def processes(self) -> Iterable[Process]:
        """Tell of the contract."""
        return [*self.contract_link.processes()]
