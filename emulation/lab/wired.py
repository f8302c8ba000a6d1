"""An instrument as it is seen through its wire: answers late, garbled or never where a trouble says so."""

from __future__ import annotations

from collections import deque

from emulation.bench import EmulatedBench, ScpiDevice
from emulation.link import Link
from emulation.world import Condition
from harness.units import US

LOOK = 100 * US
"""Time between two looks at a device that cannot tell when it has an answer."""


class Wired:
    """Fills `emulation.bench.ScpiDevice` for `device`; while nothing is wrong with `link` it only passes on.

    Late means that each message reaches the instrument so much later: in order, its effects with it, and a device
    clear forgets what is still on its way.
    """

    def __init__(self, bench: EmulatedBench, device: ScpiDevice, link: Link) -> None:
        self.device = device
        self.link = link
        self._world = bench.world
        self._late: deque[bytes] = deque()
        self._free_at = 0
        self._clean = True
        self._waiting: Condition | None = None

    def write(self, message: bytes) -> None:
        """Take a program message."""
        link = self.link
        if not link.touched:
            self.device.write(message)
            return
        if link.silent:
            return
        if not (link.delay or self._late):
            self._forward(message)
            return
        self._late.append(message)
        self._free_at = max(self._world.now + link.delay, self._free_at)
        self._world.call_at(self._free_at, self._arrive, message)

    def _arrive(self, message: bytes) -> None:
        if self._late and self._late[0] is message:  # no device clear meanwhile
            self._late.popleft()
            self._forward(message)
            if self._waiting is not None:
                waiting, self._waiting = self._waiting, None
                waiting.happen()

    def _forward(self, message: bytes) -> None:
        self._clean = False
        self.device.write(message)

    def output(self) -> bytearray:
        """What waits to be read."""
        output = self.device.output()
        if self.link.silent:
            return bytearray()
        if self.link.garbage and output and not self._clean:
            output[:] = self.link.noise(bytes(output))
            self._clean = True  # the next message's answer is to be garbled again, this one is
        return output

    def talk(self) -> Condition:
        """Happens when there may be something to read."""
        if self._late:
            if self._waiting is None:
                self._waiting = self._world.condition("a message that is late")
            return self._waiting
        if self.link.silent:
            return self._world.condition("an answer that never comes")
        talk = getattr(self.device, "talk", None)
        condition: Condition = self._world.after(LOOK) if talk is None else talk()
        return condition

    def clear(self) -> None:
        """Device clear; messages that are late are forgotten."""
        self._late.clear()
        self._free_at = 0
        self.device.clear()

    def status_byte(self) -> int:
        """What a serial poll reads."""
        return self.device.status_byte()
