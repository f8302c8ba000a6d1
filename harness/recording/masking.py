"""Secrets out of recordings, in a form that can be replayed: what is masked once stays as it is when masked again.

A log shows stars for the digits of an IMSI; a replayed harness checks that an IMSI has digits, so here they are zeros.
"""

from __future__ import annotations

import re
from functools import lru_cache

from harness.modem.secrets import mask_codes

_IDENTITY = re.compile(r"(?<![\d.])(\d{6})\d{8,9}(?![\d.eE])")
"""An IMSI; no fraction of a number."""
_TEXT_IDENTITY = re.compile(r'(?<=["/])(\d{6})\d{8,9}(?=["/?])|(?<=/)(\d{6})\d{8,9}$')
"""In JSON and in paths: there, instants in ns have as many digits."""

_TYPED = re.compile(r"^(ENTER \S+ )[^\r\n]+|^(TAP digit_)\d", re.MULTILINE)
"""What is typed at the head unit: a port's line does not tell what of it is secret, so all of it is."""

_SAID = re.compile(r'("(?:pin|password|qr)"\s*:\s*")(?:[^"\\]|\\.)*"')
"""Values of the off-board API that only who was told them should know (docs/interfaces.md)."""

HEAD_UNIT, OFFBOARD = "serial.head_unit", "offboard"

SHORTEST = len("AT+CPIN=1234")
"""Nothing shorter holds a secret."""

OFTEN = 100
"""Nothing longer is said again and again, as commands and answers are."""


def without_secrets(text: str, wire: str) -> str:
    """`text` of a wire with PIN, PUK and passwords as `****`, and zeros for all of an IMSI but its PLMN."""
    return _short(text, wire) if len(text) <= OFTEN else _masked(text, wire)


def _masked(text: str, wire: str) -> str:
    if wire == HEAD_UNIT:
        return _TYPED.sub(_starred, text)
    if wire == OFFBOARD:
        text = _SAID.sub(r'\1****"', text)
    if len(text) < SHORTEST:
        return text
    if wire.startswith("serial."):
        lines = (_IDENTITY.sub(_zeros, mask_codes(line)) for line in re.split(r"(?<=[\r\n])", text))
        return "".join(lines)
    if wire.startswith("instrument."):
        return _IDENTITY.sub(_zeros, text)
    return _TEXT_IDENTITY.sub(_zeros, text)


_short = lru_cache(maxsize=4096)(_masked)


def _starred(found: re.Match[str]) -> str:
    return f"{found[1]}****" if found[1] else f"{found[2]}*"


def _zeros(found: re.Match[str]) -> str:
    return (found[1] or found[2]).ljust(len(found[0]), "0")
