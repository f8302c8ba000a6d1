"""Desks of Assistance, data links and telematics units that break remote unlocking (B-28 ... B-31)."""

from __future__ import annotations

from typing import Any

from emulation.ecus.telematics.services import Services
from emulation.ecus.telematics.services_remote import RemoteCommands
from emulation.faults import seeded
from emulation.offboard.connect import Connect, Delivery, Signal
from emulation.offboard.remote import RemoteUnlock, RemoteUnlocks
from emulation.offboard.remote_desk import Matter
from emulation.world import Process
from harness.units import MIN, S


@seeded(breaks="B-28", story="any PIN will do")
class TrustingDesk(RemoteUnlocks):
    """Has the PIN verified, and sends the signal whatever comes of it."""

    def verify(self, account: str, pin: str) -> str:
        """Ask, and do not listen."""
        super().verify(account, pin)
        return "ok"


@seeded(breaks="B-28", story="a PIN that shares its digits with the right one is taken for it")
class CarelessReader(RemoteUnlocks):
    """Compares digits, and not their order."""

    def verify(self, account: str, pin: str) -> str:
        """Try every order of the digits that is likely."""
        verify = super().verify
        verdicts = [verify(account, tried) for tried in (pin, pin[::-1], pin[2:] + pin[:2])]
        return "ok" if "ok" in verdicts else verdicts[0]


@seeded(breaks="B-28", story="the signal goes out with the request, before the PIN was asked for")
class HastyDesk(RemoteUnlocks):
    """Saves the caller the wait."""

    def ask(self, account: str, handle_time: int | None = None) -> RemoteUnlock:
        """Send at once."""
        unlock = super().ask(account, handle_time)
        self._connect.send("unlock", self.VALID, handle_time=unlock.handle_time, request=unlock.id)
        return unlock


@seeded(breaks="B-28", story="whoever knows the owner's PIN may unlock the car, authorised or not")
class StrangersWelcome(RemoteUnlocks):
    """Verifies every PIN as if it were the owner's."""

    def may_ask(self, account: str) -> bool:
        """Anybody."""
        return True

    def verify(self, account: str, pin: str) -> str:
        """By the owner's PIN."""
        return super().verify(self.centre.owner, pin)


@seeded(breaks="B-28", story="an authorised person who is not the owner is refused")
class OwnersOnly(RemoteUnlocks):
    """Knows the owner alone."""

    def may_ask(self, account: str) -> bool:
        """Nobody else."""
        return account == self.centre.owner


@seeded(breaks="B-28", story="a locked account still unlocks the car, by the right PIN")
class ForgivingDesk(RemoteUnlocks):
    """Reopens what the wrong PINs have locked."""

    def verify(self, account: str, pin: str) -> str:
        """As often as you like."""
        if self.centre.is_locked(account):
            self.centre.reopen(account)
        return super().verify(account, pin)


@seeded(breaks="B-28", story="the right PIN sends no signal")
class IdleDesk(RemoteUnlocks):
    """Says that it does."""

    def send(self, unlock: RemoteUnlock) -> None:
        """Say so."""
        self.move(unlock, "sent")


@seeded(breaks="B-29", story="the car waits for a handle, and the signal locks it again after a second")
class MindChanger(RemoteCommands):
    """Has second thoughts."""

    def unlock(self, data: dict[str, Any]) -> None:
        """Take it back."""
        super().unlock(data)
        self.world.spawn(self.regret(data), "second thoughts")

    def regret(self, data: dict[str, Any]) -> Process:
        """One second later."""
        yield 1 * S
        self.lock(data)


@seeded(breaks="B-29", story="the app is never told that a handle has unlocked the car")
class SilentUnlock(RemoteCommands):
    """Tells of waiting and of relocking."""

    def tell_lock(self, state: str) -> None:
        """All but one."""
        if state != "unlocked":
            super().tell_lock(state)


@seeded(breaks="B-30", story="every request has two minutes, whatever Assistance has set")
class OneTimeForAll(RemoteUnlocks):
    """Knows one time."""

    def ask(self, account: str, handle_time: int | None = None) -> RemoteUnlock:
        """The usual one."""
        return super().ask(account, None)


@seeded(breaks="B-30", story="a new request keeps the time of the first one")
class FirstTimeForAll(RemoteUnlocks):
    """Remembers."""

    first: int | None = None

    def ask(self, account: str, handle_time: int | None = None) -> RemoteUnlock:
        """Once and for all."""
        self.first = self.first or handle_time
        return super().ask(account, self.first)


@seeded(breaks="B-30", story="the telematics unit tells the car a tenth more time than Assistance has set")
class GenerousCommands(RemoteCommands):
    """Rounds up, far."""

    def command(self, name: str, handle_time: int = 0) -> int:
        """And some."""
        return super().command(name, round(handle_time * 1.1))


@seeded(breaks="B-30", story="the app is not told that the time for the handle is over")
class SilentRelock(RemoteCommands):
    """Tells the good news only."""

    def tell_lock(self, state: str) -> None:
        """All but one."""
        if state != "relocked":
            super().tell_lock(state)


@seeded(breaks="B-31", story="a signal that the network held for ten minutes still unlocks the car")
class TimelessServices(Services):
    """Does not look at the date."""

    def is_late(self, signal: Signal) -> bool:
        """Never."""
        return False


@seeded(breaks="B-31", story="a signal that was not answered is dated anew and sent again, for an hour")
class StubbornConnect(Connect):
    """Does not take no for an answer."""

    def send(self, kind: str, valid_for: int, /, **data: Any) -> Delivery:
        """Once more, with today's date."""
        delivery = super().send(kind, valid_for, **data)
        if kind == "unlock":
            self._world.spawn(self.insist(delivery, valid_for), "Connect insists")
        return delivery

    def insist(self, delivery: Delivery, valid_for: int) -> Process:
        """Until it has arrived."""
        signal = delivery.signal
        for _ in range(60):
            yield delivery.done
            if delivery.done.value == "delivered":
                return
            delivery = super().send(signal.kind, valid_for, **signal.data)


@seeded(breaks="B-31", story="the app is never told that the signal did not reach the car")
class HopefulDesk(RemoteUnlocks):
    """Waits for better news."""

    def not_reached(self, unlock: RemoteUnlock, delivery: Delivery) -> None:
        """Say nothing."""


@seeded(breaks="B-31", story="the app learns five minutes late that the signal did not reach the car")
class SlowDesk(RemoteUnlocks):
    """Takes its time."""

    def not_reached(self, unlock: RemoteUnlock, delivery: Delivery) -> None:
        """Later."""
        self._world.spawn(self.later(unlock, delivery), "slow desk")

    def later(self, unlock: RemoteUnlock, delivery: Delivery) -> Process:
        """Much later."""
        yield 5 * MIN
        super().not_reached(unlock, delivery)


@seeded(breaks="B-31", story="the app is told that the car was reached although it was not")
class OptimisticDesk(RemoteUnlocks):
    """Counts on the best."""

    def not_reached(self, unlock: RemoteUnlock, delivery: Delivery) -> None:
        """Say what is expected."""
        self.move(unlock, "waiting for handle")


@seeded(breaks="B-31", story="the app is told that the car was not reached, and not why")
class UnspecificDesk(RemoteUnlocks):
    """Keeps the reason."""

    def tell_app(self, matter: Matter) -> None:
        """Without it."""
        matter.reason = ""
        super().tell_app(matter)


@seeded(breaks="B-31", story="on the cell's edge a signal whose answer got lost is obeyed once more")
class ForgetfulServices(Services):
    """Knows no number again."""

    def is_repeated(self, signal: Signal) -> bool:
        """Always new."""
        return False
