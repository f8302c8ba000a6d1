"""The emulated ECUs, one module each; `install` puts all of them into a bench and starts them."""

from __future__ import annotations

from emulation.bench import EmulatedBench
from emulation.ecus.airbag import Airbag
from emulation.ecus.base.ecu import Ecu
from emulation.ecus.body import Body
from emulation.ecus.chassis import Brakes, Climate, DriverDisplay, Engine, HighVoltageBattery, Steering
from emulation.ecus.gnss import Gnss, Sky
from emulation.ecus.head_unit import HeadUnit
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
}
"""ECUs by the name that bench files and `bench.parts` use."""


def install(bench: EmulatedBench) -> None:
    """Build and start every ECU, and the modem that the telematics unit uses.

    The world outside (`emulation.offboard.install`) must stand in `bench.parts` already.
    """
    bench.parts["sky"] = Sky()
    bench.parts["modem"] = bench.variant(Modem)(bench)
    for name, part in ECUS.items():
        ecu = bench.parts[name] = bench.variant(part)(bench)
        ecu.start()
