"""A lock for a world that several threads run: whoever waits longest is served next."""

from __future__ import annotations

import threading


class Turns:
    """A re-entrant lock that serves in turn: a thread that takes it again and again cannot starve one that waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = threading.Lock()  # held by the one who is served next
        self._owner: int | None = None
        self._depth = 0

    def __enter__(self) -> None:
        me = threading.get_ident()
        if self._owner != me:
            if self._next.locked() or not self._lock.acquire(blocking=False):
                with self._next:
                    self._lock.acquire()
            self._owner = me
        self._depth += 1

    def __exit__(self, *_error: object) -> None:
        self._depth -= 1
        if not self._depth:
            self._owner = None
            self._lock.release()
