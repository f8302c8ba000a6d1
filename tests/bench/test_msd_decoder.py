"""A message is decoded to what it says, and one that says nonsense is refused although it decodes."""

from __future__ import annotations

import copy

import asn1tools
import pytest

from harness import msd
from harness.errors import ExpectationError

GOOD = {
    "messageId": 1,
    "control": {"automatic": True, "testCall": False, "positionTrusted": True, "vehicleType": "passengerM1"},
    "vin": {"maker": "LPS", "descriptor": "VA1HL9", "modelYear": "M", "plantSerial": "A000417"},
    "propulsion": {"gasoline": True, "electric": True},
    "timestamp": 1_772_442_025,
    "location": {"latitude": 57_708_900 * 3600 // 1000, "longitude": 11_974_600 * 3600 // 1000},
    "direction": 45,
    "recent1": {"latitude": -10, "longitude": 0},
    "recent2": {"latitude": -10, "longitude": 5},
    "passengers": 2,
}


def encode(message, version=2):
    schema = asn1tools.compile_files(str(msd.SCHEMA), "uper")
    inner = schema.encode("Message", {"msd": message}, check_constraints=True)
    return schema.encode("EcallMessage", {"version": version, "message": inner})


def changed(**changes):
    message = copy.deepcopy(GOOD)
    for path, value in changes.items():
        *tables, key = path.split("__")
        table = message
        for name in tables:
            table = table[name]
        table[key] = value
    return message


def test_a_message_says_what_was_put_in():
    read = msd.decode(encode(GOOD))
    assert (read.automatic, read.position_trusted, read.vin) == (True, True, "LPSVA1HL9MA000417")
    assert (read.latitude, read.longitude) == (pytest.approx(57.7089, abs=1e-6), pytest.approx(11.9746, abs=1e-6))
    assert (read.direction, read.passengers) == (90, 2)
    assert read.propulsion == {"gasoline", "electric"}
    assert read.recent[1][0] == pytest.approx(57.7089 - 20 * 100 / 3_600_000, abs=1e-6)


def test_unknown_is_none():
    read = msd.decode(
        encode(
            changed(
                control__positionTrusted=False,
                location={"latitude": msd.UNKNOWN_POSITION, "longitude": msd.UNKNOWN_POSITION},
                direction=255,
                passengers=255,
            )
        )
    )
    assert (read.latitude, read.direction, read.passengers, read.recent) == (None, None, None, ())
    with pytest.raises(ExpectationError, match="no position"):
        read.distance_metres(0, 0)


def test_a_distance_of_one_hundredth_of_a_degree_is_right():
    read = msd.decode(encode(GOOD))
    assert read.distance_metres(57.7189, 11.9746) == pytest.approx(1113, abs=2)
    assert read.distance_metres(57.7089, 11.9846) == pytest.approx(595, abs=2)


NONSENSE = {
    "latitude": (changed(location__latitude=91 * 3_600_000), "latitude 91"),
    "longitude": (changed(location__longitude=-181 * 3_600_000), "longitude -181"),
    "half a position": (changed(location__latitude=msd.UNKNOWN_POSITION), "alone is unknown"),
    "direction": (changed(direction=180), "direction 360"),
    "trusted nothing": (
        changed(location={"latitude": msd.UNKNOWN_POSITION, "longitude": msd.UNKNOWN_POSITION}),
        "called trusted",
    ),
    "first message": (changed(messageId=0), "identifier 0"),
    "no fuel": (changed(propulsion={}), "no propulsion"),
}


@pytest.mark.parametrize("case", NONSENSE, ids=str)
def test_nonsense_that_decodes_is_refused(case):
    message, told = NONSENSE[case]
    with pytest.raises(ExpectationError, match=told):
        msd.decode(encode(message))


@pytest.mark.parametrize("data", [b"", b"\x00", bytes(40), b"\xff" * 40, b"\x02" * 141])
def test_what_is_no_message_is_refused(data):
    with pytest.raises(ExpectationError):
        msd.decode(data)


def test_another_version_is_refused():
    with pytest.raises(ExpectationError, match="version 1"):
        msd.decode(encode(GOOD, version=1))
