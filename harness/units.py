"""Durations and instants as integer nanoseconds: twenty steps of 0.1 s are 2 s here, and are not as floats."""

NS = 1
US = 1_000 * NS
MS = 1_000 * US
S = 1_000 * MS
MIN = 60 * S
H = 60 * MIN


def seconds(duration: int) -> float:
    """`duration` in seconds, for libraries and people that want a float."""
    return duration / S


def nanoseconds(seconds: float) -> int:
    """A float of `seconds` as the nearest whole nanosecond."""
    return round(seconds * S)


def pretty(duration: int) -> str:
    """`duration` in the largest unit that keeps it readable: `2 s`, `1.999 s`, `350 ms`, `12 us`."""
    size = abs(duration)
    for unit, name in ((S, "s"), (MS, "ms"), (US, "us")):
        if size >= unit:
            return f"{duration / unit:.6g} {name}"
    return f"{duration} ns"
