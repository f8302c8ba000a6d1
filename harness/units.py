"""Durations and instants as integer nanoseconds: twenty steps of 0.1 s are 2 s here, and are not as floats."""

import re

NS = 1
US = 1_000 * NS
MS = 1_000 * US
S = 1_000 * MS
MIN = 60 * S
H = 60 * MIN

DURATIONS = {"ns": NS, "us": US, "ms": MS, "s": S, "min": MIN, "h": H}
"""Units of time as people write them, in ns."""


def seconds(duration: int) -> float:
    """`duration` in seconds, for libraries and people that want a float."""
    return duration / S


def nanoseconds(seconds: float) -> int:
    """A float of `seconds` as the nearest whole nanosecond."""
    return round(seconds * S)


def parse_duration(text: object) -> int:
    """A duration as people write it (`"2 s"`, `"500 ms"`) in ns. Raises `ValueError` that says how to write it."""
    found = re.fullmatch(rf"(\d+(?:\.\d+)?) ?({'|'.join(DURATIONS)})", text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f'expected a duration with its unit, such as "2 s" or "500 ms", got {text!r}')
    return round(float(found[1]) * DURATIONS[found[2]])


def pretty(duration: int) -> str:
    """`duration` in the largest unit that keeps it readable: `2 s`, `1.999 s`, `350 ms`, `12 us`."""
    size = abs(duration)
    for unit, name in ((S, "s"), (MS, "ms"), (US, "us")):
        if size >= unit:
            return f"{duration / unit:.6g} {name}"
    return f"{duration} ns"
