"""Start permission: withheld by locking until a key is inside, and from afar until it is given back (B-26, B-27)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulation.ecus.body.body import Body


class Immobiliser:
    """Decides on starting alone: what runs goes on running. Both its reasons survive the loss of supply."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.locked = False
        """The car was locked, and no key of it has been inside since."""
        self.disabled = False
        """Assistance has disabled the keys."""

    def boot(self) -> None:
        """Supply has come: what was withheld still is."""
        self.tell()

    @property
    def state(self) -> str:
        """As CEM_Keys.Immobiliser spells it."""
        if self.disabled:
            return "DISABLED_REMOTELY"
        return "LOCKED" if self.locked else "RELEASED"

    def may_start(self) -> bool:
        """Whether the engine may be started now."""
        return self.state == "RELEASED"

    def disable(self) -> None:
        """No key starts the car from now on."""
        self.disabled = True
        self.tell()

    def enable(self) -> None:
        """Keys start it again."""
        self.disabled = False
        self.look()

    def lock_changed(self) -> None:
        """Locking withholds the permission."""
        self.locked = self.locked or self.body.lock.locked
        self.look()

    def look(self) -> None:
        """A key of the car inside the unlocked car releases it."""
        inside = self.body.keys.inside()
        if self.locked and inside and not self.body.lock.locked:
            self.locked = False
            self.body.keys.use(min(inside))
        self.tell()

    def tell(self) -> None:
        """Put it on CAN."""
        self.body.set("CEM_Keys", Immobiliser=self.state)
