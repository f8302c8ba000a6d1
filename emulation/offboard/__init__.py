"""The world outside the car: radio network, assistance centre, emergency centre, app, behind one HTTP API."""

from __future__ import annotations

from emulation.bench import EmulatedBench
from emulation.offboard.api import create_app
from emulation.offboard.app import App
from emulation.offboard.assistance import AssistanceCentre
from emulation.offboard.emergency import EmergencyCentre
from emulation.offboard.network import RadioNetwork
from emulation.offboard.records import Records


def install(bench: EmulatedBench) -> None:
    """Build the parts `records`, `network`, `emergency`, `assistance` and `app`, and the API in front of them."""
    bench.parts["records"] = Records(bench.world)
    for name, part in (
        ("network", RadioNetwork),
        ("emergency", EmergencyCentre),
        ("assistance", AssistanceCentre),
        ("app", App),
    ):
        bench.parts[name] = bench.variant(part)(bench)
    bench.http = create_app(bench)
