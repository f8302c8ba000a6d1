"""A user's mistake at the command line: told in one line, exit code 2, never a traceback."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class UsageError(Exception):
    """What was asked for cannot be done; the message says why and what to do."""


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean B-09?`, or nothing where nothing is near."""
    found = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; did you mean {found[0]}?" if found else ""
