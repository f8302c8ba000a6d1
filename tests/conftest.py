"""What every process of the product's own tests begins with."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import GTC  # noqa: F401  loads NumPy and SciPy, which cannot be loaded again after an inner run of pytester forgot them
import pytest

SIMULATED = frozenset(
    [
        "actors",
        "catalogue",
        "ecus",
        "hil",
        "house",
        "judge",
        "kernel",
        "lab",
        "random_drives",
        "reports",
        "telematics",
        "timeline",
        "wires",
    ]
)
"""Folders whose tests keep the cores busy and wait for nothing real: they may run beside what does, at low priority."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of these folders."""
    here = Path(__file__).parent
    for item in items:  # procedures too, where both were named on the command line
        if item.path.is_relative_to(here) and item.path.relative_to(here).parts[0] in SIMULATED:
            item.add_marker("simulated")


if threading.current_thread() is threading.main_thread():
    # A shell starts what it puts aside deaf to SIGINT, and nohup deaf to SIGHUP; what a test starts would be deaf too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
