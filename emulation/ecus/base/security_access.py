"""UDS SecurityAccess (ISO 14229-1, service 0x27) of an ECU: seed and key of one level.

The key is the seed XOR the mask of diagnostics.toml: enough to test a tester's sequence, and no secret.
"""

from __future__ import annotations

from emulation.ecus.base.negative_response import (
    DELAY_NOT_EXPIRED,
    INVALID_KEY,
    SEQUENCE_ERROR,
    SUB_FUNCTION_NOT_SUPPORTED,
    TOO_MANY_ATTEMPTS,
    Refused,
    expect_length,
)
from emulation.world import World
from harness.units import S

KEY_TRIES = 3
KEY_DELAY = 10 * S
"""Wait after `KEY_TRIES` wrong keys."""

REQUEST_SEED, SEND_KEY = 0x01, 0x02


class SecurityAccess:
    """Locked, until the right key for the last seed comes; locked again with each new session."""

    def __init__(self, world: World, node: str, mask: int) -> None:
        self.unlocked = False
        self._world = world
        self._random = world.random(f"{node} security access")
        self._mask = mask
        self._seed: int | None = None
        self._wrong_keys = 0
        self._closed_until = 0

    def lock(self) -> None:
        """Forget seed and key."""
        self.unlocked = False
        self._seed = None

    def serve(self, record: bytes) -> bytes:
        """Answer a request: `record` is sub-function and key."""
        if record[0] == REQUEST_SEED:
            expect_length(record, 1)
            return record + self._new_seed().to_bytes(4, "big")
        if record[0] != SEND_KEY:
            raise Refused(SUB_FUNCTION_NOT_SUPPORTED)
        expect_length(record, 5)
        self._try(int.from_bytes(record[1:], "big"))
        return record[:1]

    def _new_seed(self) -> int:
        """A seed; 0 where nothing is locked any more."""
        if self._world.now < self._closed_until:
            raise Refused(DELAY_NOT_EXPIRED)
        self._seed = 0 if self.unlocked else self._random.randrange(1, 1 << 32)
        return self._seed

    def _try(self, key: int) -> None:
        if self._seed is None:
            raise Refused(SEQUENCE_ERROR)
        seed, self._seed = self._seed, None
        if key == seed ^ self._mask:
            self.unlocked, self._wrong_keys = True, 0
            return
        self._wrong_keys += 1
        if self._wrong_keys < KEY_TRIES:
            raise Refused(INVALID_KEY)
        self._wrong_keys, self._closed_until = 0, self._world.now + KEY_DELAY
        raise Refused(TOO_MANY_ATTEMPTS)
