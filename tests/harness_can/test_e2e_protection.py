"""E2E protection is AUTOSAR's, and each deliberate corruption is one that a receiver must refuse, and no other."""

from __future__ import annotations

import pytest

from harness.can.e2e import Checker, Corruption, Protection, Protector, Status, load_protections
from harness.errors import BenchError
from tests.harness_can.desk import VEHICLE

P01 = Protection(profile="P01", data_id=0x123, max_delta_counter=3)
P02 = Protection(profile="P02", data_id_list=tuple(range(1, 17)), max_delta_counter=3)
P05 = Protection(profile="P05", data_id=0x1234, max_delta_counter=3)


def crc8_sae_j1850(data, start):
    """CRC8 with polynomial 0x1D, bit by bit (AUTOSAR_SWS_CRCLibrary), beside the library's table."""
    crc = start
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1) ^ 0x1D if crc & 0x80 else crc << 1
            crc &= 0xFF
    return crc


def crc8_h2f(data):
    crc = 0xFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = ((crc << 1) ^ 0x2F if crc & 0x80 else crc << 1) & 0xFF
    return crc ^ 0xFF


def crc16_ccitt(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def test_the_published_vector_of_profile_1():
    """AUTOSAR_PRS_E2EProtocol, profile 1, data id 0x123, both bytes, counter 0, 8 bytes of zero: CRC 0xCC."""
    data = bytearray(8)
    P01.protect(data, 0)
    assert data.hex() == "cc00000000000000"


def test_profile_1_is_the_crc_over_both_id_bytes_and_the_data():
    data = bytearray.fromhex("0050aabbccddeeff")
    P01.protect(data, 7)
    assert data[1] == 0x57
    assert data[0] == crc8_sae_j1850(bytes([0x23, 0x01]) + bytes(data[1:]), 0x00)


def test_profile_2_takes_the_id_byte_that_the_counter_picks():
    data = bytearray.fromhex("00a0010203040506")
    P02.protect(data, 5)
    assert data[0] == crc8_h2f(bytes(data[1:]) + bytes([6]))


def test_profile_5_is_a_little_endian_crc16_with_the_id_at_its_end():
    data = bytearray.fromhex("0000000102030405")
    P05.protect(data, 200)
    assert data[2] == 200
    assert int.from_bytes(data[:2], "little") == crc16_ccitt(bytes(data[2:]) + bytes([0x34, 0x12]))


@pytest.mark.parametrize(("protection", "wraps"), [(P01, 15), (P02, 16), (P05, 256)])
def test_counters_run_through_and_begin_again_and_a_receiver_takes_all(protection, wraps):
    protector, checker = Protector(protection), Checker(protection)
    seen = []
    for _ in range(wraps + 2):
        data = bytearray(8)
        protector.protect(data)
        seen.append(protection.counter_of(data))
        assert checker.check(data) in (Status.OK, Status.INITIAL)
    assert seen == [*range(wraps), 0, 1]


@pytest.mark.parametrize("protection", [P01, P02, P05])
@pytest.mark.parametrize(
    ("corruption", "status"),
    [
        (Corruption.WRONG_CRC, Status.WRONG_CRC),
        (Corruption.REPEATED_COUNTER, Status.REPEATED),
        (Corruption.SKIPPED_COUNTERS, Status.WRONG_SEQUENCE),
    ],
)
def test_a_corruption_is_exactly_what_it_says(protection, corruption, status):
    protector, checker = Protector(protection), Checker(protection)
    for _ in range(3):
        data = bytearray(8)
        protector.protect(data)
        checker.check(data)
    data = bytearray(8)
    protector.protect(data, corruption)
    assert checker.check(data) is status


def test_counters_up_to_the_limit_may_be_lost():
    checker = Checker(P01)
    for counter, status in [(0, Status.INITIAL), (4, Status.SOME_LOST), (5, Status.OK), (10, Status.WRONG_SEQUENCE)]:
        data = bytearray(8)
        P01.protect(data, counter)
        assert checker.check(data) is status, counter


def test_a_refused_frame_does_not_move_the_counter():
    checker = Checker(P01)
    for counter, status in [
        (0, Status.INITIAL),
        (9, Status.WRONG_SEQUENCE),
        (10, Status.WRONG_SEQUENCE),
        (1, Status.OK),
    ]:
        data = bytearray(8)
        P01.protect(data, counter)
        assert checker.check(data) is status


@pytest.mark.parametrize(("allowed", "status"), [(0, Status.SYNC), (2, Status.OK)])
def test_after_too_many_repetitions_the_next_frame_only_synchronises(allowed, status):
    checker = Checker(P01.model_copy(update={"max_repeated": allowed}))
    seen = []
    for counter in (0, 1, 1, 1, 2, 3):
        data = bytearray(8)
        P01.protect(data, counter)
        seen.append(checker.check(data))
    assert seen == [Status.INITIAL, Status.OK, Status.REPEATED, Status.REPEATED, status, Status.OK]


def test_the_high_nibble_beside_the_counter_is_kept():
    data = bytearray.fromhex("00f0000000000000")
    P01.protect(data, 3)
    assert data[1] == 0xF3


def test_every_protected_message_of_the_vehicle_is_read():
    found = load_protections(VEHICLE / "body.e2e.toml")
    assert {found["ACM_Crash"].profile, found["CEM_Ignition"].profile} == {"P01", "P02"}


def test_a_profile_without_its_identifier_is_told_with_its_line(tmp_path):
    path = tmp_path / "e2e.toml"
    path.write_text(
        '[A]\nprofile = "P01"\ndata_id = 1\nmax_delta_counter = 1\n[B]\nprofile = "P02"\nmax_delta_counter = 1\n'
    )
    with pytest.raises(BenchError, match=r"e2e\.toml:5: B: .*data_id_list"):
        load_protections(path)
