"""What a page of the centre display is made of, and what a feature fills to have pages of its own (all HMI clauses)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulation.world import Process

if TYPE_CHECKING:
    from emulation.ecus.head_unit.head_unit import HeadUnit

SEPARATOR = " > "
"""Between the parts of a page's path."""
HOME = "Home"
SETTINGS = "Settings"


@dataclass(frozen=True)
class Element:
    """Something on a page: the text it shows, and what a touch does.

    One that cannot be touched now says `why_not`, and is shown greyed out with that reason; one that never can, because
    it is only text, has none.

    `label` stands before a text that is a state (`Data sharing  ON`); without one it is made of the element's name.
    `enter` takes text that is typed into it; with `secret` nobody sees what was typed. `qr` is drawn as a QR code: only
    the picture carries it. A `key` stands in the grid of a key pad.
    """

    text: str
    tap: Callable[[], None] | None = None
    why_not: str = ""
    enter: Callable[[str], None] | None = None
    secret: bool = False
    qr: str = ""
    label: str = ""
    key: bool = False

    @property
    def enabled(self) -> bool:
        """Whether a touch does anything."""
        return self.tap is not None or self.enter is not None

    @property
    def greyed_out(self) -> bool:
        """Whether it could be touched at another time."""
        return not self.enabled and bool(self.why_not)


def switch(on: bool, toggle: Callable[[], None] | None, label: str = "", why_not: str = "") -> Element:
    """A switch that shows `ON` or `OFF`; without `toggle` greyed out, with the reason."""
    return Element("ON" if on else "OFF", toggle, why_not or "it cannot be changed now", label=label)


Page = dict[str, Element]
"""Elements by name, in the order in which they stand."""

Draw = Callable[[], Page]
"""What a page shows now."""


class PageSource:
    """A feature's pages. The head unit builds one of each class in its `SOURCES`, seeded faults in their place."""

    def __init__(self, head_unit: HeadUnit) -> None:
        self.head_unit = head_unit

    def pages(self) -> dict[str, Draw]:
        """The feature's own pages by path; a path's parts are joined with ` > `."""
        return {}

    def entries(self, path: str) -> Page:  # noqa: ARG002  a subclass asks which page
        """What the feature adds to the page at `path` of another feature, for example the way to its own."""
        return {}

    def processes(self) -> Iterable[Process]:
        """What the feature does besides; begun anew at each boot."""
        return ()

    def left(self, path: str) -> None:
        """The page at `path` is not shown any more: forget what was half typed there."""

    def reset(self) -> None:
        """Factory reset: forget what was chosen here."""
