"""What a SCPI command takes: numbers with units, switches, words, channel lists; each refuses the rest."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from emulation.lab.status import ScpiError

Limits = float | Mapping[int, float]
"""One number for all channels, or one for each."""

INFINITY = 9.9e37
"""SCPI's infinity; also what a measurement answers that found nothing."""

NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([A-Za-z]*)")
PREFIXES = {"": 1.0, "N": 1e-9, "U": 1e-6, "M": 1e-3, "K": 1e3, "MA": 1e6, "G": 1e9}


def words(mnemonic: str) -> tuple[str, str]:
    """Short and long form of a mnemonic as manuals print it: `VOLTage` is `VOLT` or `VOLTAGE`, nothing between."""
    return re.sub("[a-z]", "", mnemonic), mnemonic.upper()


def is_word(text: str, mnemonic: str) -> bool:
    """Whether `text` is the short or long form of `mnemonic`, in any case."""
    return text.upper() in words(mnemonic)


class Parameter(ABC):
    """One place in a parameter list; `default` is the value after `*RST`."""

    default: Any = None
    optional = False

    @abstractmethod
    def parse(self, text: str, index: int) -> Any:
        """The value that `text` means for channel or suffix `index`; raises `ScpiError`."""

    def format(self, value: Any) -> str:
        """`value` as a query answers it."""
        return str(value)

    def initial(self, index: int) -> Any:
        """The value after `*RST` for `index`."""
        del index
        return self.default


@dataclass(frozen=True)
class Number(Parameter):
    """A number from `low` to `high` in `unit`; takes MINimum, MAXimum, DEFault, and INFinity where `infinite`."""

    unit: str
    low: Limits
    high: Limits
    default: Limits = 0.0
    infinite: bool = False
    optional: bool = False

    def bound(self, limits: Limits, index: int) -> float:
        """The limit that holds for `index`."""
        return limits[index] if isinstance(limits, Mapping) else limits

    def named(self, text: str, index: int) -> float | None:
        """The number that MIN, MAX, DEF or INF stands for, or None for other text."""
        values = {
            "MINimum": self.bound(self.low, index),
            "MAXimum": self.bound(self.high, index),
            "DEFault": self.initial(index),
        }
        if self.infinite:
            values["INFinity"] = INFINITY
        return next((value for word, value in values.items() if is_word(text, word)), None)

    def parse(self, text: str, index: int) -> float:
        named = self.named(text, index)
        if named is not None:
            return named
        match = NUMBER.fullmatch(text)
        if match is None:
            raise ScpiError(-104, f"expected a number, got {text}")
        value = float(match[1]) * self._factor(match[2].upper())
        low, high = self.bound(self.low, index), self.bound(self.high, index)
        if not low <= value <= high:
            raise ScpiError(-222, f"{value:g} is not in {low:g} to {high:g} {self.unit}".rstrip())
        return value

    def initial(self, index: int) -> float:
        return self.bound(self.default, index)

    def _factor(self, suffix: str) -> float:
        if not suffix:
            return 1.0
        if not self.unit:
            raise ScpiError(-138, suffix)
        prefix = suffix.removesuffix(self.unit)
        if prefix == suffix or prefix not in PREFIXES:
            raise ScpiError(-131, suffix)
        return 1e6 if suffix == "MHZ" else PREFIXES[prefix]  # the one unit where M means mega (SCPI-99, 7.6)

    def format(self, value: float) -> str:
        return f"{value:+.8E}"


@dataclass(frozen=True)
class Integer(Number):
    """A whole number; a fraction is rounded."""

    unit: str = ""
    low: Limits = 0
    high: Limits = 255

    def parse(self, text: str, index: int) -> int:
        return round(super().parse(text, index))

    def format(self, value: float) -> str:
        return f"{value:+d}"


@dataclass(frozen=True)
class Boolean(Parameter):
    """ON, OFF, or a number; answered as 1 or 0."""

    default: bool = False

    def parse(self, text: str, index: int) -> bool:
        del index
        if text.upper() in {"ON", "OFF"}:
            return text.upper() == "ON"
        if not re.fullmatch(r"[+-]?\d+", text):
            raise ScpiError(-224, f"expected ON, OFF, 1 or 0, got {text}")
        return int(text) != 0

    def format(self, value: bool) -> str:
        return str(int(value))


class Choice(Parameter):
    """One of a few words, answered in short form; the first is the default."""

    def __init__(self, *mnemonics: str, optional: bool = False) -> None:
        self.mnemonics = mnemonics
        self.default = words(mnemonics[0])[0]
        self.optional = optional

    def parse(self, text: str, index: int) -> str:
        del index
        for mnemonic in self.mnemonics:
            if is_word(text, mnemonic):
                return words(mnemonic)[0]
        raise ScpiError(-224, f"expected one of {', '.join(self.mnemonics)}, got {text}")


@dataclass(frozen=True)
class Text(Parameter):
    """A quoted string of at most `length` characters; what is longer is cut."""

    length: int
    default: str = ""

    def parse(self, text: str, index: int) -> str:
        del index
        if len(text) < 2 or text[0] not in "'\"" or text[-1] != text[0]:
            raise ScpiError(-104, f"expected a string in quotation marks, got {text}")
        return text[1:-1].replace(2 * text[0], text[0])[: self.length]

    def format(self, value: str) -> str:
        return '"' + value.replace('"', '""') + '"'


class Channels(Parameter):
    """A channel list such as `(@1001,1003:1005)` of `allowed` channels; its value is a tuple of int."""

    def __init__(self, *allowed: int, optional: bool = False) -> None:
        self.allowed = allowed
        self.optional = optional

    def parse(self, text: str, index: int) -> tuple[int, ...]:
        del index
        if not re.fullmatch(r"\(\s*@\s*\d+(:\d+)?(\s*,\s*\d+(:\d+)?)*\s*\)", text):
            raise ScpiError(-171, f"expected a channel list like (@{self.allowed[0]}), got {text}")
        channels: list[int] = []
        for part in text.strip("(@) ").replace(" ", "").split(","):
            first, _, last = part.partition(":")
            ends = (int(first), int(last or first))
            for end in ends:
                if end not in self.allowed:
                    raise ScpiError(-222, f"there is no channel {end}")
            channels += (channel for channel in self.allowed if min(ends) <= channel <= max(ends))
        return tuple(channels)
