"""The minimum set of data (MSD) that goes with an emergency call, as EN 15722 version 2 has it (B-04, B-09).

What it says of the position follows the meaning that the standard gives to its fields:

- fresh and trusted: that position, trusted;
- not trusted by the receiver, stale, or lost since: the last position known, *not* trusted, so that the centre still
  has somewhere to look and knows how far to believe it;
- never known: both coordinates unknown (0x7FFFFFFF), not trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import asn1tools

SCHEMA = Path(__file__).parents[3] / "vehicle" / "msd.asn"
VERSION = 2
MAX_BYTES = 140  # what the in-band modem carries (3GPP TS 26.267)
UNKNOWN_COORDINATE = 0x7FFFFFFF
UNKNOWN_DIRECTION = 255
UNKNOWN_PASSENGERS = 255
MILLIARCSECONDS = 3_600_000  # a degree
DELTA_STEP = 100  # milliarcseconds
DELTA_RANGE = range(-512, 512)
DIRECTION_STEP = 2  # degrees
RECENT_POSITIONS = 2  # N1 and N2
TIME_RANGE = range(2**32)
PROPULSION = frozenset({"gasoline", "diesel", "naturalGas", "propaneGas", "electric", "hydrogen"})

Position = tuple[float, float]
"""Latitude and longitude in degrees, north and east positive."""


class MsdError(ValueError):
    """What should go into an MSD does not fit, or bytes that came are none; says which field and what it may be."""


@dataclass(frozen=True)
class Msd:
    """One message, in the units of people: degrees, seconds since 1970, a whole VIN."""

    message_id: int
    automatic: bool
    vin: str
    timestamp: int
    position: Position | None = None
    position_trusted: bool = False
    heading: float | None = None
    recent: Sequence[Position] = ()
    """Where the car was before `position`, newest first; what is too far away to be told is left out."""
    passengers: int | None = None
    propulsion: frozenset[str] = field(default=frozenset({"gasoline", "electric"}))
    vehicle_type: str = "passengerM1"
    test_call: bool = False


def encode(msd: Msd) -> bytes:
    """The octets that travel, at most 140. Raises `MsdError` for a value that the format does not hold."""
    if msd.timestamp not in TIME_RANGE:
        raise MsdError(f"MSD timestamp: expected 0 to {TIME_RANGE.stop - 1} s since 1970, got {msd.timestamp}")
    if not msd.propulsion <= PROPULSION:
        raise MsdError(f"MSD propulsion: expected some of {sorted(PROPULSION)}, got {sorted(msd.propulsion)}")
    try:
        message = _schema().encode("Message", {"msd": _fields(msd)}, check_constraints=True)
        octets = bytes(
            _schema().encode("EcallMessage", {"version": VERSION, "message": message}, check_constraints=True)
        )
    except (asn1tools.EncodeError, asn1tools.ConstraintsError, KeyError) as error:  # KeyError: no such vehicle type
        raise MsdError(f"MSD cannot hold {error}") from error
    if len(octets) > MAX_BYTES:
        raise MsdError(f"MSD: expected at most {MAX_BYTES} bytes, got {len(octets)}")
    return octets


def decode(octets: bytes) -> dict[str, Any]:
    """What a centre reads: the fields of `Msd` by name, `latitude` and `longitude` in degrees, None for unknown.

    Raises `MsdError` where the octets are no MSD of version 2.
    """
    try:
        outer = _schema().decode("EcallMessage", octets, check_constraints=True)
        if outer["version"] != VERSION:
            raise MsdError(f"MSD version: expected {VERSION}, got {outer['version']}")
        msd = _schema().decode("Message", outer["message"], check_constraints=True)["msd"]
    except (asn1tools.DecodeError, asn1tools.ConstraintsError) as error:
        raise MsdError(f"not an MSD: {error}") from error
    position = _degrees(msd["location"])
    return {
        "version": VERSION,
        "message_id": msd["messageId"],
        "automatic": msd["control"]["automatic"],
        "test_call": msd["control"]["testCall"],
        "position_trusted": msd["control"]["positionTrusted"],
        "vehicle_type": msd["control"]["vehicleType"],
        "vin": "".join(msd["vin"][part] for part in ("maker", "descriptor", "modelYear", "plantSerial")),
        "propulsion": sorted(kind for kind, present in msd["propulsion"].items() if present),
        "timestamp": msd["timestamp"],
        "latitude": position and position[0],
        "longitude": position and position[1],
        "heading": None if msd["direction"] == UNKNOWN_DIRECTION else msd["direction"] * DIRECTION_STEP,
        "recent": _recent(msd),
        "passengers": None if msd.get("passengers") in (None, UNKNOWN_PASSENGERS) else msd["passengers"],
    }


@cache
def _schema() -> Any:
    return asn1tools.compile_files(str(SCHEMA), "uper")


def _fields(msd: Msd) -> dict[str, Any]:
    maker, descriptor, year, serial = msd.vin[:3], msd.vin[3:9], msd.vin[9:10], msd.vin[10:]
    fields = {
        "messageId": msd.message_id,
        "control": {
            "automatic": msd.automatic,
            "testCall": msd.test_call,
            "positionTrusted": msd.position_trusted and msd.position is not None,
            "vehicleType": msd.vehicle_type,
        },
        "vin": {"maker": maker, "descriptor": descriptor, "modelYear": year, "plantSerial": serial},
        "propulsion": dict.fromkeys(msd.propulsion, True),
        "timestamp": msd.timestamp,
        "location": _location(msd.position),
        "direction": UNKNOWN_DIRECTION if msd.heading is None else round(msd.heading / DIRECTION_STEP) % 180,
    }
    if msd.passengers is not None:
        fields["passengers"] = msd.passengers
    if msd.position is not None:
        fields |= _deltas(msd.position, msd.recent)
    return fields


def _location(position: Position | None) -> dict[str, int]:
    if position is None:
        return {"latitude": UNKNOWN_COORDINATE, "longitude": UNKNOWN_COORDINATE}
    latitude, longitude = position
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise MsdError(f"MSD position: expected degrees within +-90 and +-180, got {latitude}, {longitude}")
    return {"latitude": round(latitude * MILLIARCSECONDS), "longitude": round(longitude * MILLIARCSECONDS)}


def _deltas(position: Position, recent: Sequence[Position]) -> dict[str, dict[str, int]]:
    """Each recent position against the one after it; nothing is told of those behind one that is out of range."""
    deltas: dict[str, dict[str, int]] = {}
    after = _location(position)
    for number, before in enumerate(recent[:RECENT_POSITIONS], 1):
        there = _location(before)
        delta = {axis: round((there[axis] - after[axis]) / DELTA_STEP) for axis in there}
        if any(step not in DELTA_RANGE for step in delta.values()):
            break
        deltas[f"recent{number}"] = delta
        after = {axis: after[axis] + delta[axis] * DELTA_STEP for axis in after}
    return deltas


def _degrees(location: dict[str, int]) -> Position | None:
    if UNKNOWN_COORDINATE in location.values():
        return None
    return location["latitude"] / MILLIARCSECONDS, location["longitude"] / MILLIARCSECONDS


def _recent(msd: dict[str, Any]) -> list[Position]:
    """The recent positions in degrees, newest first; none where the position itself is unknown."""
    positions: list[Position] = []
    there = dict(msd["location"])
    if UNKNOWN_COORDINATE in there.values():
        return positions
    for name in ("recent1", "recent2"):
        if name not in msd:
            break
        there = {axis: there[axis] + msd[name][axis] * DELTA_STEP for axis in there}
        positions.append((there["latitude"] / MILLIARCSECONDS, there["longitude"] / MILLIARCSECONDS))
    return positions
