"""What a driver can send, declared as its class attributes, so that a test can compare each with the emulated twin.

VOLTAGE = Setting("VOLT {value},(@{output})", "V", low=0, high=25.75, output=(2, 3))
MEASURED = Query("MEAS:VOLT? (@{output})", output=(2, 3))
TRIGGER = Action("TRIG{channel}", channel=(1, 2))
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.errors import InstrumentError


class Action:
    """A command without a value. Keywords are the fields of its text, each with the values it may take."""

    def __init__(self, text: str, **fields: tuple[int, ...]) -> None:
        self.text = text
        self.fields = fields

    def command(self, **fields: int) -> str:
        """The text that is sent. Raises `InstrumentError` where a field's value does not exist."""
        self.check(fields)
        return self.text.format(**fields)

    def check(self, fields: Mapping[str, int]) -> None:
        """Raise `InstrumentError` for a channel that the instrument does not have."""
        for name, allowed in self.fields.items():
            if fields[name] not in allowed:
                raise InstrumentError(
                    f"there is no {name} {fields[name]} for {self.text}, only {allowed[0]} to {allowed[-1]}; compare "
                    "the lines of the bench file with the wiring"
                )


class Query(Action):
    """A question."""


class Setting(Action):
    """A command with a `{value}` in `unit`, from `low` to `high` (for all, or by the value of the first field)."""

    def __init__(
        self, text: str, unit: str = "", *, low: float, high: float | Mapping[int, float], **fields: tuple[int, ...]
    ) -> None:
        super().__init__(text, **fields)
        self.unit = unit
        self.low = low
        self.high = high

    def limit(self, **fields: int) -> float:
        """The highest value that holds for these fields."""
        return self.high[next(iter(fields.values()))] if isinstance(self.high, Mapping) else self.high

    def valued(self, value: float, **fields: int) -> str:
        """The text that is sent. Raises `InstrumentError` for a value out of range: nothing is sent then."""
        self.check(fields)
        command = self.text.format(value=format(value, ".12g"), **fields)
        high = self.limit(**fields)
        if not self.low <= value <= high:
            raise InstrumentError(
                f"{command!r} is out of range, expected {self.low:g} to {high:g} {self.unit}".rstrip()
                + "; nothing was sent"
            )
        return command
