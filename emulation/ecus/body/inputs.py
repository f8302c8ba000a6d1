"""Contacts of the body module: switches on a line, believed once they rest (keys, handles, doors, bonnet)."""

from __future__ import annotations

from collections.abc import Callable

from emulation.lines import Line
from emulation.world import Process, World
from harness.units import MS

DEBOUNCE = 10 * MS
"""Time for which a contact rests before it is believed; relays bounce for less."""


def follow(world: World, line: Line, tell: Callable[[bool], None]) -> Process:
    """Call `tell` with each new level of `line`, low being where it begins; chatter is no level."""
    level = False
    while True:
        yield line.released() if level else line.pressed()
        resting = False
        while not resting:
            changed = line.changed()
            yield changed | world.after(DEBOUNCE)
            resting = not changed.happened
        if line.is_high != level:
            level = line.is_high
            tell(level)
