"""A crash: simulated by the airbag module itself, or played in its place with frames that are wrong (B-01 ... B-03)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from harness.actors.actor import Actor
from harness.bench import Bench
from harness.can.e2e import Corruption, Protector
from harness.can.network import Network
from harness.can.restbus import PlayedMessage
from harness.units import MS, S

SIMULATE_CRASH = 0x0301
"""Routine of the airbag module: option record = level, direction (vehicle/diagnostics.toml)."""
SIMULATE_OCCUPANTS = 0x0302
"""The same: option record = number of fastened belts."""
CYCLE = 10 * MS
"""Between two frames of ACM_Crash (vehicle/body.dbc)."""
OCCUPANTS_TOLD = 2 * S
"""So soon ACM_Occupants has to tell of fastened belts (bench default)."""
NOTICED = 1 * S
"""So soon after the routine the crash has to be on CAN (bench default: a hundred cycles, or a stall of the host)."""


class Level(StrEnum):
    """How hard it was, as `ACM_Crash.CrashLevel` spells it."""

    IMPACT = "IMPACT"
    BELT_TENSIONER = "BELT_TENSIONER"
    AIRBAG = "AIRBAG"


class Direction(StrEnum):
    """Where it came from, as `ACM_Crash.CrashDirection` spells it."""

    FRONT = "FRONT"
    REAR = "REAR"
    LEFT = "LEFT"
    RIGHT = "RIGHT"
    ROLLOVER = "ROLLOVER"


class CrashFrames:
    """ACM_Crash in the airbag module's place: quiet on its cycle, and a crash in frames as wrong as a test wants."""

    def __init__(self, actor: Actor, network: Network, quiet: PlayedMessage) -> None:
        self._actor = actor
        self._network = network
        self._quiet = quiet
        self._message = network.message("ACM_Crash")

    def _event_count(self) -> int:
        """What the frames on the bus tell now; 0, as after a boot, where none has been heard yet."""
        newest = self._actor.timeline.value("body/ACM_Crash.EventCount")
        return 0 if newest is None else int(newest.value or 0)

    def send(
        self,
        level: Level | str,
        direction: Direction | str = Direction.FRONT,
        frames: int = 20,
        *,
        corruption: Corruption | None = None,
        every: int = 1,
        left_out: int = 0,
        contradicting: bool = False,
        new_event: bool = True,
    ) -> int:
        """Send `frames` crash frames on the cycle, then be quiet again; returns when it began (ns).

        `corruption` is wrong with every one of them, or with each `every`th; `left_out` frames are lost before each;
        `contradicting` makes the inverted copy of the level disagree; without `new_event` they tell of the event that
        was told of last.
        """
        self._actor.may_dial()
        network, clock = self._network, self._actor.clock
        self._quiet.stop()
        protector = Protector(network.protections[self._message.name], self._quiet.counter)
        count = self._event_count()
        raw = self._raw("CrashLevel", level)
        payload = network.encode(
            "ACM_Crash",
            CrashLevel=raw,
            CrashLevelInverted=raw if contradicting else ~raw & 0x3,
            CrashDirection=self._raw("CrashDirection", direction),
            EventCount=(count + new_event) % 16,
        )
        what = corruption.value if corruption else "contradicting" if contradicting else "right"
        start = self._actor.note(
            "crash", level=str(level), direction=str(direction), frames=frames, kind=what, left_out=left_out
        )
        due = clock.now()
        for number in range(1, frames + 1):
            data = bytearray(payload)
            for _lost in range(left_out):
                protector.protect(data)
            protector.protect(data, None if number % every else corruption)
            due += CYCLE * (1 + left_out)
            clock.sleep(max(0, due - clock.now()))
            network.send_raw(self._message.frame_id, bytes(data))
        clock.sleep(CYCLE)
        quiet = {"CrashLevel": "NONE", "CrashLevelInverted": 0x3, "CrashDirection": "NONE"}
        self._quiet.go_on(protector.counter, EventCount=(count + new_event) % 16, **quiet)
        self._quiet.start()
        return start

    def silent(self, duration: int) -> None:
        """Send nothing at all for `duration` ns."""
        self._actor.note("frames_missing", message="ACM_Crash")
        self._quiet.stop()
        self._actor.clock.sleep(duration)
        self._quiet.start()

    def stand_still(self, duration: int) -> None:
        """Be quiet for `duration` ns, with a counter that stands still."""
        self._actor.note("counter_stuck", message="ACM_Crash")
        self._quiet.corruption = Corruption.REPEATED_COUNTER
        self._actor.clock.sleep(duration)
        self._quiet.corruption = None

    def stop(self) -> None:
        """Send no more."""
        self._quiet.stop()

    def _raw(self, signal: str, value: str) -> int:
        return _raw(self._network, signal, value)


class Crash(Actor):
    """Makes the car crash, as far as its network can tell."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._network: Network = bench.networks["body"]

    def happens(self, level: Level | str = Level.AIRBAG, direction: Direction | str = Direction.FRONT) -> int:
        """Let the airbag module report a crash; returns when it was on CAN (ns). One that is played tells it itself."""
        self.may_dial()
        if "airbag" in self.bench.restbus["body"].played:
            with self.plays() as frames:
                start = frames.send(level, direction)
            return self._network.expect("ACM_Crash.CrashLevel", str(level), NOTICED, since=start)
        option = bytes([_raw(self._network, "CrashLevel", level), _raw(self._network, "CrashDirection", direction)])
        airbag = self.bench.diagnostics["airbag"]
        with airbag.in_session("extended"):
            start = self.note("crash", level=str(level), direction=str(direction))
            airbag.routine(SIMULATE_CRASH, option)
            return self._network.expect("ACM_Crash.CrashLevel", str(level), NOTICED, since=start)

    def occupants(self, number: int) -> None:
        """So many people have fastened their belts (0 ... 5)."""
        self.note("occupants", number=number)
        played = self.bench.restbus["body"].played.get("airbag")
        if played is not None:
            played["ACM_Occupants"].set(Passengers=number)
            return
        airbag = self.bench.diagnostics["airbag"]
        with airbag.in_session("extended"):
            airbag.routine(SIMULATE_OCCUPANTS, bytes([number]))
            self._network.expect("ACM_Occupants.Passengers", number, OCCUPANTS_TOLD)

    @contextmanager
    def plays(self) -> Iterator[CrashFrames]:
        """Silence the airbag module and send in its place, for the length of a `with` block.

        Where there is none and the harness plays it anyhow, it plays on quietly afterwards.
        """
        restbus = self.bench.restbus["body"]
        absent = "airbag" in restbus.played
        message = restbus.take_over("airbag")["ACM_Crash"]
        frames = CrashFrames(self, self._network, message)
        try:
            yield frames
        finally:
            if not absent:
                frames.stop()
                restbus.give_back("airbag")


def _raw(network: Network, signal: str, value: str) -> int:
    """The raw value of a value-table name of ACM_Crash."""
    choices = network.message("ACM_Crash").get_signal_by_name(signal).choices
    return next(int(raw) for raw, name in (choices.items() if choices else ()) if str(name) == str(value))
