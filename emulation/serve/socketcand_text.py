"""Frames as the socketcand protocol writes them, and back."""

from __future__ import annotations

from emulation.can_bus import ERROR, EXTENDED, FD, REMOTE, Frame
from harness.units import US, S

LONGEST = 8
"""Bytes of a classic CAN frame."""


class WrongFrame(ValueError):
    """A frame or a number that the protocol does not know; says what was expected."""


def text_of(frame: Frame) -> str:
    """A frame as clients read it; nothing for CAN FD frames, which the protocol has no word for."""
    time, identifier, data, flags, _sender = frame
    stamp = f"{time // S}.{time % S // US:06d}"
    if not flags:
        return f"< frame {identifier:03X} {stamp} {data.hex().upper()} >"
    if flags & ERROR:
        return f"< error {identifier:03X} {stamp} >"
    if flags & FD:
        return ""
    name = f"{identifier:08X}" if flags & EXTENDED else f"{identifier:03X}"
    if flags & REMOTE:
        return f"< rtr {name} {stamp} {len(data)} >"
    return f"< frame {name} {stamp} {data.hex().upper()} >"


def read_identifier(text: str) -> tuple[int, int]:
    """Identifier and flags: eight digits are an extended one. Raises `WrongFrame`."""
    flags = EXTENDED if len(text) == 8 else 0
    limit = 0x1FFF_FFFF if flags else 0x7FF
    try:
        identifier = int(text, 16)
    except ValueError:
        identifier = -1
    if not 0 <= identifier <= limit:
        raise WrongFrame(f"expected an identifier of 3 or 8 hexadecimal digits, got {text}")
    return identifier, flags


def read_frame(words: list[str]) -> tuple[int, bytes, int]:
    """Identifier, data and flags of `can_id can_dlc [data]*`. Raises `WrongFrame`."""
    try:
        name, length, *data = words
        said, payload = int(length, 16), bytes(int(byte, 16) for byte in data)
    except ValueError:
        raise WrongFrame(f"expected can_id can_dlc [data]*, got {' '.join(words)}") from None
    if said != len(payload) or said > LONGEST:
        raise WrongFrame(f"expected up to {LONGEST} bytes, as many as said, got {said} and {len(payload)}")
    identifier, flags = read_identifier(name)
    return identifier, payload, flags


def read_remote(words: list[str]) -> tuple[int, bytes, int]:
    """The same of `can_id can_dlc` for a remote frame. Raises `WrongFrame`."""
    if len(words) != 2 or not words[1].isdecimal() or int(words[1]) > LONGEST:
        raise WrongFrame(f"expected can_id can_dlc, got {' '.join(words)}")
    identifier, flags = read_identifier(words[0])
    return identifier, bytes(int(words[1])), flags | REMOTE


def read_interval(seconds: str, microseconds: str) -> int:
    """An interval in ns. Raises `WrongFrame`."""
    if not (seconds.isdecimal() and microseconds.isdecimal()):
        raise WrongFrame(f"expected seconds and microseconds, got {seconds} {microseconds}")
    return int(seconds) * S + int(microseconds) * US
