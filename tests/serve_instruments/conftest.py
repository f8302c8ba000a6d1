"""Instruments behind real ports, and clients that know nothing of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import pyvisa
from pyvisa.resources import MessageBasedResource

from tests.serve_instruments.served_lab import ServedLab, served_lab


@pytest.fixture
def lab() -> Iterator[ServedLab]:
    with served_lab() as lab:
        yield lab


@pytest.fixture
def opened(lab: ServedLab) -> Iterator[Callable[[str], MessageBasedResource]]:
    """Opens a VISA resource name with PyVISA-py; closed before the lab is."""
    assert lab.hislip
    manager = pyvisa.ResourceManager("@py")

    def open_resource(address: str) -> MessageBasedResource:
        resource = manager.open_resource(address, write_termination="\n", open_timeout=5_000)
        assert isinstance(resource, MessageBasedResource)
        resource.timeout = 20_000
        if address.endswith("SOCKET"):
            resource.read_termination = "\n"
        return resource

    yield open_resource
    manager.close()
