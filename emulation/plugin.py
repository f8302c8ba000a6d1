"""Where the ecosystem meets the emulated bench: the bench that every wire of this process connects to.

A bench file names `open_clock`; python-can, pyserial, PyVISA and the off-board client ask for `active()`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from pathlib import Path

from emulation import lab, offboard
from emulation.bench import EmulatedBench
from emulation.clock import EmulatedClock
from emulation.ecus import install as install_ecus
from emulation.faults import FaultError, classes, part_of

RESTING_VOLTS = 12.6
"""A charged lead-acid battery at rest."""

_active: EmulatedBench | None = None


def active() -> EmulatedBench:
    """The bench that wires connect to.

    Where none was opened it is the default car: seed 0, no fault, parked with its battery connected, as if the lab's
    supply 2 had been switched on.
    """
    if _active is None:
        bench = build()
        bench.line("battery").drive("supply 2", RESTING_VOLTS)
        activate(bench)
    assert _active is not None  # activated just now
    return _active


def activate(bench: EmulatedBench | None) -> None:
    """Let wires that are opened from now on connect to `bench`; those already open stay where they are.

    With None the next use builds the default car.
    """
    global _active  # noqa: PLW0603  the ecosystem's plug-ins know their bench by process, not by argument
    _active = bench


def build(
    seed: int = 0,
    faults: Sequence[str] = (),
    fault_files: Sequence[str | Path] = (),
    ecus: Collection[str] | None = None,
) -> EmulatedBench:
    """A car with its lab and the world outside, parked, its battery off until the lab's supply switches it on.

    `faults` are names of the fault catalogue that `fault_files` adds to. `ecus` names the ECUs to build, where not all.
    Raises `ValueError` for an ECU that does not exist; `FaultError` for a fault that does not exist, or that would
    stand in the place of no part or of one taken.
    """
    bench = EmulatedBench(seed, _in_force(faults, fault_files))
    offboard.install(bench)
    install_ecus(bench, ecus)
    lab.install(bench)
    for part, fault in bench.unused_faults().items():
        raise FaultError(f"fault {fault.__name__} replaces {part.__name__}, which no part of this bench is built from")
    return bench


def open_clock(
    seed: int = 0, faults: Sequence[str] = (), fault_files: Sequence[str | Path] = (), **_options: object
) -> EmulatedClock:
    """The clock that a bench file means by `clock = "emulated"`: builds a bench and makes it the active one."""
    bench = build(seed, faults, fault_files)

    def deactivate() -> None:
        if _active is bench:
            activate(None)

    bench.clock.on_close = deactivate
    activate(bench)
    return bench.clock


def _in_force(faults: Sequence[str], files: Sequence[str | Path]) -> dict[type, type]:
    known = classes(files) if faults or files else {}
    chosen: dict[type, type] = {}
    for name in faults:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there is {', '.join(sorted(known)) or 'none'}"
            raise FaultError(f"unknown fault {name!r}: {hint}")
        part = part_of(known[name])
        if part in chosen:
            raise FaultError(
                f"faults {chosen[part].__name__} and {name} both replace {part.__name__}: one run takes one of them"
            )
        chosen[part] = known[name]
    return chosen
