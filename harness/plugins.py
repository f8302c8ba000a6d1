"""What other packages plug in by name: clocks, serial URLs, HTTP schemes (entry-point groups connect_hil.*)."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points


@cache
def plugins(group: str) -> dict[str, EntryPoint]:
    """The entry points of `group` by name; looked up once a process, as a look-up reads every installed package."""
    return {entry.name: entry for entry in entry_points(group=group)}
