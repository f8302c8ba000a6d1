"""A lab without a car: the emulated instruments, a radio network, and the drivers that reach them through PyVISA."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import pyvisa
from pyvisa.resources import MessageBasedResource

from emulation import lab, plugin
from emulation.bench import EmulatedBench
from emulation.lab.scpi import ScpiTwin
from emulation.offboard.network import RadioNetwork
from emulation.offboard.records import Records
from harness.units import S
from instruments.keysight_33500b import Generator33500B
from instruments.keysight_34465a import Dmm34465A
from instruments.keysight_34980a import Switch34980A
from instruments.keysight_e36312a import E36312A
from instruments.keysight_infiniivision import InfiniiVision
from instruments.rohde_schwarz_cmw500 import Cmw500
from instruments.scpi import ScpiInstrument

DRIVERS: dict[str, type[ScpiInstrument]] = {
    "switch": Switch34980A,
    "supply": E36312A,
    "scope": InfiniiVision,
    "generator": Generator33500B,
    "dmm": Dmm34465A,
    "network_tester": Cmw500,
}


@pytest.fixture
def bench() -> Iterator[EmulatedBench]:
    bench = EmulatedBench(seed=1)
    bench.parts["records"] = Records(bench.world)
    bench.parts["network"] = RadioNetwork(bench)
    lab.install(bench)
    plugin.activate(bench)
    yield bench
    plugin.activate(None)


@pytest.fixture
def manager(bench: EmulatedBench) -> Iterator[pyvisa.ResourceManager]:
    assert plugin.active() is bench
    manager = pyvisa.ResourceManager("@emulated")
    yield manager
    manager.close()


@pytest.fixture
def opened(manager: pyvisa.ResourceManager) -> Callable[[str], MessageBasedResource]:
    def open_resource(name: str) -> MessageBasedResource:
        resource = manager.open_resource(f"TCPIP::{name}::hislip0::INSTR")
        assert isinstance(resource, MessageBasedResource)
        return resource

    return open_resource


@pytest.fixture
def driver(bench: EmulatedBench, opened: Callable[[str], MessageBasedResource]) -> Callable[[str], ScpiInstrument]:
    return lambda name: DRIVERS[name](opened(name), bench.clock)


@pytest.fixture
def switch(driver: Callable[[str], ScpiInstrument]) -> Switch34980A:
    return driver("switch")


@pytest.fixture
def supply(driver: Callable[[str], ScpiInstrument]) -> E36312A:
    return driver("supply")


@pytest.fixture
def scope(driver: Callable[[str], ScpiInstrument]) -> InfiniiVision:
    return driver("scope")


@pytest.fixture
def generator(driver: Callable[[str], ScpiInstrument]) -> Generator33500B:
    return driver("generator")


@pytest.fixture
def dmm(driver: Callable[[str], ScpiInstrument]) -> Dmm34465A:
    return driver("dmm")


@pytest.fixture
def network_tester(driver: Callable[[str], ScpiInstrument]) -> Cmw500:
    return driver("network_tester")


def exchange(twin: ScpiTwin, message: str, within: int = 1 * S) -> str:
    """Send a message straight to a twin; its answer, or nothing where none came in time."""
    twin.write(message.encode() + b"\n")
    twin.world.run(until=twin.world.now + within)
    answer = twin.output().decode("latin-1")
    twin.output().clear()
    return answer.rstrip("\n")
