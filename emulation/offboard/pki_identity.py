"""Names in Plug & Charge: the car's PCID, and the contract's eMAID with its check digit (C-04, C-10).

Ref: ISO 15118-2, annex H; the check digit is that of eMI3's "Check Digit Calculation for Contract-IDs".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256

Row = tuple[int, int]
Matrix = tuple[Row, Row]

PCID = re.compile(r"[A-Za-z0-9]{17,18}")
"""World manufacturer identifier (3), what the maker adds (14), an optional check digit (VDE-AR-E 2802-100-1)."""
EMAID = re.compile(r"[A-Z]{2}[A-Z0-9]{12}[A-Z0-9]")
"""Country (2), provider (3), instance (9), check digit (1), without separators."""
SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

BINARY: Matrix = ((0, 1), (1, 1))
TERNARY: Matrix = ((0, 1), (1, 2))
"""What a position weighs by, once more for each place: over the fields of 2 and of 3 elements."""
CHECKED = 15
"""Place of the check digit, counted from 1."""


def is_pcid(text: str) -> bool:
    """Whether `text` has the form of a provisioning certificate id."""
    return PCID.fullmatch(text) is not None


def is_emaid(text: str) -> bool:
    """Whether `text` is an eMAID of 15 characters, its check digit right."""
    return EMAID.fullmatch(text) is not None and check_digit(text[:-1]) == text[-1]


def emaid(country: str, provider: str, instance: str) -> str:
    """The eMAID of a contract, check digit computed. Raises `ValueError` for parts of another form."""
    code = country + provider + instance
    if (len(country), len(provider), len(instance)) != (2, 3, 9) or EMAID.fullmatch(code + "0") is None:
        raise ValueError(f"{country}-{provider}-{instance}: expected 2 letters, 3 and 9 letters or digits, capitals")
    return code + check_digit(code)


def printed(text: str) -> str:
    """An eMAID as people read it: DE-8AA-CA2B3C4D5-1."""
    return "-".join((text[:2], text[2:5], text[5:14], text[14:]))


def check_digit(code: str) -> str:
    """The 15th character of an eMAID whose first 14 are `code`.

    Each character is two bits and two ternary digits. Both halves, weighted by place, must come to zero over all 15.
    """
    bits = _sum(BINARY, 2, [_halves(symbol)[0] for symbol in code])
    trits = _sum(TERNARY, 3, [_halves(symbol)[1] for symbol in code])
    for symbol in SYMBOLS:  # 36 candidates: no matrix has to be inverted
        two, three = _halves(symbol)
        if _adds_to_zero(bits, two, BINARY, 2) and _adds_to_zero(trits, three, TERNARY, 3):
            return symbol
    raise AssertionError("both weights can be inverted: some character always fits")


def _halves(symbol: str) -> tuple[Row, Row]:
    """A character's number n as two bits (9 and up) and two ternary digits (below 9)."""
    nines, rest = divmod(SYMBOLS.index(symbol), 9)
    return (nines // 2, nines % 2), (rest // 3, rest % 3)


def _powers(base: Matrix, modulus: int) -> Iterator[Matrix]:
    power = base
    while True:
        yield power
        power = (_times(power[0], base, modulus), _times(power[1], base, modulus))


def _times(row: Row, matrix: Matrix, modulus: int) -> Row:
    (a, b), (c, d) = matrix
    return (row[0] * a + row[1] * c) % modulus, (row[0] * b + row[1] * d) % modulus


def _sum(base: Matrix, modulus: int, rows: list[Row]) -> Row:
    weighted = [_times(row, power, modulus) for row, power in zip(rows, _powers(base, modulus), strict=False)]
    return sum(left for left, _ in weighted) % modulus, sum(right for _, right in weighted) % modulus


def _adds_to_zero(total: Row, row: Row, base: Matrix, modulus: int) -> bool:
    powers = _powers(base, modulus)
    weight = next(power for place, power in enumerate(powers, 1) if place == CHECKED)
    own = _times(row, weight, modulus)
    return (total[0] + own[0]) % modulus == (total[1] + own[1]) % modulus == 0


def pcid_of(seed: int, vin: str) -> str:
    """The PCID that the maker gave to a car: its manufacturer's three letters, and 14 characters that tell nothing."""
    number = int.from_bytes(sha256(f"{seed}/pcid/{vin}".encode()).digest())
    return vin[:3] + "".join(SYMBOLS[number // len(SYMBOLS) ** place % len(SYMBOLS)] for place in range(14))
