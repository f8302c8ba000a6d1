"""What of an AT conversation may be kept: PIN, PUK and the subscriber's number never reach a log or the timeline."""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"[^"]*"|\d{4,}')
_WITH_SECRET = re.compile(r"(?i)\+(?:CPIN|CPWD|CLCK)=")
_IDENTITY = re.compile(r"(?<!\d)(\d{5})\d{9,10}(?!\d)")


def mask(text: str) -> str:
    """`text` without its secrets: codes as `****`, an IMSI as its first five digits (the PLMN) and stars."""
    if _WITH_SECRET.search(text):
        return mask_codes(text)
    return _IDENTITY.sub(lambda found: found[1] + "*" * (len(found[0]) - 5), text)


def mask_codes(text: str) -> str:
    """`text` with the codes of a command that takes some (PIN, PUK, passwords) as `****`."""
    command = _WITH_SECRET.search(text)
    if command is None:
        return text
    head, tail = text[: command.end()], text[command.end() :]
    return head + _QUOTED.sub(lambda found: found[0] if found[0] in ('"SC"', '"sc"') else '"****"', tail)
