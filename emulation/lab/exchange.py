"""Message exchange of an emulated instrument: program messages, by its command table, to answers in simulated time.

Refs: IEEE 488.2-1992 (message exchange, common commands), SCPI-1999 vol. 1 and 2.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from typing import Any, ClassVar

from emulation.bench import EmulatedBench
from emulation.lab.conversation import Conversation
from emulation.lab.framing import without_blocks
from emulation.lab.parameters import Number
from emulation.lab.status import ScpiError, Status
from emulation.lab.syntax import Handler, Row, Setting, absolute, parameters, units
from emulation.link import Link
from emulation.world import Condition, Process
from harness.units import MS, S

INPUT_BUFFER = 65_536
OUTPUT_QUEUE = 65_536
"""Bytes; a message that overruns both at once can never finish (IEEE 488.2, 6.3.1.7: deadlock). Blocks are streamed."""

LAN_RATE = 12_000_000
"""Bytes/s of a block transfer over LAN; about what a bench oscilloscope reaches on 100BASE-TX."""


class Exchange:
    """Fills `emulation.bench.ScpiDevice`: reads messages, runs the rows of `TABLE`, keeps the settings.

    A message takes `LATENCY` ns before it is executed.
    """

    IDENTITY: ClassVar[str]
    TABLE: ClassVar[Sequence[Row]]
    LATENCY: ClassVar[int] = 1 * MS
    SIGN: ClassVar[str] = "+"
    """How a number that is not negative begins; empty where the maker leaves the sign out (IEEE 488.2, 8.7.2)."""

    def __init__(self, bench: EmulatedBench) -> None:
        self.world = bench.world
        self.status = Status()
        self.link: Link | None = None
        """The wire to the tester; None: nothing ever goes wrong with it."""
        self._settings = {row.name: row.parameter for row in self.TABLE if isinstance(row, Setting)}
        self._values: dict[tuple[str, int], Any] = {}
        self._headers: dict[str, tuple[Row, tuple[int, ...]]] = {}
        self._turns: deque[Conversation] = deque()
        self._current: Conversation | None = None
        self._arrival: Condition | None = None
        self._operations: list[Condition] = []
        self._bench_side = Conversation(self)
        self._server = self.world.spawn(self._serve(), self.name)

    # What a subclass uses and fills

    @property
    def name(self) -> str:
        """The model, for messages."""
        return self.IDENTITY.split(",")[1]

    def value(self, setting: str, index: int = 0) -> Any:
        """The value of a setting for a suffix or channel (0 where it has none)."""
        return self._values.get((setting, index), self._settings[setting].initial(index))

    def put(self, setting: str, value: Any, index: int = 0) -> None:
        """Change a setting from inside; `changed` is not told."""
        self._values[setting, index] = value

    def changed(self, setting: str, index: int) -> None:
        """A setting has changed; raise `ScpiError` to refuse, and the old value stands again."""

    def reset(self) -> None:
        """`*RST`: every setting is back at its default; bring the outputs after."""

    def selected(self) -> int:
        """The channel that is meant where a channel list is left out."""
        return 1

    # emulation.bench.ScpiDevice: the one conversation of a bench in this process

    def write(self, message: bytes) -> None:
        """Take a program message (with its terminator); an answer that nobody took is lost (-410)."""
        self._bench_side.write(message)

    def output(self) -> bytearray:
        """What waits to be read; the reader removes what it took."""
        return self._bench_side.output()

    def talk(self) -> Condition:
        """Happens when there is something to read; to ask with no answer on the way is a query error (-420)."""
        return self._bench_side.talk()

    def clear(self) -> None:
        """Device clear: buffers empty, parser idle; settings, status and errors stay (IEEE 488.2, 5.8)."""
        self._bench_side.clear()

    def status_byte(self) -> int:
        """What a serial poll reads."""
        return self._bench_side.status_byte()

    # Conversations

    def converse(self, on_answer: Callable[[], None], on_interrupt: Callable[[], None] | None) -> Conversation:
        """Another controller's own buffers; both are called as `Conversation` says."""
        return Conversation(self, on_answer, on_interrupt)

    def queue(self, conversation: Conversation) -> None:
        """Execute the conversation's next message when its turn comes."""
        self._turns.append(conversation)
        if self._arrival is not None:
            arrival, self._arrival = self._arrival, None
            arrival.happen()

    def forget(self, conversation: Conversation, *, clear: bool) -> None:
        """Let go of its messages, also of the one being executed where `clear`."""
        self._turns = deque(turn for turn in self._turns if turn is not conversation)
        if clear and self._current in {conversation, None}:
            self._arrival = self._current = None
            self._server.stop()
            self._server = self.world.spawn(self._serve(), self.name)

    def serves(self, conversation: Conversation) -> bool:
        """Whether a message of this conversation is being executed."""
        return self._current is conversation

    # Message exchange

    def _serve(self) -> Process:
        while True:
            if not self._turns:
                self._current = None
                self._arrival = self.world.condition(f"message to {self.name}")
                yield self._arrival
            self._current = conversation = self._turns.popleft()
            message, number = conversation.inbox.popleft()
            yield self.LATENCY
            response = yield from self._execute(message)
            if len(response) > OUTPUT_QUEUE:
                yield len(response) * S // LAN_RATE
            conversation.publish(response, number)

    def _execute(self, message: bytes) -> Generator[Condition | int, None, bytearray]:
        response = bytearray()
        path, left, deadlock = "", len(message), False
        try:
            text = self._text(message)
        except ScpiError as error:
            self.status.report(error)
            return response
        for unit in units(text):
            left -= len(unit) + 1
            header, _, arguments = unit.partition(" ")
            header, path = absolute(header.upper(), path)
            try:
                answer = (yield from self._run(header, parameters(arguments.strip()))) if header else None
            except ScpiError as error:
                self.status.report(error)
                if error.code > -200:  # after a command error the rest of the message means nothing certain
                    break
                continue
            if answer is not None and not deadlock:
                response += (b";" if response else b"") + answer
                if left > INPUT_BUFFER and len(response) > OUTPUT_QUEUE:
                    self.status.report(ScpiError(-430))
                    deadlock = True
        return bytearray() if deadlock or not response else response + b"\n"

    def _text(self, message: bytes) -> str:
        try:
            return (without_blocks(message) if b"#" in message else message).decode("ascii").replace("\t", " ").strip()
        except UnicodeDecodeError as error:
            raise ScpiError(-101, f"byte 0x{message[error.start]:02X}") from None

    def _run(self, header: str, arguments: list[str]) -> Generator[Condition | int, None, bytes | None]:
        row, suffixes = self._find(header)
        is_query = header.endswith("?")
        if isinstance(row, Setting):
            handle = Exchange.ask_setting if is_query else Exchange.set_setting
            answer: bytes | None = self._call(handle, row, suffixes, arguments)
            return answer
        handler = row.ask if is_query else row.do
        assert handler is not None  # `_find` looks for rows that have one
        values = self._parse(row, suffixes, arguments)
        result = self._call(handler, *suffixes, *values)
        if isinstance(result, Generator):
            result = yield from result
        if isinstance(result, Condition):
            self._operations = [operation for operation in self._operations if not operation.happened]
            self._operations.append(result)
            return None
        return None if result is None else self._response(result)

    def _response(self, answer: str | bytes | float) -> bytes:
        """An answer as it is sent: NR1 for int, NR3 for float."""
        if isinstance(answer, bytes):
            return answer
        if isinstance(answer, str):
            return answer.encode()
        return format(answer, f"{self.SIGN}{'d' if isinstance(answer, int) else '.8E'}").encode()

    def _call(self, handler: Handler, *arguments: Any) -> Any:
        """Call a handler, by name so that a subclass may override it; a refusal leaves every setting as it was."""
        before = dict(self._values)
        try:
            return getattr(self, handler.__name__)(*arguments)
        except ScpiError:
            self._values = before
            raise

    def _find(self, header: str) -> tuple[Row, tuple[int, ...]]:
        if header not in self._headers:
            for row in self.TABLE:
                if (row.ask if header.endswith("?") else row.do) is not None:
                    suffixes = row.header.match(header.removesuffix("?"))
                    if suffixes is not None:
                        self._headers[header] = row, suffixes
                        break
            else:
                raise ScpiError(-113, header)
        return self._headers[header]

    def _parse(self, row: Row, suffixes: tuple[int, ...], arguments: list[str]) -> list[Any]:
        if len(arguments) > len(row.parameters):
            raise ScpiError(-108, arguments[len(row.parameters)])
        values = []
        for position, parameter in enumerate(row.parameters):
            if position < len(arguments):
                values.append(parameter.parse(arguments[position], suffixes[0] if suffixes else 0))
            elif parameter.optional:
                values.append(None)
            else:
                raise ScpiError(-109, row.header.pattern)
        return values

    # Settings

    def _indices(self, row: Setting, suffixes: tuple[int, ...], arguments: list[str]) -> tuple[int, ...]:
        """Whom the setting is for; takes the channel list off `arguments`."""
        if row.channels is None:
            return suffixes or (0,)
        if arguments and arguments[-1].startswith("("):
            return row.channels.parse(arguments.pop(), 0)
        return (self.selected(),)

    def set_setting(self, row: Setting, suffixes: tuple[int, ...], arguments: list[str]) -> None:
        """A command of a `Setting` row."""
        indices = self._indices(row, suffixes, arguments)
        if len(arguments) != 1:
            raise ScpiError(-108 if arguments else -109, row.header.pattern)
        for index in indices:
            self._values[row.name, index] = row.parameter.parse(arguments[0], index)
        for index in indices:
            self.changed(row.name, index)

    def ask_setting(self, row: Setting, suffixes: tuple[int, ...], arguments: list[str]) -> bytes:
        """A query of a `Setting` row; MIN, MAX or DEF asks for the limits."""
        indices = self._indices(row, suffixes, arguments)
        if len(arguments) > 1 or (arguments and not isinstance(row.parameter, Number)):
            raise ScpiError(-108, arguments[-1])
        answers = []
        for index in indices:
            value = self.value(row.name, index)
            if arguments and isinstance(row.parameter, Number):
                value = row.parameter.named(arguments[0], index)
                if value is None:
                    raise ScpiError(-224, arguments[0])
            answers.append(row.parameter.format(value))
        return ",".join(answers).encode()


def block(data: bytes) -> bytes:
    """`data` as a definite-length block: `#8`, eight digits of length, the bytes (IEEE 488.2, 8.7.9)."""
    return b"#8%08d" % len(data) + data
