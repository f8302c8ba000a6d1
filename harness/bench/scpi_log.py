"""What is said to an instrument, filed on the timeline: a resource that passes everything on and keeps the text."""

from __future__ import annotations

from typing import Any

from harness.clock import Clock
from harness.timeline import Event, Timeline

LONGEST = 200
"""Characters kept of an answer: a waveform is evidence elsewhere."""


class LoggedResource:
    """A PyVISA resource, with its program messages and text answers filed as `scpi` events of the instrument."""

    def __init__(self, resource: Any, name: str, clock: Clock, timeline: Timeline) -> None:
        self.__dict__.update(_resource=resource, _name=name, _clock=clock, _timeline=timeline, _unread=False)

    @property
    def between_messages(self) -> bool:
        """Whether nothing was half sent or left unread: a run that is interrupted stops anywhere."""
        return not self._unread

    def __getattr__(self, name: str) -> Any:
        return getattr(self._resource, name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._resource, name, value)

    def write(self, message: str, *arguments: Any, **options: Any) -> Any:
        """As PyVISA's `write`."""
        self._file("sent", message)
        self.__dict__["_unread"] = True
        written = self._resource.write(message, *arguments, **options)
        self.__dict__["_unread"] = "?" in message
        return written

    def read(self, *arguments: Any, **options: Any) -> str:
        """As PyVISA's `read`."""
        answer: str = self._resource.read(*arguments, **options)
        self.__dict__["_unread"] = False
        self._file("received", answer)
        return answer

    def read_bytes(self, count: int, *arguments: Any, **options: Any) -> bytes:
        """As PyVISA's `read_bytes`; not filed. A block's last byte is its line end."""
        data: bytes = self._resource.read_bytes(count, *arguments, **options)
        self.__dict__["_unread"] = not data.endswith(b"\n")
        return data

    def query(self, message: str, *arguments: Any, **options: Any) -> str:
        """As PyVISA's `query`."""
        self._file("sent", message)
        self.__dict__["_unread"] = True
        answer: str = self._resource.query(message, *arguments, **options)
        self.__dict__["_unread"] = False
        self._file("received", answer)
        return answer

    def query_binary_values(self, message: str, *arguments: Any, **options: Any) -> Any:
        """As PyVISA's `query_binary_values`; the block's size is kept, not the block."""
        self._file("sent", message)
        self.__dict__["_unread"] = True
        values = self._resource.query_binary_values(message, *arguments, **options)
        self.__dict__["_unread"] = False
        self._file("received", f"<block of {len(values)} values>")
        return values

    def _file(self, direction: str, text: str) -> None:
        short = text.strip() if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"
        self._timeline.add(Event(self._clock.now(), self._name, "scpi", {"direction": direction, "text": short}))
