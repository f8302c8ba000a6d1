"""The car's keys: where each lies, and its buttons, as relays of the key system (A-06, A-07, B-26, B-29, B-34)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from harness.actors.actor import Actor
from harness.errors import BenchError
from harness.units import MS

Lies = Literal["inside", "near", "away"]

KEYS = (1, 2, 3)
"""Key fobs of a bench. 1 and 2 belong to the car; 3 is a fob that a workshop may teach it."""
PRESS = 200 * MS
"""How long a thumb rests on a key's button (bench default)."""
SETTLES = 50 * MS
"""So soon the car has taken note where a key lies (bench default; debouncing is some 10 ms)."""


class Keys(Actor):
    """Carries keys about and presses their buttons. Every act returns its instant (ns)."""

    def inside(self, *numbers: int) -> int:
        """Put these keys into the cabin."""
        return self._lay(numbers, "inside")

    def near(self, *numbers: int) -> int:
        """Take these keys out, and stay within reach of the door handles' antennas."""
        return self._lay(numbers, "near")

    def away(self, *numbers: int) -> int:
        """Take these keys away from the car; without numbers, all of them."""
        return self._lay(numbers or KEYS, "away")

    def locks(self, number: int) -> int:
        """Press the locking button of a key; it reaches the car wherever the key lies."""
        return self._press(number, "lock")

    def unlocks(self, number: int) -> int:
        """Press the unlocking button of a key."""
        return self._press(number, "unlock")

    def lies(self, number: int) -> Lies:
        """Where a key is, by the relays that hold it there."""
        if self.bench.line(self._line(number, "inside")).is_pressed():
            return "inside"
        return "near" if self.bench.line(self._line(number, "near")).is_pressed() else "away"

    def _lay(self, numbers: Sequence[int], where: Lies) -> int:
        start = self.note("key", keys=list(numbers), where=where)
        for number in numbers:
            for place in ("inside", "near"):
                line = self.bench.line(self._line(number, place))
                if place == where:
                    line.press()
                elif line.is_pressed():
                    line.release()
        self.clock.sleep(SETTLES)
        return start

    def _press(self, number: int, button: Literal["lock", "unlock"]) -> int:
        line = self.bench.line(self._line(number, button))
        start = self.note("key_button", key=number, button=button)
        line.press()
        self.clock.sleep(PRESS)
        line.release()
        return start

    @staticmethod
    def _line(number: int, what: str) -> str:
        if number not in KEYS:
            raise BenchError(f"there is no key {number}; there are {', '.join(map(str, KEYS))}")
        return f"key_{number}_{what}"
