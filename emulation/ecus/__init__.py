"""The emulated ECUs, one module each; `install` puts all of them into a bench and starts them."""

from __future__ import annotations

from collections.abc import Collection

from emulation.bench import EmulatedBench
from emulation.ecus.airbag import Airbag
from emulation.ecus.base.ecu import Ecu
from emulation.ecus.battery import HighVoltageBattery
from emulation.ecus.body.body import Body
from emulation.ecus.charger.charger import Charger
from emulation.ecus.chassis import Brakes, Climate, Engine, Steering
from emulation.ecus.driver_display import DriverDisplay
from emulation.ecus.gnss import Gnss, Sky
from emulation.ecus.head_unit.head_unit import HeadUnit
from emulation.ecus.modem.modem import Modem
from emulation.ecus.overhead_console import OverheadConsole
from emulation.ecus.telematics.telematics import Telematics

ECUS: dict[str, type[Ecu]] = {
    "overhead_console": OverheadConsole,
    "airbag": Airbag,
    "body": Body,
    "telematics": Telematics,
    "head_unit": HeadUnit,
    "gnss": Gnss,
    "engine": Engine,
    "brakes": Brakes,
    "steering": Steering,
    "battery": HighVoltageBattery,
    "driver_display": DriverDisplay,
    "climate": Climate,
    "charger": Charger,
}
"""ECUs by the name that bench files and `bench.parts` use."""


def install(bench: EmulatedBench, names: Collection[str] | None = None) -> None:
    """Build and start every ECU, or those of `names`; with the telematics unit the modem that it uses.

    An ECU that is left out sends nothing and has no serial port. The world outside (`emulation.offboard.install`) must
    stand in `bench.parts` already. Raises `ValueError` for an ECU that does not exist.
    """
    chosen = set(ECUS) if names is None else set(names)
    for name in chosen - set(ECUS):
        raise ValueError(f"there is no ECU {name!r}; there is {', '.join(ECUS)}")
    bench.parts["sky"] = Sky()
    if "telematics" in chosen:
        bench.parts["modem"] = bench.variant(Modem)(bench)
    for name in (name for name in ECUS if name in chosen):
        part = ECUS[name]
        ecu = bench.parts[name] = bench.variant(part)(bench)
        ecu.start()
