"""`hil serve` as a process, for tests: `with served() as bench: load(bench.file)`."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0
"""Seconds for a process to start or to end on a machine that others use; it takes about two."""
LOOK = 0.05


@dataclass
class Served:
    """A bench that is being served: `file` reaches it. It stands in a folder of this checkout, for the car's data."""

    file: Path
    process: subprocess.Popen[str]
    folder: Path
    ended: bool = False

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def stderr(self) -> str:
        """What it has complained of so far."""
        return (self.folder / "stderr").read_text()

    def end(self, number: int = signal.SIGTERM) -> int:
        """End it by a signal, and tell its exit code."""
        self.ended = True
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"hil serve did not end on signal {number}; it said:\n{self.stderr}") from None


def start(folder: Path, *arguments: str) -> Served:
    """Start `hil serve --port-base 0 ...` and wait until it listens."""
    command = [str(Path(sys.executable).with_name("hil")), "serve", "--port-base", "0"]
    file = folder / "served.toml"
    with (folder / "stdout").open("w") as out, (folder / "stderr").open("w") as err:
        process = subprocess.Popen(
            [*command, "--write", str(file), *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
    bench = Served(file, process, folder)
    for _ in range(round(PATIENCE / LOOK)):
        if file.exists():
            return bench
        try:
            code = process.wait(LOOK)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(f"hil serve {' '.join(arguments)} ended with {code}:\n{bench.stderr}")
    bench.end(signal.SIGKILL)
    raise AssertionError(f"hil serve {' '.join(arguments)} does not listen after {PATIENCE} s:\n{bench.stderr}")


@contextmanager
def served(*arguments: str) -> Iterator[Served]:
    """A served bench for as long as the block lasts, unless the block ends it; one that died by itself is a failure."""
    (ROOT / "out").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="served-", dir=ROOT / "out") as folder:
        bench = start(Path(folder), *arguments)
        try:
            yield bench
            died = bench.process.poll()
            assert bench.ended or died is None, f"hil serve died with {died}:\n{bench.stderr}"
        finally:
            if not bench.ended and bench.process.poll() is not None:
                sys.stderr.write(f"hil serve died:\n{bench.stderr}")
            bench.end()
