"""One recorded test on disk: a folder with its bench file, its tape, a BLF a network, its events, and what it is of."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from harness.errors import BenchError

ABOUT, BENCH, EVENTS = "about.json", "bench.toml", "events.jsonl.gz"
ORDER, LINES, BLOCKS = "order.gz", "wires.jsonl.gz", "blocks.gz"


@dataclass
class About:
    """What a recording is of."""

    test: str
    bench: str
    """The bench file, where it was read."""
    seed: int
    started: int = 0
    """Instant 0 of the bench's clock, in ns since 1970."""
    wall: bool = False
    """Whether time was the machine's."""
    faults: tuple[str, ...] = ()
    fault_files: tuple[str, ...] = ()
    networks: list[str] = field(default_factory=list)
    """In the order of the numbers that the tape has for them."""
    instruments: dict[str, dict[str, str]] = field(default_factory=dict)
    """Attributes of each VISA resource."""
    whole: bool = False
    """Whether the bench was closed; else the run was killed."""

    def save(self, folder: Path) -> None:
        """Write it, in one step."""
        fresh = folder / f"{ABOUT}.new"
        fresh.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")
        fresh.replace(folder / ABOUT)

    @classmethod
    def load(cls, folder: Path) -> About:
        """Read it. Raises `BenchError` where `folder` holds no recording."""
        try:
            fields = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
            faults = {key: tuple(fields[key]) for key in ("faults", "fault_files")}
            return cls(**fields | faults)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise BenchError(f"{folder} holds no recording of a test: {error}") from error


def folder_of(recordings: Path, test: str) -> Path:
    """The folder of a test: a name that any file system takes, told apart from all others by its end."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "_", test.rpartition("/")[2]).strip("_")[:80]
    return recordings / f"{plain}-{hashlib.sha256(test.encode()).hexdigest()[:8]}"


def recordings_in(run: Path) -> Iterator[tuple[Path, About]]:
    """The recordings of a run (or below any folder), with what they are of, by the names of the tests."""
    found = [(path.parent, About.load(path.parent)) for path in run.rglob(ABOUT)]
    yield from sorted(found, key=lambda each: (each[1].test, str(each[0])))
