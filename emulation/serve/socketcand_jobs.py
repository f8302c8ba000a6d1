"""The broadcast manager of a socketcand client: frames sent on a cycle, and frames told as they change.

Ref: linux-can/socketcand, doc/protocol.md, and the kernel's broadcast manager that it stands for.
"""

from __future__ import annotations

from collections.abc import Callable

from emulation.can_bus import EXTENDED, FD, CanBus, Frame
from emulation.serve.socketcand_text import WrongFrame, read_frame, read_identifier, read_interval, text_of
from emulation.world import Periodic

Key = tuple[int, int]
"""Identifier, and whether it is extended."""
Tell = Callable[[str], None]


class Jobs:
    """The frames that one client has on a cycle, by identifier."""

    def __init__(self, bus: CanBus, sender: object) -> None:
        self._bus = bus
        self._sender = sender
        self._jobs: dict[Key, Job] = {}

    def add(self, words: list[str]) -> None:
        """`secs usecs can_id can_dlc [data]*`: at once, then on this cycle; without a cycle, once."""
        period = read_interval(*_two(words))
        identifier, data, flags = read_frame(words[2:])
        self._end((identifier, flags))
        job = self._jobs[identifier, flags] = Job(self._bus, self._sender, identifier, data, flags)
        if period:
            job.timer = self._bus.world.every(period, job.send)
        else:
            job.send()

    def update(self, words: list[str]) -> None:
        """`can_id can_dlc [data]*`: other content, the cycle as it was."""
        identifier, data, flags = read_frame(words)
        if (identifier, flags) not in self._jobs:
            raise WrongFrame(f"no send job for {words[0]}: add it first")
        self._jobs[identifier, flags].data = data

    def delete(self, words: list[str]) -> None:
        """`can_id`."""
        key = read_identifier(_one(words))
        if key not in self._jobs:
            raise WrongFrame(f"no send job for {words[0]}")
        self._end(key)

    def clear(self) -> None:
        """End all of them."""
        for key in tuple(self._jobs):
            self._end(key)

    def _end(self, key: Key) -> None:
        job = self._jobs.pop(key, None)
        if job is not None and job.timer is not None:
            job.timer.stop()


class Job:
    """One frame on a cycle. A cycle shorter than the network needs for the frame leaves sendings out."""

    def __init__(self, bus: CanBus, sender: object, identifier: int, data: bytes, flags: int) -> None:
        self.data = data
        self.timer: Periodic | None = None
        self._bus = bus
        self._sender = sender
        self._identifier = identifier
        self._flags = flags
        self._waits = False

    def send(self) -> None:
        """The cycle's next frame."""
        if not self._waits:
            self._waits = True
            self._bus.send(self._identifier, self.data, self._flags, self._sender, self._sent)

    def _sent(self, _frame: Frame) -> None:
        self._waits = False


class Subscriptions:
    """What one client wants told in broadcast-manager mode, by identifier."""

    def __init__(self, bus: CanBus, client: object, tell: Tell) -> None:
        self._bus = bus
        self._client = client
        self._tell = tell
        self._subscriptions: dict[Key, Subscription] = {}
        self._listens = False

    def subscribe(self, words: list[str]) -> None:
        """`secs usecs can_id`: every frame, at most one in this time."""
        throttle = read_interval(*_two(words))
        self._add(read_identifier(_one(words[2:])), Subscription(self._bus, self._tell, throttle, None))

    def filter(self, words: list[str]) -> None:
        """`secs usecs can_id can_dlc [mask]*`: the frames in which a bit of the mask has changed."""
        throttle = read_interval(*_two(words))
        identifier, mask, flags = read_frame(words[2:])
        self._add((identifier, flags), Subscription(self._bus, self._tell, throttle, mask))

    def unsubscribe(self, words: list[str]) -> None:
        """`can_id`."""
        if self._subscriptions.pop(read_identifier(_one(words)), None) is None:
            raise WrongFrame(f"no subscription of {words[0]}")

    def clear(self) -> None:
        """End all of them."""
        self._subscriptions.clear()
        self._bus.detach(self._hear)
        self._listens = False

    def _add(self, key: Key, subscription: Subscription) -> None:
        self._subscriptions[key] = subscription
        if not self._listens:
            self._bus.attach(self._hear)
            self._listens = True

    def _hear(self, frame: Frame) -> None:
        subscription = self._subscriptions.get((frame.identifier, frame.flags & EXTENDED))
        if self._bus.is_lost(frame):
            return
        if subscription is not None and frame.sender is not self._client and not frame.flags & ~EXTENDED & ~FD:
            subscription.hear(frame)


class Subscription:
    """One identifier: told whenever it comes or changes; within `throttle` ns of the last telling, after them."""

    def __init__(self, bus: CanBus, tell: Tell, throttle: int, mask: bytes | None) -> None:
        self._world = bus.world
        self._tell = tell
        self._throttle = throttle
        self._mask = mask
        self._seen: bytes | None = None
        self._free_at = 0
        self._waits: Frame | None = None

    def hear(self, frame: Frame) -> None:
        """A frame came."""
        if self._mask is not None:
            content = bytes(byte & mask for byte, mask in zip(frame.data, self._mask, strict=False))
            if content == self._seen:
                return
            self._seen = content
        if self._world.now >= self._free_at:
            self._free_at = self._world.now + self._throttle
            self._tell(text_of(frame))
            return
        if self._waits is None:
            self._world.call_at(self._free_at, self._tell_newest)
        self._waits = frame

    def _tell_newest(self, _argument: object) -> None:
        if self._waits is not None:
            newest, self._waits = self._waits, None
            self._free_at = self._world.now + self._throttle
            self._tell(text_of(newest))


def _two(words: list[str]) -> tuple[str, str]:
    if len(words) < 2:
        raise WrongFrame("expected seconds and microseconds first")
    return words[0], words[1]


def _one(words: list[str]) -> str:
    if len(words) != 1:
        raise WrongFrame(f"expected can_id alone at the end, got {' '.join(words)}")
    return words[0]
