"""The minimum set of data that goes with a call for help (EN 15722), decoded and checked for sense (B-04, B-09).

Independent of whoever encoded it: only the schema `vehicle/msd.asn` is shared. Values are compared as fields, never as
bytes, because peers may send defaults explicitly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

import asn1tools

from harness.errors import BenchError, ExpectationError

SCHEMA = Path(__file__).parent.parent / "vehicle" / "msd.asn"

VERSION = 2
LONGEST = 140
"""Bytes (EN 15722)."""

UNKNOWN_POSITION = 0x7FFFFFFF
UNKNOWN_DIRECTION = 255
UNKNOWN_PASSENGERS = 255
MILLIARCSECONDS = 3_600_000
"""In a degree."""
DEGREES_A_STEP = 2
METRES_A_DEGREE = 111_320
"""Along a meridian (WGS 84, mean)."""


@dataclass(frozen=True)
class Msd:
    """What a message says: degrees, `timestamp` in s since 1970 UTC; None where it says *unknown*."""

    message_id: int
    automatic: bool
    test_call: bool
    position_trusted: bool
    vehicle_type: str
    vin: str
    propulsion: frozenset[str]
    timestamp: int
    latitude: float | None
    longitude: float | None
    direction: int | None
    recent: tuple[tuple[float, float], ...]
    """Positions before `latitude`, `longitude` in degrees, newest first."""
    passengers: int | None

    def distance_metres(self, latitude: float, longitude: float) -> float:
        """How far its position is from this one. Raises `ExpectationError` where it has none."""
        if self.latitude is None or self.longitude is None:
            raise ExpectationError(
                "the message has no position: expected one. Did the receiver have a fix at that moment?"
            )
        return metres_between(self.latitude, self.longitude, latitude, longitude)


def decode(data: bytes) -> Msd:
    """Decode a message. Raises `ExpectationError` where it is none, or says what cannot be."""
    if len(data) > LONGEST:
        raise ExpectationError(f"the MSD has {len(data)} bytes: expected {LONGEST} at most (EN 15722)")
    try:
        outer = _schema().decode("EcallMessage", data, check_constraints=True)
        if outer["version"] != VERSION:
            raise ExpectationError(f"the MSD has version {outer['version']}: expected {VERSION}")
        inner = _schema().decode("Message", outer["message"], check_constraints=True)
    except (asn1tools.DecodeError, asn1tools.ConstraintsError, IndexError, ValueError) as error:
        raise ExpectationError(f"{data.hex()} is no MSD: {error}") from error
    found = _read(inner["msd"])
    problems = list(_nonsense(found, inner["msd"]))
    if problems:
        raise ExpectationError(f"the MSD {data.hex()} makes no sense: {'; '.join(problems)}")
    return found


@cache
def _schema() -> Any:
    try:
        return asn1tools.compile_files(str(SCHEMA), "uper")
    except (OSError, asn1tools.ParseError, asn1tools.CompileError) as error:
        raise BenchError(f"{SCHEMA}: expected the ASN.1 of the MSD: {error}") from error


def _read(msd: dict[str, Any]) -> Msd:
    control, vin, location = msd["control"], msd["vin"], msd["location"]
    known = location["latitude"] != UNKNOWN_POSITION and location["longitude"] != UNKNOWN_POSITION
    latitude, longitude = location["latitude"] / MILLIARCSECONDS, location["longitude"] / MILLIARCSECONDS
    passengers = msd.get("passengers", UNKNOWN_PASSENGERS)
    return Msd(
        message_id=msd["messageId"],
        automatic=control["automatic"],
        test_call=control["testCall"],
        position_trusted=control["positionTrusted"],
        vehicle_type=control["vehicleType"],
        vin=vin["maker"] + vin["descriptor"] + vin["modelYear"] + vin["plantSerial"],
        propulsion=frozenset(kind for kind, present in msd["propulsion"].items() if present),
        timestamp=msd["timestamp"],
        latitude=latitude if known else None,
        longitude=longitude if known else None,
        direction=None if msd["direction"] == UNKNOWN_DIRECTION else msd["direction"] * DEGREES_A_STEP,
        recent=_recent(latitude, longitude, msd) if known else (),
        passengers=None if passengers == UNKNOWN_PASSENGERS else passengers,
    )


def _recent(latitude: float, longitude: float, msd: dict[str, Any]) -> tuple[tuple[float, float], ...]:
    """Each delta is relative to the position after it, in steps of 100 milliarcseconds."""
    found = []
    for name in ("recent1", "recent2"):
        if name not in msd:
            break
        latitude += msd[name]["latitude"] * 100 / MILLIARCSECONDS
        longitude += msd[name]["longitude"] * 100 / MILLIARCSECONDS
        found.append((latitude, longitude))
    return tuple(found)


def _nonsense(msd: Msd, raw: dict[str, Any]) -> Iterator[str]:
    """What decodes well and cannot be: all-zero input and padding do so in UPER."""
    location = raw["location"]
    if (location["latitude"] == UNKNOWN_POSITION) != (location["longitude"] == UNKNOWN_POSITION):
        yield "latitude or longitude alone is unknown"
    if msd.latitude is not None and abs(msd.latitude) > 90:
        yield f"latitude {msd.latitude} degrees"
    if msd.longitude is not None and abs(msd.longitude) > 180:
        yield f"longitude {msd.longitude} degrees"
    if msd.direction is not None and msd.direction >= 360:
        yield f"direction {msd.direction} degrees"
    if msd.position_trusted and msd.latitude is None:
        yield "an unknown position is called trusted"
    if not re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", msd.vin) or set(msd.vin) == {"0"}:
        yield f"VIN {msd.vin!r}"
    if msd.message_id == 0:
        yield "message identifier 0: the first is 1"
    if not msd.propulsion:
        yield "no propulsion storage"


def metres_between(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Distance of two near positions, on a plane that touches the earth between them."""
    east = (lon2 - lon1) * cos(radians((lat1 + lat2) / 2))
    return hypot(lat2 - lat1, east) * METRES_A_DEGREE
