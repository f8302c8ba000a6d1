"""Locks of one instrument over HiSLIP: one exclusive holder, or all who know a shared lock's key (IVI-6.1, 6.5)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from harness.units import S


class Outcome(IntEnum):
    """Control codes of AsyncLockResponse."""

    FAILURE = 0
    SUCCESS = 1
    """A lock was got, or an exclusive one given back."""
    SUCCESS_SHARED = 2
    """A shared lock was given back."""
    ERROR = 3


class _Wish(NamedTuple):
    """Who waits for a lock; without a key for the exclusive one."""

    session: object
    key: str
    tell: Callable[[Outcome], None]
    timer: asyncio.TimerHandle


class Locks:
    """Who may talk to the instrument; `on_change` is called when that has changed."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._exclusive: object | None = None
        self._key = ""
        self._sharers: list[object] = []
        self._wishes: list[_Wish] = []

    @property
    def is_exclusive(self) -> bool:
        """Whether somebody holds the exclusive lock."""
        return self._exclusive is not None

    @property
    def holders(self) -> int:
        """Sessions that hold a lock of either kind."""
        return len(set(self._sharers) | ({self._exclusive} - {None}))

    def allows(self, session: object) -> bool:
        """Whether its messages are taken now."""
        if self._exclusive is not None:
            return self._exclusive is session
        return not self._sharers or session in self._sharers

    def request(self, session: object, key: str, timeout: int, tell: Callable[[Outcome], None]) -> None:
        """Lock for `session`, alone or with all who know `key`; `tell` its outcome, within `timeout` (ns)."""
        if self._exclusive is session or (key and session in self._sharers):
            tell(Outcome.ERROR)  # it has it already
        elif self._take(session, key):
            tell(Outcome.SUCCESS)
        elif timeout <= 0:
            tell(Outcome.FAILURE)
        else:
            loop = asyncio.get_running_loop()
            timer = loop.call_later(timeout / S, self._give_up, session)
            self._wishes.append(_Wish(session, key, tell, timer))

    def release(self, session: object) -> Outcome:
        """Give a lock back, the exclusive one first."""
        if self._exclusive is session:
            self._exclusive = None
            outcome = Outcome.SUCCESS
        elif session in self._sharers:
            self._sharers.remove(session)
            outcome = Outcome.SUCCESS_SHARED
        else:
            return Outcome.ERROR
        self._changed()
        return outcome

    def forget(self, session: object) -> None:
        """The session has ended: its locks and its wishes go with it."""
        for wish in [wish for wish in self._wishes if wish.session is session]:
            wish.timer.cancel()
            self._wishes.remove(wish)
        while self.release(session) != Outcome.ERROR:
            pass

    def _take(self, session: object, key: str) -> bool:
        if self._exclusive is not None:
            return False
        if not key:
            if self._sharers and session not in self._sharers:
                return False
            self._exclusive = session
            return True
        if self._sharers and key != self._key:
            return False
        self._key = key
        self._sharers.append(session)
        return True

    def _give_up(self, session: object) -> None:
        wish = next((wish for wish in self._wishes if wish.session is session), None)
        if wish is not None:
            self._wishes.remove(wish)
            wish.tell(Outcome.FAILURE)

    def _changed(self) -> None:
        for wish in tuple(self._wishes):
            if self._take(wish.session, wish.key):
                self._wishes.remove(wish)
                wish.timer.cancel()
                wish.tell(Outcome.SUCCESS)
        self._on_change()
