"""A bare emulated bench, without a car, as the active one of this process."""

from collections.abc import Iterator

import can
import pytest

from emulation import plugin
from emulation.bench import EmulatedBench


@pytest.fixture(autouse=True)
def bench() -> Iterator[EmulatedBench]:
    bench = EmulatedBench(seed=7)
    plugin.activate(bench)
    yield bench
    plugin.activate(None)


@pytest.fixture
def bus() -> Iterator[can.BusABC]:
    with can.Bus(interface="emulated", channel="body") as bus:
        yield bus


@pytest.fixture
def other() -> Iterator[can.BusABC]:
    with can.Bus(interface="emulated", channel="body") as bus:
        yield bus
