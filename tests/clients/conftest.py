"""One served car for all clients of this folder, powered, its modem registered; by nothing of ours but `hil serve`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import httpx
import pytest
import pyvisa

from harness.bench import BenchFile, load
from tests.serving import Served, served

PATIENCE = 120.0
"""Seconds until what takes some seconds counts as missing, on a machine that others use."""
BATTERY = ("VOLT 12.6,(@2)", "OUTP ON,(@2)")
IGNITION = ("ROUT:CLOS (@1003,1004)",)


def eventually(condition: Callable[[], object], what: str, patience: float = PATIENCE) -> object:
    """The first value of `condition` that is true; it is asked ten times a second."""
    pause = threading.Event()
    for _ in range(round(patience * 10)):
        if found := condition():
            return found
        pause.wait(0.1)
    raise AssertionError(f"{what} did not happen within {patience} s")


@pytest.fixture(scope="session")
def served_car(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    links = tmp_path_factory.mktemp("links")
    with served("--links", str(links), "--seed", "5") as bench:
        bench.links = links
        file = load(bench.file)
        manager = pyvisa.ResourceManager("@py")
        for name, commands in (("supply", BATTERY), ("switch", IGNITION)):
            with manager.open_resource(file.instrument[name].resource) as instrument:
                for command in commands:
                    instrument.write(command)
                assert instrument.query("SYST:ERR?").startswith(("0,", "+0,"))
        with httpx.Client(base_url=file.offboard.url) as client:
            records = lambda: client.get("/records").json()  # noqa: E731
            eventually(lambda: [each for each in records() if each["kind"] == "attached"], "the car's attach")
        yield bench


@pytest.fixture(scope="session")
def file(served_car: Served) -> BenchFile:
    return load(served_car.file)


@pytest.fixture
def offboard(file: BenchFile) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=file.offboard.url) as client:
        yield client
