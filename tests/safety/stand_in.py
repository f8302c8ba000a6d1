"""Stands in for a suite: `python -m tests.safety.stand_in FOLDER [deaf]` begins, and cleans up once it is told."""

import signal
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    if "deaf" in sys.argv:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    (folder / "begun").touch()
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        told = ["told"]
        signal.signal(signal.SIGINT, lambda *_: told.append("again"))
        time.sleep(1)  # the way to the safe state, a signal in the middle of which would break it
        (folder / "half").write_text(" ".join(told))
        (folder / "half").rename(folder / "closed")
