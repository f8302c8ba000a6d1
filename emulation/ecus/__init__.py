"""The emulated ECUs, one module each; `install` puts all of them into a bench and starts them."""

from __future__ import annotations

from emulation.bench import EmulatedBench
from emulation.ecus.airbag import Airbag
from emulation.ecus.body import Body
from emulation.ecus.chassis import Brakes, Climate, DriverDisplay, Engine, HighVoltageBattery, Steering
from emulation.ecus.ecu import Ecu
from emulation.ecus.gnss import Gnss, Sky
from emulation.ecus.head_unit import HeadUnit
from emulation.ecus.overhead_console import OverheadConsole

ECUS: dict[str, type[Ecu]] = {
    "overhead_console": OverheadConsole,
    "airbag": Airbag,
    "body": Body,
    "head_unit": HeadUnit,
    "gnss": Gnss,
    "engine": Engine,
    "brakes": Brakes,
    "steering": Steering,
    "battery": HighVoltageBattery,
    "driver_display": DriverDisplay,
    "climate": Climate,
}
"""ECUs by the name that bench files and `bench.parts` use."""


def install(bench: EmulatedBench) -> None:
    """Build and start every ECU; what it needs of the world outside must stand in `bench.parts` already."""
    bench.parts["sky"] = Sky()
    for name, part in ECUS.items():
        ecu = bench.parts[name] = bench.variant(part)(bench)
        ecu.start()
