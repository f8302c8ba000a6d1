"""TOML files that people write, read into a schema: every complaint has its file, line and nearest key (all clauses).

A pydantic model says what a file may hold. Its errors are told as `file:line: key: expected ..., got ...`, all of a
file at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from harness.errors import BenchError, BenchFileError

Model = TypeVar("Model", bound=BaseModel)
Key = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]#]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=(.*)$""")
_NAME = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_TEXT = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*$|[\[\]{}]')


@dataclass(frozen=True)
class Lines:
    """Where each key of a TOML text stands; lines count from 1."""

    at: dict[Key, int]

    def of(self, key: Sequence[str | int]) -> int:
        """The line of `key`, or of the innermost table or value around it that has a line of its own."""
        path = tuple(key)
        while path and path not in self.at:
            path = path[:-1]
        return self.at.get(path, 1)


def find_lines(text: str) -> Lines:
    """Find the line of every table header and every key that begins a line, in TOML `text` that parses."""
    at: dict[Key, int] = {}
    table: Key = ()
    counts: dict[Key, int] = {}
    for number, line, begins in _statements(text):
        if not begins:
            continue
        if header := _HEADER.match(line):
            names = _names(header[2])
            if header[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
            table = _indexed(names, counts)
            _note(at, (), table, number)
        elif key := _KEY.match(line):
            _note(at, table, _names(key[1]), number)
    return Lines(at)


def _note(at: dict[Key, int], table: Key, names: Key, number: int) -> None:
    for depth in range(1, len(names) + 1):
        at.setdefault((*table, *names[:depth]), number)


def _statements(text: str) -> Iterator[tuple[int, str, bool]]:
    """Each line with its number, and whether it begins a statement (not inside an array or a multi-line string)."""
    depth, quote = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        begins = depth == 0 and not quote
        yield number, line, begins
        rest = line
        if begins:
            if _HEADER.match(line):
                continue
            if key := _KEY.match(line):
                rest = key[2]
        while rest:
            if quote:
                _, found, rest = rest.partition(quote)
                quote = "" if found else quote
                continue
            mark = _TEXT.search(rest)
            if mark is None:
                break
            rest = rest[mark.end() :]
            if mark[0] in ('"""', "'''"):
                quote = mark[0]
            else:
                depth += (mark[0] in "[{") - (mark[0] in "]}")


def _names(dotted: str) -> Key:
    return tuple(name.strip("\"'") for name in _NAME.findall(dotted))


def _indexed(names: Key, counts: dict[Key, int]) -> Key:
    """`names` with the present index after each array of tables on the way."""
    path: list[str | int] = []
    for depth, name in enumerate(names, 1):
        path.append(name)
        if names[:depth] in counts:
            path.append(counts[names[:depth]])
    return tuple(path)


def read_text(path: Path, error: type[BenchError] = BenchFileError) -> tuple[str, dict[str, Any]]:
    """The text of `path` and what it holds. Raises `error` where it cannot be read or is no TOML."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise error(f"{path}:1: cannot be read: {problem}. Expected a TOML file in UTF-8") from problem
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        line = re.search(r"at line (\d+)", str(problem))
        number = line[1] if line else str(len(text.splitlines()) or 1)
        raise error(f"{path}:{number}: not TOML: {problem}") from problem


def read_toml(path: Path, model: type[Model], error: type[BenchError] = BenchFileError) -> Model:
    """`path` as a `model`. Raises `error` with one line for each complaint, in the order of the file."""
    text, content = read_text(path, error)
    try:
        return model.model_validate(content)
    except ValidationError as problem:
        lines = find_lines(text)
        raise error(complaints(path, lines, model, problem)) from None


def complaints(path: Path, lines: Lines, model: type[BaseModel], problem: ValidationError) -> str:
    """The errors that pydantic found, one a line and in the order of the file."""
    told = sorted((lines.of(_place(each)), _tell(model, each)) for each in problem.errors(include_url=False))
    return "\n".join(f"{path}:{line}: {text}" for line, text in dict.fromkeys(told))


def nearest(name: object, names: Sequence[str]) -> str:
    """`; did you mean 'x'?` where `names` hold something like `name`, otherwise what there is."""
    close = get_close_matches(str(name), names, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; there is {', '.join(sorted(names))}" if names else ""


def _place(detail: ErrorDetails) -> Key:
    return tuple(part for part in detail["loc"] if part != "[key]")


def _tell(model: type[BaseModel], detail: ErrorDetails) -> str:
    place = _place(detail)
    name, got = ".".join(map(str, place)), _short(detail["input"])
    context = detail.get("ctx", {})
    if detail["type"] == "extra_forbidden":
        known = _fields(model, place[:-1])
        return f"{name}: expected one of the known keys, got {place[-1]!r}{nearest(place[-1], known)}"
    if detail["type"] == "missing":
        return f"{name}: expected this key, got nothing: add `{place[-1]} = ...`"
    if detail["type"] == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return f"{name}: expected {context.get('expected')}, got {got}{nearest(detail['input'], allowed)}"
    if detail["type"] == "value_error":
        return f"{name}: {context.get('error')}" if name else str(context.get("error"))
    expected = detail["msg"].removeprefix("Input should be ").removeprefix("a valid ")
    return f"{name}: expected {expected}, got {got}"


def _short(value: object) -> str:
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} ({type(value).__name__})"


def _fields(model: type[BaseModel], place: Key) -> list[str]:
    """The keys that the table at `place` may hold."""
    current: Any = model
    for part in place:
        inner = current.model_fields.get(part) if _is_model(current) else None
        annotation = inner.annotation if inner is not None else current
        current = _model_in(annotation)
    return [field.alias or name for name, field in current.model_fields.items()] if _is_model(current) else []


def _is_model(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, BaseModel)


def _model_in(annotation: Any) -> Any:
    if _is_model(annotation):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)
