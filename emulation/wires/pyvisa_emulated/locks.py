"""Who may talk to an instrument while sessions hold locks on it (VPP-4.3, 3.6)."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from itertools import count

from pyvisa.constants import AccessModes, StatusCode


@dataclass
class Lock:
    """The lock on one instrument: an exclusive owner, or a key and all who share it."""

    exclusive: Hashable | None = None
    depth: int = 0
    key: str | None = None
    sharers: list[Hashable] = field(default_factory=list)
    _keys: count[int] = field(default_factory=count)

    def allows(self, session: Hashable) -> bool:
        """Whether `session` may read and write now."""
        if self.exclusive is not None:
            return session == self.exclusive
        return not self.sharers or session in self.sharers

    def take_exclusive(self, session: Hashable) -> bool:
        """Lock for `session` alone; it may do so again, and must then unlock as often."""
        if not self.allows(session) or any(sharer != session for sharer in self.sharers):
            return False
        self.exclusive = session
        self.depth += 1
        return True

    def take_shared(self, session: Hashable, key: str | None) -> str | None:
        """Lock for all who know the key; returns it, or None where it is not to be had."""
        if self.exclusive not in {None, session} or (self.sharers and key != self.key and session not in self.sharers):
            return None
        self.key = self.key or key or f"lock {next(self._keys)}"
        self.sharers.append(session)
        return self.key

    def release(self, session: Hashable) -> StatusCode:
        """Give back one lock, the exclusive one first."""
        if self.exclusive == session:
            self.depth -= 1
            if not self.depth:
                self.exclusive = None
        elif session in self.sharers:
            self.sharers.remove(session)
            if not self.sharers:
                self.key = None
        else:
            return StatusCode.error_session_not_locked
        return StatusCode.success

    def forget(self, session: Hashable) -> None:
        """The session was closed: its locks go with it."""
        while self.release(session) == StatusCode.success:
            pass

    @property
    def state(self) -> AccessModes:
        """As VI_ATTR_RSRC_LOCK_STATE tells it."""
        if self.exclusive is not None:
            return AccessModes.exclusive_lock
        return AccessModes.shared_lock if self.sharers else AccessModes.no_lock
