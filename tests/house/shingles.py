"""Eight words in a row, as hashes: enough to recognise a copied sentence, not enough to read the manual it came from.

python -m tests.house.shingles MANUAL.txt ... > tests/house/manual_shingles.txt
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

WORDS = 8
"""In a row. Fewer meet by chance; more would let a sentence through that lost a word."""

DIGITS = 10
"""Hex digits kept of each hash: two different rows of words meet once in 10**12 comparisons."""

PER_LINE = 11


def shingles(text: str) -> Iterator[tuple[int, str]]:
    """(number of the line where it begins, hash) of every eight words in a row of `text`."""
    words = [
        (number, word)
        for number, line in enumerate(text.splitlines(), start=1)
        for word in re.findall(r"[^\W_]+", line.casefold())
    ]
    for start in range(len(words) - WORDS + 1):
        row = words[start : start + WORDS]
        yield row[0][0], hashlib.sha256(" ".join(word for _, word in row).encode()).hexdigest()[:DIGITS]


def main() -> None:
    """Print the hashes of the files named on the command line."""
    found = sorted({code for file in sys.argv[1:] for _, code in shingles(Path(file).read_text(encoding="utf-8"))})
    for start in range(0, len(found), PER_LINE):
        sys.stdout.write(" ".join(found[start : start + PER_LINE]) + "\n")


if __name__ == "__main__":
    main()
