"""The emulated lab: instruments that speak SCPI, and the desk that wires them to the car."""

from __future__ import annotations

from emulation.bench import EmulatedBench
from emulation.lab.desk import Desk
from emulation.lab.dmm_34465a import Dmm34465A
from emulation.lab.generator_33500b import Generator33500B
from emulation.lab.network_tester_cmw500 import NetworkTesterCmw500
from emulation.lab.scope_infiniivision import ScopeInfiniiVision
from emulation.lab.scpi import ScpiTwin
from emulation.lab.supply_e36312a import SupplyE36312A
from emulation.lab.switch_34980a import Switch34980A

INSTRUMENTS: dict[str, type[ScpiTwin]] = {
    "switch": Switch34980A,
    "supply": SupplyE36312A,
    "scope": ScopeInfiniiVision,
    "generator": Generator33500B,
    "dmm": Dmm34465A,
    "network_tester": NetworkTesterCmw500,
}
"""Short name -> twin; the VISA resource is `TCPIP::<short name>::hislip0::INSTR`."""


def install(bench: EmulatedBench) -> None:
    """Put the lab on `bench`: parts by short name, instruments by VISA resource name."""
    bench.parts["desk"] = bench.variant(Desk)(bench)
    for name, twin in INSTRUMENTS.items():
        bench.parts[name] = bench.variant(twin)(bench)
        bench.parts[name].link = bench.link(f"instrument.{name}")
        bench.instruments[f"TCPIP::{name}::hislip0::INSTR"] = bench.parts[name]
