"""Overhead consoles that break one clause each (B-09, B-10, B-13, B-14)."""

from __future__ import annotations

from typing import ClassVar

from emulation.ecus.overhead_console import OverheadConsole
from emulation.faults import seeded
from emulation.lines import Line
from emulation.world import Process
from harness.units import MS, S


@seeded(breaks="B-10", story="an SOS press of 1.5 s already calls")
class EagerConsole(OverheadConsole):
    """Does not wait for the two seconds."""

    HOLDS: ClassVar = {"Sos": 1_500 * MS}


@seeded(breaks="B-10", story="SOS calls only after 2.1 s")
class LateConsole(OverheadConsole):
    """Waits for more than the two seconds."""

    HOLDS: ClassVar = {"Sos": 2_100 * MS}


@seeded(breaks="B-10", story="SOS calls 3 ms too early")
class HastyConsole(OverheadConsole):
    """Has its threshold just outside the tolerance."""

    HOLDS: ClassVar = {"Sos": OverheadConsole.HOLD - 3 * MS}


@seeded(breaks="B-10", story="each closing of a bouncing SOS contact is a request of its own")
class StutteringConsole(OverheadConsole):
    """Waits for the end of the hold once for every closing, and asks each time."""

    def watch(self, name: str, button: Line) -> Process:
        """Every closing within a press waits for itself."""
        if name != "Sos":
            yield from super().watch(name, button)
        while True:
            yield button.pressed()
            end = self.world.now + self.own_time(self.HOLD)
            closed = True
            while closed:
                self.world.spawn(self.one_closing(name, button, end), "OHC one closing")
                yield button.released()
                again = button.pressed()
                yield again | self.world.after(self.DEBOUNCE)
                closed = again.happened

    def one_closing(self, name: str, button: Line, end: int) -> Process:
        """From one closing to the release."""
        self.tell(name, "PRESSED")
        if (yield from self.held(button, end)):
            self.request(name)
            while (yield from self.held(button, self.world.now + self.STUCK)):
                self.tell(name, "STUCK")
                self.store_fault(self.STUCK_FAULT[name])
        self.tell(name, "IDLE")


@seeded(breaks="B-10", story="any chatter of the SOS contact begins the two seconds anew")
class TouchyConsole(OverheadConsole):
    """Takes chatter for a release."""

    def held(self, button: Line, until: int) -> Process:
        """Whether the contact never opened, not even for a moment."""
        if button is not self.sos_button:
            return (yield from super().held(button, until))
        released = button.released()
        yield released | self.world.after(until - self.world.now)
        return not released.happened


@seeded(breaks="B-10", story="an SOS button that is held on asks for a call every 10 s")
class RepeatingConsole(OverheadConsole):
    """Knows no end of a press."""

    AGAIN = 10 * S

    def request(self, name: str) -> None:
        """Ask, and go on asking."""
        super().request(name)
        if name == "Sos":
            self.world.spawn(self.ask_again(name), "OHC asks again")

    def ask_again(self, name: str) -> Process:
        """Ask for as long as the button is held."""
        while (yield from self.held(self.sos_button, self.world.now + self.AGAIN)):
            super().request(name)


@seeded(breaks="B-09", story="the SOS button asks for an ON CALL call")
class SwappedConsole(OverheadConsole):
    """Has its plug turned by one pin."""

    def request(self, name: str) -> None:
        """Whatever was pressed, ON CALL asks."""
        super().request("OnCall" if name == "Sos" else name)


@seeded(breaks="B-09", story="the SOS button is not connected")
class DeafConsole(OverheadConsole):
    """Never sees SOS."""

    def request(self, name: str) -> None:
        """Ask for ON CALL only."""
        if name != "Sos":
            super().request(name)


@seeded(breaks="B-13", story="the console asks for calls although the buttons are locked")
class IgnorantConsole(OverheadConsole):
    """Has never heard of the lock."""

    def locked(self) -> bool:
        """Never."""
        return False


@seeded(breaks="B-13", story="once locked, the buttons stay dead for ever")
class ResentfulConsole(OverheadConsole):
    """Remembers the lock, and not that it was lifted."""

    was_locked = False

    def locked(self) -> bool:
        """From the first lock on."""
        self.was_locked |= super().locked()
        return self.was_locked

    def lamp(self, name: str) -> str:
        """The lamps are looked after ten times a second, and the lock with them."""
        self.locked()
        return super().lamp(name)


@seeded(breaks="B-14", story="an ON CALL press of 1.5 s already calls")
class EagerOnCall(OverheadConsole):
    """Does not wait for the two seconds."""

    HOLDS: ClassVar = {"OnCall": 1_500 * MS}


@seeded(breaks="B-14", story="ON CALL calls only after 2.1 s")
class LateOnCall(OverheadConsole):
    """Waits for more than the two seconds."""

    HOLDS: ClassVar = {"OnCall": 2_100 * MS}


@seeded(breaks="B-14", story="ON CALL calls 3 ms too early")
class HastyOnCall(OverheadConsole):
    """Has its threshold just outside the tolerance."""

    HOLDS: ClassVar = {"OnCall": OverheadConsole.HOLD - 3 * MS}


@seeded(breaks="B-14", story="the ON CALL button is not connected")
class DeadOnCall(OverheadConsole):
    """Never sees ON CALL."""

    def request(self, name: str) -> None:
        """Ask for SOS only."""
        if name != "OnCall":
            super().request(name)
