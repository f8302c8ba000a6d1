"""A served instrument's side of a conversation, whatever kind of emulated device stands behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from emulation.bench import ScpiDevice
from emulation.world import Process, Task, World
from harness.units import MS

BACKLOG_MAX = 1_000
"""Messages that may wait for the parser; a client that sends faster waits on its connection."""
BACKLOG_LOOK = 0.005
"""Seconds until the next look whether the backlog has gone."""
UNREAD_MAX = 64 << 20
"""Bytes of answers that a client may leave unread; one that leaves more is sent away."""
LOOK = 1 * MS
"""Simulated time between two looks at a device that cannot tell when it has an answer."""


class Talk(Protocol):
    """A conversation as `emulation.lab.conversation.Conversation` has it."""

    unread: bool
    answered: int

    @property
    def holds_answer(self) -> bool:
        """Whether an answer is there that the controller has not taken."""

    @property
    def backlog(self) -> int:
        """Messages that wait for their turn."""

    def write(self, message: bytes, number: int = 0) -> None:
        """Take a program message; its answer carries `number`."""

    def interrupt(self) -> None:
        """A new message begins: an answer that nobody took is lost."""

    def output(self) -> bytearray:
        """What waits to be read; the reader removes what it took."""

    def clear(self) -> None:
        """Device clear."""

    def close(self) -> None:
        """The controller has gone."""

    def status_byte(self) -> int:
        """Serial poll."""

    def service_request(self) -> int:
        """The status byte with RQS where service is newly asked for, else 0."""


@runtime_checkable
class Conversant(Protocol):
    """A device with buffers for each controller."""

    def converse(self, on_answer: Callable[[], None], on_interrupt: Callable[[], None] | None) -> Talk:
        """Another controller's conversation."""


class PlainTalk:
    """A conversation with a device that has one queue for all, and cannot tell when it has an answer."""

    def __init__(self, world: World, device: ScpiDevice, on_answer: Callable[[], None]) -> None:
        self.unread = False
        self.answered = 0
        self._world = world
        self._device = device
        self._on_answer = on_answer
        self._watch: Task | None = None

    @property
    def holds_answer(self) -> bool:
        """Whether an answer is there that the controller has not taken."""
        return bool(self._device.output()) or self.unread

    @property
    def backlog(self) -> int:
        """Such a device keeps what it is given."""
        return 0

    def write(self, message: bytes, number: int = 0) -> None:
        """Take a program message; look for its answer."""
        self.answered = number
        self._device.write(message)
        if self._watch is None and b"?" in message:
            self._watch = self._world.spawn(self._look(), "a look for an answer")

    def interrupt(self) -> None:
        """A new message begins: an answer that nobody took is lost."""
        self._device.output().clear()
        self.unread = False

    def output(self) -> bytearray:
        """What waits to be read."""
        return self._device.output()

    def clear(self) -> None:
        """Device clear."""
        self.unread = False
        self._device.clear()

    def close(self) -> None:
        """The controller has gone."""
        if self._watch is not None:
            self._watch.stop()
            self._watch = None

    def status_byte(self) -> int:
        """Serial poll."""
        return self._device.status_byte()

    def service_request(self) -> int:
        """Such a device asks for nothing."""
        return 0

    def _look(self) -> Process:
        while not self._device.output():
            yield LOOK
        self._watch = None
        self._on_answer()


def converse(
    world: World, device: ScpiDevice, on_answer: Callable[[], None], on_interrupt: Callable[[], None] | None = None
) -> Talk:
    """A conversation with `device`: `on_answer` when one is there, `on_interrupt` when one was lost (-410).

    With no `on_interrupt` every answer goes out as it comes, and none is lost.
    """
    if isinstance(device, Conversant):
        return device.converse(on_answer, on_interrupt)
    return PlainTalk(world, device, on_answer)


def send(writer: asyncio.StreamWriter, data: bytes) -> None:
    """Write what a client will read, or end the connection of one that reads nothing."""
    if writer.transport.get_write_buffer_size() > UNREAD_MAX:
        writer.transport.abort()
    else:
        writer.write(data)


async def wait_for_turn(backlog: Callable[[], int]) -> None:
    """Until few messages wait for the parser: meanwhile nothing is read, and the client waits on its connection."""
    while backlog() > BACKLOG_MAX:  # noqa: ASYNC110  the parser runs in the world, which knows no loop
        await asyncio.sleep(BACKLOG_LOOK)
