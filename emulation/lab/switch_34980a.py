"""The emulated switch: Keysight 34980A with a 34939A relay module in slot 1; presses buttons and turns the ignition.

Ref: Keysight 34980A Programmer's Reference; 34939A data sheet (64 Form A relays, 5 ms operate and release at most).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_

from emulation.bench import EmulatedBench
from emulation.lab.parameters import Channels, Integer
from emulation.lab.scpi import CALIBRATION_NOTE, COMMON, ScpiTwin
from emulation.lab.syntax import Row
from emulation.world import Condition, Process, Task
from harness.units import MS, US

CHANNELS = range(1001, 1065)
LIST = Channels(*CHANNELS)


class Switch34980A(ScpiTwin):
    """Relays with operate and release times, and contacts that bounce when they close."""

    IDENTITY = "Agilent Technologies,34980A,MY44001234,2.51-2.43-2.42-0.05"
    MODULE = "Agilent Technologies,34939A,MY44005678,1.12"
    LATENCY = 2 * MS

    OPERATE = (2 * MS, 4 * MS)
    RELEASE = (1 * MS, 3 * MS)
    BOUNCE_MAX = 2 * MS
    BOUNCES_MAX = 3

    def __init__(self, bench: EmulatedBench) -> None:
        super().__init__(bench)
        self._desk = bench.parts["desk"]
        self._random = bench.world.random("switch")
        self._closed: set[int] = set()
        self._moving: dict[int, Task] = {}

    def close_list(self, channels: Sequence[int]) -> Condition:
        """`ROUTe:CLOSe`: under way until the last contact has settled."""
        return self._move(channels, closed=True)

    def open_list(self, channels: Sequence[int]) -> Condition:
        """`ROUTe:OPEN`."""
        return self._move(channels, closed=False)

    def open_all(self) -> Condition | None:
        """`ROUTe:OPEN:ALL`."""
        return self._move(sorted(self._closed), closed=False) if self._closed else None

    def closed(self, channels: Sequence[int]) -> str:
        """`ROUTe:CLOSe?`: what the relay drivers are set to."""
        return ",".join(str(int(channel in self._closed)) for channel in channels)

    def opened(self, channels: Sequence[int]) -> str:
        """`ROUTe:OPEN?`."""
        return ",".join(str(int(channel not in self._closed)) for channel in channels)

    def card(self, slot: int) -> str:
        """`SYSTem:CTYPe?`."""
        return self.MODULE if slot == 1 else "Agilent Technologies,0,0,0"

    def reset(self) -> None:
        """Every relay opens."""
        self.open_all()

    def _move(self, channels: Sequence[int], closed: bool) -> Condition:
        (self._closed.update if closed else self._closed.difference_update)(channels)
        for channel in channels:
            if channel in self._moving:
                self._moving[channel].stop()
            motion = self._make(channel) if closed else self._break(channel)
            self._moving[channel] = self.world.spawn(motion, f"relay {channel}")
        return reduce(and_, (self._moving[channel] for channel in channels))

    def _make(self, channel: int) -> Process:
        yield self._random.randint(*self.OPERATE)
        self._desk.set_contact(channel, True)
        bounces = self._random.randint(0, self.BOUNCES_MAX)
        for _ in range(bounces):
            longest = self.BOUNCE_MAX // (2 * bounces)
            yield self._random.randint(50 * US, longest)
            self._desk.set_contact(channel, False)
            yield self._random.randint(50 * US, longest)
            self._desk.set_contact(channel, True)

    def _break(self, channel: int) -> Process:
        yield self._random.randint(*self.RELEASE)
        self._desk.set_contact(channel, False)

    TABLE = (
        *COMMON,
        *CALIBRATION_NOTE,
        Row("[ROUTe:]CLOSe", LIST, do=close_list, ask=closed),
        Row("[ROUTe:]OPEN", LIST, do=open_list, ask=opened),
        Row("[ROUTe:]OPEN:ALL", do=open_all),
        Row("SYSTem:CTYPe", Integer(low=1, high=8), ask=card),
    )
