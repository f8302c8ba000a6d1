"""How late the harness's own cyclic frames were on the wall clock: of one test, and of a whole run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from harness.can.cycle_error import CycleError
from reports.journal import Entry


def told(networks: Mapping[str, Mapping[str, Any]]) -> str:
    """One line a network: figures of `CycleError.told()` by the network's name; empty where nothing was played."""
    return "".join(f"{name}: {_line(figures)}\n" for name, figures in networks.items())


def of_run(entries: Iterable[Entry]) -> str:
    """All tests of a run in a sentence, with the worst of them; empty where none played an ECU on the wall clock."""
    whole, worst = CycleError(), ("", 0.0)
    for entry in entries:
        for figures in entry.restbus.values():
            whole.absorb(figures)
            worst = max(worst, (entry.title, figures["max_us"]), key=lambda one: one[1])
    if not whole.frames:
        return ""
    return f"{_line(whole.told())} ({worst[0]})"


def _line(figures: Mapping[str, Any]) -> str:
    lateness = ", ".join(f"{name} {_pretty(figures[f'{name}_us'])}" for name in ("p50", "p99", "max"))
    slots = figures["frames"] + figures["skipped"]
    return f"cycle error {lateness}; {figures['skipped']:,} of {slots:,} slots skipped"


def _pretty(microseconds: float) -> str:
    return f"{microseconds / 1000:.3g} ms" if microseconds >= 1000 else f"{microseconds:.3g} us"
