"""The grammar of SCPI: rows of a command table, and how a program message falls into headers and parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from emulation.lab.parameters import Channels, Parameter, words
from emulation.lab.status import ScpiError

Handler = Callable[..., Any]
"""Takes the instrument, the header's numeric suffixes, the parameters; answers a query with str, bytes or a number.

A command may return a `Condition`: an operation that `*OPC?` and `*WAI` wait for. A generator takes simulated time.
"""

TOKEN = re.compile(r"[A-Za-z]+|\*[A-Z]+|<(\d+):(\d+)>|.")


@dataclass(frozen=True)
class Header:
    """A header as manuals print it: `[SOURce<1:2>:]VOLTage[:LEVel]`, with the range of a numeric suffix in angles."""

    pattern: str

    @cached_property
    def suffix_ranges(self) -> tuple[tuple[int, int], ...]:
        """Lowest and highest of each numeric suffix, in order."""
        return tuple((int(low), int(high)) for low, high in re.findall(r"<(\d+):(\d+)>", self.pattern))

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        parts = []
        for token in TOKEN.finditer(self.pattern):
            text = token[0]
            if text.startswith("<"):
                parts.append(r"(\d*)")
            elif text[0].isalpha():
                parts.append(f"(?:{'|'.join(words(text))})")
            else:
                parts.append({"[": "(?:", "]": ")?"}.get(text, re.escape(text)))
        return re.compile("".join(parts))

    def match(self, header: str) -> tuple[int, ...] | None:
        """The numeric suffixes (1 where left out) if upper-case `header` without its `?` is this one, else None."""
        found = self._regex.fullmatch(header)
        if found is None:
            return None
        suffixes = tuple(int(digits or 1) for digits in found.groups())
        for suffix, (low, high) in zip(suffixes, self.suffix_ranges, strict=True):
            if not low <= suffix <= high:
                raise ScpiError(-114, header)
        return suffixes


class Row:
    """One row of a command table: a header with what it takes, and what a command and a query of it do."""

    def __init__(
        self,
        pattern: str,
        *parameters: Parameter,
        do: Handler | None = None,
        ask: Handler | None = None,
    ) -> None:
        self.header = Header(pattern)
        self.parameters = parameters
        self.do = do
        self.ask = ask


class Setting(Row):
    """A row that is a value: kept under `name` by suffix or channel, queried, reset, and limited by its parameter.

    `channels` is the channel list that may follow the value; without one in the message the instrument's selected
    channel is meant.
    """

    def __init__(self, name: str, pattern: str, parameter: Parameter, channels: Channels | None = None) -> None:
        super().__init__(pattern, parameter, do=_never, ask=_never)
        self.name = name
        self.parameter = parameter
        self.channels = channels


def _never(*_arguments: object) -> None:
    raise AssertionError("the engine handles settings itself")


def units(message: str) -> Iterator[str]:
    """The program message units of `message`: what `;` separates, outside strings."""
    yield from (unit.strip() for unit in _split(message, ";"))


def parameters(text: str) -> list[str]:
    """The parameters that `,` separates, outside strings and channel lists."""
    return [parameter.strip() for parameter in _split(text, ",")] if text else []


def _split(text: str, separator: str) -> Iterator[str]:
    quote = ""
    depth = start = 0
    for position, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == separator and not depth:
            yield text[start:position]
            start = position + 1
    yield text[start:]


def absolute(header: str, path: str) -> tuple[str, str]:
    """`header` from the root, and the path for the next unit: `;` keeps it, `;:` starts at the root.

    A common command leaves the path as it is (IEEE 488.2, appendix A).
    """
    if header.startswith("*"):
        return header, path
    full = header[1:] if header.startswith(":") else path + header
    return full, full[: full.rfind(":") + 1]
