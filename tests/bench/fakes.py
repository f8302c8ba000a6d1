"""A clock that jumps, and a serial peer that follows a script: time costs nothing and is the same each time."""

from __future__ import annotations

from collections.abc import Callable

from harness.units import MS


class FakeClock:
    """Fills `harness.clock.Clock`: every look at a condition lets 1 ms pass."""

    def __init__(self) -> None:
        self.time = 0
        self.pumps: list[Callable[[], None]] = []
        self._due: list[tuple[int, Callable[[], None]]] = []

    def now(self) -> int:
        return self.time

    def unseen_since(self) -> int:
        return self.time

    def sleep(self, duration: int) -> None:
        self.wait(lambda: False, duration)

    def wait(self, condition: Callable[[], bool], timeout: int) -> bool:
        deadline = self.time + timeout
        while True:
            for pump in tuple(self.pumps):
                pump()
            if condition():
                return True
            if self.time >= deadline:
                return False
            self.time = min(deadline, self.time + MS)
            for entry in [entry for entry in self._due if entry[0] <= self.time]:
                self._due.remove(entry)
                entry[1]()

    def later(self, delay: int, action: Callable[[], None]) -> None:
        self._due.append((self.time + delay, action))

    def attach(self, pump: Callable[[], None]) -> None:
        self.pumps.append(pump)

    def detach(self, pump: Callable[[], None]) -> None:
        self.pumps.remove(pump)

    def close(self) -> None:
        self.pumps.clear()


class ScriptedPort:
    """A serial port whose peer answers each command with what the script says, `delay` ns later."""

    def __init__(self, clock: FakeClock, script: dict[str, str | list[str]], delay: int = 5 * MS) -> None:
        self.clock = clock
        self.script = {"AT+CMEE?": "\n+CMEE: 1\n\nOK\n"} | script  # what a client asks after a timeout
        self.delay = delay
        self.sent: list[str] = []
        self.inbox = bytearray()
        self.closed = False

    @property
    def in_waiting(self) -> int:
        return len(self.inbox)

    def read(self, size: int = 1) -> bytes:
        taken = bytes(self.inbox[:size])
        del self.inbox[:size]
        return taken

    def write(self, data: bytes) -> int:
        command = data.decode().strip()
        self.sent.append(command)
        answer = self.script.get(command)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if answer is not None:
            text = answer
            self.clock.later(self.delay, lambda: self.say(text))
        return len(data)

    def say(self, text: str) -> None:
        self.inbox += text.encode("latin-1").replace(b"\n", b"\r\n")

    def close(self) -> None:
        self.closed = True
