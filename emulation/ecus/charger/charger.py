"""On-board charger: what talks to the station, and keeps the contract for it (C-06 ... C-09, C-12 ... C-16)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from emulation.bench import EmulatedBench
from emulation.control_pilot import ControlPilot
from emulation.ecus.base.ecu import Ecu
from emulation.ecus.base.vehicle import SignalValue
from emulation.ecus.charger.charging import Charging
from emulation.ecus.charger.contract_link import ContractLink
from emulation.ecus.charger.contract_store import ContractStore
from emulation.ecus.charger.socket_lamp import SocketLamp
from emulation.world import Process
from harness.units import MS

if TYPE_CHECKING:
    from emulation.offboard.station import ChargingStation


class Charger(Ecu):
    """On battery, as a parked car charges."""

    node = "OBC"
    BOOT = 150 * MS

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self.cable = bench.line("charge_cable")
        self.mains = bench.line("charge_mains")
        self.pilot = ControlPilot.of(bench)
        self.limit = 0.0
        """What the station offers, in kW."""
        self._told: dict[str, SignalValue] = {}
        self.lamp: SocketLamp = bench.variant(SocketLamp)(self)
        self.charging: Charging = bench.variant(Charging)(self)
        self.store: ContractStore = bench.variant(ContractStore)(self)
        self.contract_link: ContractLink = bench.variant(ContractLink)(self, self.store)

    @property
    def station(self) -> ChargingStation:
        """Whoever is at the other end of the cable."""
        found: ChargingStation = self.bench.parts["station"]
        return found

    def processes(self) -> Iterable[Process]:
        """Charge, tell of it in the lamp and on CAN, tell of the contract."""
        self._told.clear()
        return [self.charging.run(), self.watch_pilot(), self.watch_mains(), *self.contract_link.processes()]

    def tell(self, **signals: SignalValue) -> None:
        """What `OBC_Charging` says from now on; the lamp shows it."""
        self._told |= signals
        self.set("OBC_Charging", **signals)
        self.lamp.show(str(self.told("State")))

    def told(self, signal: str) -> SignalValue:
        """What was told last; NONE before the first time."""
        return self._told.get(signal, "NONE")

    def watch_pilot(self) -> Process:
        """The pilot as the charger measures it."""
        while True:
            self.set("OBC_Charging", Pilot=self.pilot.state)
            yield self.pilot.changed()

    def watch_mains(self) -> Process:
        """It charges while there is voltage at the inlet."""
        while True:
            live = self.mains.ac_volts > 0 or self.mains.volts > 0
            power = self.limit if live else 0.0
            self.set("OBC_Charging", Contactor="CLOSED" if live else "OPEN", Power=power)
            if live:
                self.tell(State="CHARGING")
            yield self.mains.changed()
