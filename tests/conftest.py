"""What every process of the product's own tests begins with."""

from __future__ import annotations

import signal
import threading

if threading.current_thread() is threading.main_thread():
    # A shell starts what it puts aside deaf to SIGINT, and nohup deaf to SIGHUP; what a test starts would be deaf too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
