"""The emulated bench in a process of its own, on the wall clock, behind real transports (`hil serve`)."""

from __future__ import annotations

from emulation.serve.options import Options
from emulation.serve.served_bench import ServedBench
from emulation.serve.serving import serve

__all__ = ["Options", "ServedBench", "serve"]
