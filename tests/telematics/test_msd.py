"""The MSD holds what was put into it, and refuses what it cannot hold."""

from dataclasses import replace

import pytest

from emulation.ecus.telematics.msd import MAX_BYTES, Msd, MsdError, decode, encode

CRASH = Msd(
    message_id=1,
    automatic=True,
    vin="YSMYKEAE1LB123456",
    timestamp=1_700_000_000,
    position=(57.708870, 11.974560),
    position_trusted=True,
    heading=271.0,
    recent=((57.708900, 11.974000), (57.709000, 11.973500)),
    passengers=3,
)


def test_what_is_encoded_is_what_the_centre_reads():
    heard = decode(encode(CRASH))
    assert heard["automatic"]
    assert heard["position_trusted"]
    assert not heard["test_call"]
    assert heard["vin"] == CRASH.vin
    assert heard["timestamp"] == CRASH.timestamp
    assert heard["passengers"] == 3
    assert heard["propulsion"] == ["electric", "gasoline"]
    assert (heard["latitude"], heard["longitude"]) == pytest.approx(CRASH.position, abs=0.5 / 3_600_000)
    assert heard["heading"] == pytest.approx(271, abs=1)


def test_recent_positions_come_back_within_half_a_step_of_100_milliarcseconds():
    for there, told in zip(CRASH.recent, decode(encode(CRASH))["recent"], strict=True):
        assert told == pytest.approx(there, abs=51 / 3_600_000)


def test_a_recent_position_out_of_range_is_left_out_with_all_before_it():
    far = replace(CRASH, recent=((58.7, 11.97), (57.7089, 11.9746)))
    assert decode(encode(far))["recent"] == []


def test_an_unknown_position_is_never_trusted():
    lost = decode(encode(replace(CRASH, position=None, position_trusted=True, heading=None, passengers=None)))
    assert lost["latitude"] is lost["longitude"] is lost["heading"] is lost["passengers"] is None
    assert lost["position_trusted"] is False
    assert lost["recent"] == []


@pytest.mark.parametrize("position", [(90.0, 180.0), (-90.0, -180.0), (0.0, 0.0)])
def test_the_corners_of_the_earth_fit(position):
    told = decode(encode(replace(CRASH, position=position, recent=())))
    assert (told["latitude"], told["longitude"]) == position


@pytest.mark.parametrize(("heading", "told"), [(0, 0), (359.2, 0), (358.9, 358), (180, 180)])
def test_the_direction_is_told_in_steps_of_two_degrees_and_wraps(heading, told):
    assert decode(encode(replace(CRASH, heading=heading)))["heading"] == told


@pytest.mark.parametrize(
    "wrong",
    [
        {"message_id": 256},
        {"vin": "YSMYKEAE1LB12345"},
        {"vin": "YSMYKEAE1LO123456"},
        {"timestamp": 2**32},
        {"timestamp": -1},
        {"position": (90.1, 0.0)},
        {"position": (0.0, 180.1)},
        {"passengers": 256},
        {"vehicle_type": "tractor"},
        {"propulsion": frozenset({"steam"})},
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_not_wrapped(wrong):
    with pytest.raises(MsdError, match="MSD"):
        encode(replace(CRASH, **wrong))


def test_the_fullest_message_is_within_what_the_in_band_modem_carries():
    everything = replace(CRASH, propulsion=frozenset({"gasoline", "diesel", "naturalGas", "electric", "hydrogen"}))
    assert len(encode(everything)) <= MAX_BYTES


@pytest.mark.parametrize("junk", [b"", b"\0" * 40, b"\xff" * 40, encode(CRASH)[:20], b"\x01" + encode(CRASH)[1:]])
def test_what_is_no_msd_is_refused(junk):
    with pytest.raises(MsdError):
        decode(junk)


def test_the_wire_form_is_the_one_worked_out_by_hand():
    """Version, length; then not extended and nothing additional, not extended and passengers only, id, control."""
    octets = encode(replace(CRASH, recent=()))
    assert octets[0] == 2
    assert octets[1] == len(octets) - 2
    bits = f"{int.from_bytes(octets[2:], 'big'):0{8 * len(octets[2:])}b}"
    assert bits.startswith("00" + "0001" + "00000001" + "101" + "00000")
