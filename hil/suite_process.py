"""A suite in a process of its own, `python -m hil.suite_process MODULE ...`: hears SIGINT, and ends with its run.

Its session is its own, so that Ctrl-C in a terminal reaches `hil run` alone, which passes it on once.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1
"""linux/prctl.h: the signal to get when the parent dies."""


def main() -> None:
    """Run a module as `python -m` does."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what it puts aside deaf to it
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() == 1:  # it was gone before this was asked for
            os.kill(os.getpid(), signal.SIGINT)
    sys.modules.pop("hil", None)  # pytest warns of a package that it cannot rewrite any more, and a warning is an error
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
