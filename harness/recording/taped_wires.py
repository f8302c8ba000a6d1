"""Wires with a tape beside them: each passes everything on, and notes what was asked, what came, and when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import can
import httpx
import serial

from harness.can.network import Network
from harness.clock_offset import EXACT, Offset
from harness.recording.tape import Kind
from harness.recording.taped_clock import Looks

RESOURCE_FIXED = ("resource_name", "resource_class")
"""What a driver asks a VISA resource before it says anything."""
UNTAPED = frozenset({"read_termination_context", "ignore_warning", "lock_context"})
"""Methods of a VISA resource that change nothing but our end of it."""


class Taping:
    """Notes the acts on one wire; `wire` is its name on the tape, such as `serial.modem`."""

    def __init__(self, looks: Looks, wire: str, now: Callable[[], int]) -> None:
        self._looks = looks
        self._wire = wire
        self._now = now

    def act(
        self, did: str, given: list[Any], call: Callable[[], Any], keep: Callable[[Any], Any] = lambda got: got
    ) -> Any:
        """Do `call`, and note what it gave back or raised; of other threads nothing is noted."""
        looks = self._looks
        quiet, looks.quiet = looks.quiet, looks.quiet or looks.is_mine()  # the wire's own looks at the clock
        try:
            got = call()
        except Exception as error:
            self._note({"did": did, "with": given, "error": told(error)})
            raise
        finally:
            looks.quiet = quiet
        self._note({"did": did, "with": given, "got": keep(got)})
        return got

    def _note(self, said: dict[str, Any]) -> None:
        looks = self._looks
        if looks.is_mine():
            quiet, looks.quiet = looks.quiet, True  # by hand, as `silence` costs more than what it guards
            looks.tape.say(Kind.ACT, self._now(), {"on": self._wire, **said})
            looks.quiet = quiet

    def came(self, kind: Kind, **said: Any) -> None:
        """Note something that came by itself."""
        with self._looks.silence():
            self._looks.taken()
            self._looks.tape.say(kind, self._now(), {"on": self._wire, **said})


def told(error: Exception) -> list[Any]:
    """An error as replay can raise it again: its class, and what it was made with."""
    code = getattr(error, "error_code", None)
    arguments = [int(code)] if code is not None else [str(each) for each in error.args]
    return [type(error).__name__, *arguments]


class TapedNetwork(Network):
    """A network whose frames are taken as ever; noted is how far, and what the test itself sends."""

    def __init__(self, looks: Looks, number: int, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._looks = looks
        self._number = number
        self._noted = 0
        self._told_failure: str | None = None
        self._taping = Taping(looks, f"can.{self.name}", self.clock.now)

    @property
    def offset(self) -> Offset:
        """Of the interface's clock against the bench's; noted as it is whenever somebody asks."""
        if self._known_offset is not EXACT:
            self._taping.act("offset", [], self._known_offset.numbers)
        return self._known_offset

    @offset.setter
    def offset(self, offset: Offset) -> None:
        self._known_offset = offset

    def pump(self) -> None:
        """File everything that the interface has received, and note up to where."""
        looks = self._looks
        quiet, looks.quiet = looks.quiet, True
        super().pump()
        looks.quiet = quiet
        if self.failure is not self._told_failure and self.failure is not None:
            self._told_failure = self.failure
            self._taping.came(Kind.FAULT, failed=self.failure)
        if not looks.pumping:
            looks.tape.add(Kind.TOOK, self._last, self._number)
        elif self._last != self._noted:
            looks.taken()
            looks.tape.add(Kind.CUT, self._last, self._number)
        self._noted = self._last

    def send_raw(self, identifier: int, data: bytes, *, extended: bool = False) -> None:
        """Send one frame as it is."""
        frame = [identifier, data.hex(), extended]
        self._taping.act("send", frame, lambda: super(TapedNetwork, self).send_raw(identifier, data, extended=extended))

    def _file_error(self, time: int, identifier: int, data: bytes) -> None:
        before = self.failure
        super()._file_error(time, identifier, data)
        self._taping.came(Kind.FAULT, error=[time, identifier, data.hex()])
        if self.failure is not before:
            self._told_failure = self.failure  # replay fails by the frame


def tape_cycles(bus: can.BusABC, looks: Looks) -> can.BusABC:
    """Let `bus` note each time when a cyclic frame is made anew for sending: its counter goes on then."""
    plain = bus.send_periodic

    def send_periodic(
        msgs: can.Message,
        period: float,
        modifier_callback: Callable[[can.Message], None] | None = None,
    ) -> Any:
        if modifier_callback is None:
            return plain(msgs, period)
        renew = modifier_callback

        def noted(frame: can.Message) -> None:
            if looks.is_mine():
                looks.tape.add(Kind.RENEW, frame.arbitration_id)
            renew(frame)

        return plain(msgs, period, modifier_callback=noted)

    vars(bus)["send_periodic"] = send_periodic  # one method of one object; all else of the bus stays as it is
    return bus


class TapedPort:
    """A serial port; what it brings is noted by whole lines, so that no secret is cut in two."""

    def __init__(self, inner: serial.Serial, taping: Taping) -> None:
        self.__dict__.update(_inner=inner, _taping=taping, _rest=b"")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._inner, name, value)

    @property
    def in_waiting(self) -> int:
        """Bytes that can be read at once."""
        try:
            return int(self._inner.in_waiting)
        except OSError as error:
            self._taping.came(Kind.FAULT, failed=told(error))
            raise

    def read(self, size: int = 1) -> bytes:
        """As pyserial's `read`."""
        try:
            data = bytes(self._inner.read(size))
        except OSError as error:
            self._taping.came(Kind.FAULT, failed=told(error))
            raise
        if data:
            whole = self._rest + data
            end = max(whole.rfind(b"\n"), whole.rfind(b"\r")) + 1
            self.__dict__["_rest"] = whole[end:]
            if end:
                self._taping.came(Kind.READ, got=whole[:end].decode("latin-1"))
        return data

    def write(self, data: bytes) -> int | None:
        """As pyserial's `write`."""
        text = bytes(data).decode("latin-1")
        written: int | None = self._taping.act("write", [text], lambda: self._inner.write(data))
        return written


class TapedResource:
    """A VISA resource; every call of a method is an act."""

    def __init__(self, inner: Any, taping: Taping) -> None:
        self.__dict__.update(_inner=inner, _taping=taping)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found) or name.startswith("_") or name in UNTAPED:
            return found

        def call(*arguments: Any, **options: Any) -> Any:
            return self._taping.act(name, list(arguments), lambda: found(*arguments, **options))

        self.__dict__[name] = call
        return call

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._inner, name, value)


class TapedTransport(httpx.BaseTransport):
    """HTTP; headers, where a token may be, are not kept."""

    def __init__(self, inner: httpx.BaseTransport, taping: Taping) -> None:
        self._inner = inner
        self._taping = taping

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass on, and note both."""
        body = request.read().decode("utf-8", "replace")
        did, given = f"{request.method} {request.url.raw_path.decode()}", [body] if body else []
        response: httpx.Response = self._taping.act(did, given, lambda: self._answered(request), _kept)
        return response

    def _answered(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        response.read()
        return response

    def close(self) -> None:
        """Close what is below."""
        self._inner.close()


def _kept(response: httpx.Response) -> list[Any]:
    return [response.status_code, response.headers.get("content-type", ""), response.text]
