"""Several Robot runs one after the other in one process, `python -m hil.robot_runs JSON`: Python and its imports once.

JSON is a list of command lines, as `python -m robot` takes them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from robot.run import run_cli

MOST_FAILED = 250
"""Robot's exit code is the number of failed tests up to this; what is above says that a run did not take place."""


def run_all(lines: Sequence[Sequence[str]]) -> int:
    """Run them in order; returns what Robot would for one run of all, and stops where one did not take place."""
    failed = 0
    for line in lines:
        code = int(run_cli(list(line), exit=False))
        if code > MOST_FAILED:
            return code
        failed += code
    return min(failed, MOST_FAILED)


if __name__ == "__main__":
    sys.exit(run_all(json.loads(sys.argv[1])))
