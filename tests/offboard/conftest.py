"""An off-board world without a car: a scripted subscriber plays its modem."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from emulation import offboard, plugin
from emulation.bench import EmulatedBench
from emulation.ecus.gnss import Sky
from emulation.ecus.telematics.msd import Msd, encode
from emulation.offboard.calls import Call
from emulation.wires.http_transport import EmulatedTransport
from emulation.world import Process
from harness.units import S

IMSI = "001010123456789"
ASSISTANCE_SE = "+9994655501"
VIN = "LPSVSEDEEML000001"
HERE = (57.7, 11.9)


def msd(trigger: str = "sos", position: tuple[float, float] | None = HERE) -> bytes:
    automatic = trigger == "crash"
    return encode(Msd(1, automatic, VIN, 1_700_000_000, position, position_trusted=position is not None))


class OffboardBench:
    """A bench with nothing but its off-board world, and a car that does what it is told."""

    def __init__(self, seed: int = 1, faults: dict[type, type] | None = None) -> None:
        self.bench = EmulatedBench(seed, faults)
        offboard.install(self.bench)
        self.world = self.bench.world
        self.sky = self.bench.parts["sky"] = Sky()
        self.bench.parts["telematics"] = SimpleNamespace(vin=VIN)
        self.network = self.bench.parts["network"]
        self.assistance = self.bench.parts["assistance"]
        self.emergency = self.bench.parts["emergency"]
        self.app = self.bench.parts["app"]
        self.records = self.bench.parts["records"]

    def run(self, duration: int) -> None:
        self.world.run(until=self.world.now + duration)

    def do(self, process: Process) -> Any:
        """Run a process to its end; returns its value."""
        task = self.world.spawn(process, "car")
        assert self.world.run(until=self.world.now + 600 * S, condition=task), "the car still waits after 10 min"
        return task.value

    def attach(self) -> None:
        attached = self.network.attach(IMSI)
        assert self.world.run(until=self.world.now + 5 * S, condition=attached)

    def call(self, number: str = ASSISTANCE_SE, trigger: str | None = "sos", speak: bool = True) -> Call:
        """A car that attaches, calls, sends its MSD, and talks; returns the connected call."""
        self.attach()
        call: Call = self.network.dial(IMSI, number)
        assert self.world.run(until=self.world.now + 60 * S, condition=call.answered)
        if trigger is not None:
            acknowledged = call.send_msd(msd(trigger), trigger)
            assert self.world.run(until=self.world.now + 10 * S, condition=acknowledged)
        call.uplink_voice = speak
        return call

    def kinds(self, source: str) -> list[str]:
        return [record.kind for record in self.records.after() if record.source == source]

    def data(self, source: str, kind: str) -> list[dict[str, Any]]:
        return [record.data for record in self.records.after() if (record.source, record.kind) == (source, kind)]


@pytest.fixture
def make() -> Callable[..., OffboardBench]:
    return OffboardBench


@pytest.fixture
def out() -> OffboardBench:
    return OffboardBench()


@pytest.fixture
def http(out: OffboardBench) -> Iterator[httpx.Client]:
    plugin.activate(out.bench)
    with httpx.Client(transport=EmulatedTransport(), base_url="emulated://offboard") as client:
        yield client
    plugin.activate(None)
