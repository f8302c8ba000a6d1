"""Short tests of a car, recorded on the emulated bench and judged again; what each gives back is its verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fixtures.stage import Stage
from harness.bench import Bench, load
from harness.recording.folder import About
from harness.recording.recorded_wires import Replay
from harness.recording.recorder import Recorder
from harness.recording.wiring import Wiring

ROOT = Path(__file__).parents[2]
FILE = load(ROOT / "benches" / "emulated.toml")

Scene = Callable[[Stage], Any]


def record(folder: Path, scene: Scene, seed: int = 1, faults: Sequence[str] = (), file: Any = FILE) -> Any:
    """Run a scene on a bench of `file`, recorded in `folder`."""
    about = About("a scene", file.path, seed, faults=tuple(faults))
    return _run(scene, Recorder(folder, about, file), seed, faults, file)


def replay(folder: Path, scene: Scene) -> Any:
    """Run a scene against its recording."""
    return _run(scene, Replay(folder), 1, (), FILE)


def _run(scene: Scene, wiring: Wiring, seed: int, faults: Sequence[str], file: Any) -> Any:
    stage = Stage(Bench.open(file, seed=seed, faults=faults, wiring=wiring))
    try:
        stage.begin()
        return scene(stage)
    finally:
        stage.close()
