"""pynmea2, checksums required, at the GNSS receiver's TCP port."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pynmea2
import pytest

from tests.clients.conftest import PATIENCE

KINDS = {"RMC", "GGA", "VTG", "GSA", "GSV"}


@pytest.fixture
def sentences(file):
    """An iterator over parsed sentences as they come."""
    address = urlsplit(file.serial["gnss"].url)
    with (
        socket.create_connection((address.hostname, address.port), PATIENCE) as wire,
        wire.makefile("r", encoding="ascii", newline="\r\n") as lines,
    ):
        next(lines)  # it may have begun in the middle of one
        yield (pynmea2.parse(line, check=True) for line in lines)


def test_every_sentence_parses_with_its_checksum_and_says_where_the_car_is(sentences, offboard):
    place = offboard.get("/position").json()
    seen: dict[str, pynmea2.NMEASentence] = {}
    while KINDS - seen.keys() or seen["GGA"].gps_qual == 0:
        sentence = next(sentences)
        seen[sentence.sentence_type] = sentence
    for kind in ("RMC", "GGA"):
        assert (seen[kind].latitude, seen[kind].longitude) == pytest.approx(
            (place["latitude"], place["longitude"]), abs=1e-4
        )
    assert seen["RMC"].status == "A"
    assert int(seen["GGA"].num_sats) == place["satellites"]
    assert seen["GSA"].mode_fix_type == "3"


def test_a_lost_antenna_is_told_in_the_same_words(sentences, offboard):
    offboard.put("/position", json={"antenna": False}).raise_for_status()
    try:
        while (sentence := next(sentences)).sentence_type != "RMC" or sentence.status != "V":
            pass
        assert (sentence.lat, sentence.lon) == ("", "")
        while (sentence := next(sentences)).sentence_type != "GGA":
            pass
        assert sentence.gps_qual == 0
    finally:
        offboard.put("/position", json={"antenna": True}).raise_for_status()
