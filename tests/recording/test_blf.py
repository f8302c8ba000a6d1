"""A BLF written in bulk is the file that python-can reads: every kind of frame, every ns, also when cut off."""

import struct
import zlib
from array import array

import can
import numpy as np
import pytest

from harness.errors import BenchError
from harness.recording.blf import CONTAINER_SIZE, BlfWriter, gathered, read_blf
from harness.timeline import BIT_RATE_SWITCH, ERROR_STATE, EXTENDED, FD, REMOTE
from harness.units import MS, US, S

START = 1_790_000_000 * S + 123_456_789
"""2026-09-21, and no whole ms."""

KINDS = [
    (0x123, 0, b"\x01\x02\x03\x04\x05\x06\x07\x08"),
    (0x124, 0, b"\x11\x22"),
    (0x125, 0, b""),
    (0x18DAF110, EXTENDED, b"\xaa\xbb\xcc"),
    (0x7FF, REMOTE, b""),
    (0x130, FD, bytes(range(12))),
    (0x131, FD | BIT_RATE_SWITCH, bytes(range(64))),
    (0x1ABCDEF0, EXTENDED | FD | BIT_RATE_SWITCH | ERROR_STATE, b"\x99" * 20),
]


def tracks(kinds, cycles):
    """Each kind once a cycle of 10 ms, 100 us and 1 ns apart."""
    return [
        (
            identifier,
            flags,
            array("q", [cycle * 10 * MS + place * (100 * US + 1) for cycle in range(cycles)]),
            [data] * cycles,
        )
        for place, (identifier, flags, data) in enumerate(kinds)
    ]


def written(path, parts):
    writer = BlfWriter(path, START)
    writer.write(gathered(parts))
    writer.close()


def plain(frame):
    flags = (
        EXTENDED * frame.is_extended_id + FD * frame.is_fd + BIT_RATE_SWITCH * frame.bitrate_switch
        + ERROR_STATE * frame.error_state_indicator + REMOTE * frame.is_remote_frame
    )  # fmt: skip
    return frame.arbitration_id, flags, bytes(frame.data)


@pytest.mark.parametrize("kinds", [KINDS[:5], KINDS, KINDS[5:]], ids=["classic", "mixed", "FD"])
def test_python_can_reads_every_frame_as_it_was(tmp_path, kinds):
    parts = tracks(kinds, 3_000)
    written(tmp_path / "a.blf", parts)
    assert (tmp_path / "a.blf").stat().st_size < 48 * 3_000 * len(kinds)
    with can.BLFReader(tmp_path / "a.blf") as reader:
        read = list(reader)
        assert reader.object_count == len(read) == 3_000 * len(kinds)
        assert reader.file_size == (tmp_path / "a.blf").stat().st_size
        assert reader.start_timestamp == pytest.approx(START // MS * MS / S, abs=1e-6)
    assert [plain(frame) for frame in read] == list(kinds) * 3_000
    times = [time for cycle in range(3_000) for time in (part[2][cycle] for part in parts)]
    for frame, time in zip(read, times, strict=True):
        assert frame.timestamp == pytest.approx((START + time) / S, abs=1e-6)  # a float has no ns in the year 2026


def test_our_own_reader_gives_back_each_ns(tmp_path):
    parts = tracks(KINDS, 500)
    written(tmp_path / "a.blf", parts)
    frames = read_blf(tmp_path / "a.blf", START)
    expected = sorted((time, part[0], part[1]) for part in parts for time in part[2])
    read = zip(frames.times.tolist(), frames.identifiers.tolist(), frames.flags.tolist(), strict=True)
    assert list(read) == expected
    assert frames.payloads()[:8] == [data for _, _, data in KINDS]


def test_payloads_of_one_identifier_may_differ_in_length(tmp_path):
    payloads = [bytes(range(length)) for length in (8, 3, 0, 5)]
    written(tmp_path / "a.blf", [(0x10, 0, array("q", [1, 2, 3, 4]), payloads)])
    assert read_blf(tmp_path / "a.blf", START).payloads() == payloads


def test_it_grows_by_parts_and_is_whole_after_each(tmp_path):
    writer = BlfWriter(tmp_path / "a.blf", START)
    for number in range(4):
        times = array("q", range(number * 10_000, (number + 1) * 10_000))
        writer.write(gathered([(0x10, 0, times, [b"12345678"] * 10_000)]))
        with can.BLFReader(tmp_path / "a.blf") as reader:
            assert len(list(reader)) == reader.object_count == (number + 1) * 10_000
    writer.close()


def test_the_layout_is_the_one_that_vector_s_tools_ask_for(tmp_path):
    """Signature and sizes of file, containers and objects; stamps in ns; no object cut in two by a container's end."""
    written(tmp_path / "a.blf", tracks(KINDS, 1_500))
    content = (tmp_path / "a.blf").read_bytes()
    assert content[:4] == b"LOGG"
    assert struct.unpack_from("<L", content, 4) == (144,)
    at, containers = 144, 0
    while at < len(content):
        signature, head, _, size, kind = struct.unpack_from("<4sHHLL", content, at)
        method, unpacked = struct.unpack_from("<H6xL4x", content, at + 16)
        assert (signature, head, kind, method) == (b"LOBJ", 16, 10, 2)
        objects = zlib.decompress(content[at + 32 : at + size])
        assert len(objects) == unpacked <= CONTAINER_SIZE
        inside = 0
        while inside < len(objects):
            signature, head, version, length, kind, in_ns = struct.unpack_from("<4sHHLLL", objects, inside)
            assert (signature, head, version, in_ns) == (b"LOBJ", 32, 1, 2)
            assert length == {1: 48, 100: 116}[kind]
            inside += length
        assert inside == len(objects)
        at += size + size % 4
        containers += 1
    assert at == len(content)
    assert containers > 2


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_read_as_far_as_it_is_whole(tmp_path, share):
    written(tmp_path / "a.blf", tracks(KINDS[:4], 20_000))
    whole = read_blf(tmp_path / "a.blf", START)
    content = (tmp_path / "a.blf").read_bytes()
    (tmp_path / "a.blf").write_bytes(content[: int(len(content) * share)])
    part = read_blf(tmp_path / "a.blf", START)
    assert 0 < len(part) < len(whole)
    assert len(part) > len(whole) * share - 2 * CONTAINER_SIZE / 48
    assert np.array_equal(part.times, whole.times[: len(part)])


def test_another_file_is_refused_in_words(tmp_path):
    (tmp_path / "a.blf").write_bytes(b"(0.0) can0 123#00")
    with pytest.raises(BenchError, match="no Binary Logging File"):
        read_blf(tmp_path / "a.blf", START)
