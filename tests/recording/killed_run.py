"""A recorded bench on wall time that hears a numbered frame every 5 ms, tells each number that it took, and never ends.

`python -m tests.recording.killed_run FOLDER`
"""

from __future__ import annotations

import sys
from pathlib import Path

import can

from harness.bench import Bench, load
from harness.recording.folder import About
from harness.recording.recorder import Recorder
from harness.units import MS

IDENTIFIER = 0x700
FILE = Path(__file__).with_name("wall.toml")


def main() -> None:
    file = load(FILE)
    recorder = Recorder(Path(sys.argv[1]), About("killed", file.path, 1), file)
    with can.Bus(interface="virtual", channel="recorded") as peer, Bench.open(file, wiring=recorder) as bench:
        for number in range(1_000_000):
            peer.send(can.Message(arbitration_id=IDENTIFIER, data=number.to_bytes(4), is_extended_id=False))
            bench.clock.sleep(5 * MS)
            sys.stdout.write(
                f"{sum(1 for _ in bench.timeline.frames('body', IDENTIFIER))}\n" if number % 20 == 0 else ""
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
