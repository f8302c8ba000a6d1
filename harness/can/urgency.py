"""Lets the calling thread wake on time, as far as the machine permits; what it refuses costs precision only."""

from __future__ import annotations

import ctypes
import os
import sys
import threading

PR_SET_TIMERSLACK = 29
"""Linux, prctl(2): how much later than asked a thread may be woken. The default is 50 us."""


def make_urgent() -> str:
    """Exact timers and a high priority for the calling thread; returns which one it got, for people."""
    if not sys.platform.startswith("linux"):
        return "ordinary"
    ctypes.CDLL(None).prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0)
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(1))
    except OSError:  # not root, or a container
        pass
    else:
        return "SCHED_FIFO"
    try:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), -10)
    except OSError:
        return "ordinary"
    return "nice -10"
