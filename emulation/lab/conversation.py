"""One controller's conversation with an emulated instrument: an input buffer and an output queue of its own.

As LAN instruments have it: each socket and each HiSLIP session has its own buffers, one parser serves them in the order
in which their messages come, and settings, status registers and error queue are the instrument's, for all to see.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from emulation.lab.framing import split
from emulation.lab.status import ScpiError, ServiceRequest, Status
from emulation.link import Link
from emulation.world import Condition, World


class Parser(Protocol):
    """What a conversation needs of its instrument."""

    world: World
    status: Status
    link: Link | None
    """The wire to the tester, where something may go wrong with it."""

    @property
    def name(self) -> str:
        """For messages."""

    def queue(self, conversation: Conversation) -> None:
        """Take the conversation's next message when its turn comes."""

    def forget(self, conversation: Conversation, *, clear: bool) -> None:
        """Let go of its messages, also of the one being executed where `clear`."""

    def serves(self, conversation: Conversation) -> bool:
        """Whether a message of this conversation is being executed."""


def nothing() -> None:
    """Nobody asked to be told."""


class Conversation:
    """Fills `emulation.bench.ScpiDevice` for one controller.

    `on_answer` is called when an answer is in `output()`, `on_interrupt` when one was lost to a newer message (-410).
    With no `on_interrupt` none is ever lost: the transport takes each answer as it comes, and the controller reads them
    in turn, as a raw socket has it. A transport that moves the answer on before the controller has read it sets
    `unread` until it knows.
    """

    def __init__(
        self,
        parser: Parser,
        on_answer: Callable[[], None] = nothing,
        on_interrupt: Callable[[], None] | None = nothing,
    ) -> None:
        self.inbox: deque[tuple[bytes, int]] = deque()
        self.unread = False
        self.answered = 0
        """Number of the message that the last answer belongs to."""
        self._parser = parser
        self._on_answer = on_answer
        self._on_interrupt = on_interrupt
        self._output = bytearray()
        self._reader: Condition | None = None
        self._service = ServiceRequest(parser.status)
        self._late: deque[tuple[bytes, int]] = deque()
        self._late_until = 0

    def write(self, message: bytes, number: int = 0) -> None:
        """Take a program message (with its terminator); an answer that nobody took is lost (-410).

        On a wire that is late it arrives in order, so much later, and its effects and its answer with it.
        """
        link = self._parser.link
        if link is None or not link.touched:
            self._accept(message, number)
        elif link.delay or self._late:
            world, entry = self._parser.world, (message, number)
            self._late.append(entry)
            self._late_until = max(world.now + link.delay, self._late_until)
            world.call_at(self._late_until, self._arrive, entry)
        elif not link.silent:
            self._accept(message, number)

    def _arrive(self, entry: tuple[bytes, int]) -> None:
        if self._late and self._late[0] is entry:  # no device clear meanwhile
            self._late.popleft()
            reader = self._reader
            self._accept(*entry)
            self._reader = reader

    def _accept(self, message: bytes, number: int) -> None:
        self.interrupt()
        self._reader = None
        for line in split(message):
            self.inbox.append((line, number))
            self._parser.queue(self)

    def interrupt(self) -> None:
        """A new message begins: an answer that nobody took is lost."""
        if self.holds_answer:
            self._output.clear()
            self.unread = False
            self._lose()

    @property
    def backlog(self) -> int:
        """Messages that wait for the parser."""
        return len(self.inbox)

    def output(self) -> bytearray:
        """What waits to be read; the reader removes what it took."""
        return self._output

    @property
    def holds_answer(self) -> bool:
        """MAV: an answer is there that the controller has not taken."""
        return bool(self._output) or self.unread

    def talk(self) -> Condition:
        """Happens when there is something to read; to ask with no answer on the way is a query error (-420)."""
        condition = self._parser.world.condition(f"answer of {self._parser.name}")
        if self._output:
            condition.happen()
        elif self.inbox or self._late or self._parser.serves(self):
            self._reader = condition
        elif self._parser.link is None or not self._parser.link.silent:
            self._parser.status.report(ScpiError(-420))
        return condition

    def clear(self) -> None:
        """Device clear: buffers empty, parser idle; settings, status and errors stay (IEEE 488.2, 5.8)."""
        self._empty()
        self._parser.forget(self, clear=True)

    def close(self) -> None:
        """The controller has gone: what it still had to say or to hear is lost; what is under way goes on."""
        self._on_answer = self._on_interrupt = nothing
        self._empty()
        self._parser.forget(self, clear=False)

    def status_byte(self) -> int:
        """What a serial poll reads."""
        return self._service.poll(self.holds_answer)

    def service_request(self) -> int:
        """The status byte with RQS where service is newly asked for, else 0."""
        return self._service.request(self.holds_answer)

    def publish(self, response: bytes | bytearray, number: int) -> None:
        """The parser is through with a message."""
        link = self._parser.link
        if link is not None and link.touched and response:
            response = link.spoiled(bytes(response))
            if not response:
                return
        if self.inbox and self._on_interrupt is not None:
            if response:
                self._lose()
            return
        self._output += response
        reader, self._reader = self._reader, None
        if response:
            self.answered = number
            if reader is not None:
                reader.happen()
            self._on_answer()
        elif reader is not None and self._late:
            self._reader = reader  # what it waits for is still to come
        elif reader is not None:
            self._parser.status.report(ScpiError(-420))

    def _lose(self) -> None:
        self._parser.status.report(ScpiError(-410))
        if self._on_interrupt is not None:
            self._on_interrupt()

    def _empty(self) -> None:
        self.inbox.clear()
        self._late.clear()
        self._late_until = 0
        self._output.clear()
        self.unread = False
        self._reader = None
