"""What a promise of a manual is: a clause, the procedure that shows it, a limit with its number and unit."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from harness.units import DURATIONS, S

Text = Annotated[str, Field(min_length=1)]
ClauseId = Annotated[str, Field(pattern=r"^[A-Z]-\d\d$")]
Wire = Literal["CAN", "AT", "LINE", "HMI", "OFF", "UDS"]
Kind = Literal["behaviour", "limit", "precondition", "rule", "advice"]


class Entry(BaseModel):
    """A table of the catalogue: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Manual(Entry):
    """An owner's manual: an epic of the report, with its chapters in order."""

    id: Text
    title: Text
    source: Text
    chapters: tuple[Text, ...]
    language: Literal["en", "fr"] = "en"
    """What it is written in; its clauses and procedures are told in that language as well."""


class Clause(Entry):
    """One promise. `reason` tells why a bench cannot fail an advice."""

    id: ClauseId
    title: Text
    text: Text
    kind: Kind
    chapter: Text
    seen_by: tuple[Wire, ...] = Field(min_length=1)
    title_fr: str = ""
    text_fr: str = ""
    reason: str = ""
    manual: str = ""

    @model_validator(mode="after")
    def _advice_has_a_reason(self) -> Clause:
        if (self.kind == "advice") != bool(self.reason):
            raise ValueError(f"{self.id} is {self.kind}: expected a reason for an advice, and for nothing else")
        return self


class Procedure(Entry):
    """Something that the manual lets its reader do: a story of the report. `text` tells what is done, in our words."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    manual: Text
    chapter: Text
    title: Text
    clauses: tuple[ClauseId, ...] = Field(min_length=1)
    title_fr: str = ""
    text: str = ""
    text_fr: str = ""

    @property
    def story(self) -> str:
        """Its title, in the manual's own language as well where that is not English."""
        return f"{self.title} / {self.title_fr}" if self.title_fr else self.title


class Limit(Entry):
    """A number that a procedure judges by; fills `harness.judge.Bounded`.

    `lower` and `upper` are its bounds in `unit`, `s` for durations; `number` is the one that stands in the file.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    clause: ClauseId
    text: Text
    source: Text
    value: str | None = None
    min: str | None = None
    max: str | None = None
    below: str | None = None

    @field_validator("value", "min", "max")
    @classmethod
    def _is_a_number(cls, text: str | None) -> str | None:
        if text is not None:
            parse(text)
        return text

    @model_validator(mode="after")
    def _says_one_thing(self) -> Limit:
        bounds = [text for text in (self.min, self.max) if text is not None]
        if (self.value is None) != bool(bounds) or (self.below is not None and self.value is None):
            raise ValueError(f"{self.id}: expected `value` (with or without `below`), or `min`, `max` or both")
        if len({_in_unit(text)[1] for text in bounds}) > 1:
            raise ValueError(f"{self.id}: min and max are in different units")
        return self

    @property
    def number(self) -> float:
        """What the file says: ns (an int) for a duration, otherwise a number in `unit`. For both bounds, the lower."""
        return parse(self.value or self.min or self.max or "")[0]

    @property
    def unit(self) -> str:
        """`s` for every duration, otherwise the unit in the file; empty for a count."""
        return _in_unit(self.value or self.min or self.max or "")[1]

    @property
    def lower(self) -> float | None:
        """The lower bound, or None."""
        if self.value is not None:
            return _in_unit(self.value)[0] - _in_unit(self.below)[0] if self.below else None
        return None if self.min is None else _in_unit(self.min)[0]

    @property
    def upper(self) -> float | None:
        """The upper bound, or None; a `value` with `below` is one."""
        if self.value is not None:
            return _in_unit(self.value)[0] if self.below else None
        return None if self.max is None else _in_unit(self.max)[0]


def parse(text: str) -> tuple[float, str]:
    """`2 s` as (2000000000, `s`), `150 m` as (150.0, `m`), `3` as (3, empty). Raises `ValueError` for anything else."""
    match = re.fullmatch(r"(-?\d+(?:\.\d+)?)(?: ([A-Za-z%]+))?", text)
    if match is None:
        raise ValueError(f"expected a number and its unit, as in '2 s', got {text!r}")
    number, unit = match[1], match[2] or ""
    if unit in DURATIONS:
        return round(float(number) * DURATIONS[unit]), "s"
    return float(number) if unit or "." in number else int(number), unit


def _in_unit(text: str) -> tuple[float, str]:
    number, unit = parse(text)
    return number / S if unit == "s" else float(number), unit
