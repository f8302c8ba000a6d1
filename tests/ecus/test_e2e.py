"""End-to-end protection of the emulated ECUs: frames that pass, and each way in which one must not."""

import pytest

from emulation.ecus.base.e2e import PROFILES, Protection, Receiver, Status
from harness.units import MS

CYCLE = 10 * MS
P01 = Protection.of({"profile": "P01", "data_id": 0x1A2, "max_delta_counter": 3, "max_repeated": 0})


def frame(counter, protection=P01, length=8):
    data = bytearray(length)
    protection.protect(data, counter)
    return bytes(data)


def statuses(counters, protection=P01, step=CYCLE):
    receiver = Receiver(protection, CYCLE)
    return [receiver.check(frame(counter, protection), at * step) for at, counter in enumerate(counters)]


def test_profile_1_gives_the_published_crc():
    """CRC-8/SAE-J1850 over data id 0x0123 (low, high) and seven zero bytes: AUTOSAR's own example, 0xCC."""
    protection = Protection.of({"profile": "P01", "data_id": 0x123, "max_delta_counter": 1, "max_repeated": 0})
    assert frame(0, protection)[0] == 0xCC


@pytest.mark.parametrize("profile", PROFILES)
def test_a_counter_runs_through_and_wraps(profile):
    """Frames with the next counter each are all usable, across the wrap."""
    entry = {"profile": profile, "max_delta_counter": 3, "max_repeated": 0}
    entry |= {"data_id_list": list(range(16))} if profile == "P02" else {"data_id": 0x1234}
    protection = Protection.of(entry)
    modulo = PROFILES[profile].modulo
    found = statuses([counter % modulo for counter in range(2 * modulo)], protection)
    assert found == [Status.INITIAL] + [Status.OK] * (2 * modulo - 1)


def test_a_wrong_crc_is_refused_and_changes_nothing():
    """After a corrupt frame the counter goes on from the last good one."""
    receiver = Receiver(P01, CYCLE)
    receiver.check(frame(0), 0)
    corrupt = bytearray(frame(1))
    corrupt[3] ^= 1
    assert receiver.check(bytes(corrupt), CYCLE) is Status.WRONG_CRC
    assert receiver.check(frame(1), 2 * CYCLE) is Status.OK


def test_a_counter_that_the_profile_does_not_know_is_refused():
    """P01 never sends 15, so a frame with 15 is wrong even with a right CRC."""
    assert Receiver(P01, CYCLE).check(frame(15), 0) is Status.WRONG_CRC


def test_a_repeated_counter_is_refused_and_the_next_frame_only_synchronises():
    """With no repetition allowed, trust comes back with the second good frame."""
    assert statuses([4, 5, 5, 6, 7]) == [
        Status.INITIAL,
        Status.OK,
        Status.REPEATED,
        Status.SYNCHRONISING,
        Status.OK,
    ]


def test_three_counters_may_be_skipped_and_four_may_not():
    """max_delta_counter = 3 at a receiver that saw every frame."""
    assert statuses([0, 4])[-1] is Status.OK_SOME_LOST
    assert statuses([0, 5])[-1] is Status.WRONG_SEQUENCE


def test_a_sender_that_always_jumps_is_never_believed():
    """What may be skipped grows with time, but after a wrong sequence the first frame that fits only synchronises."""
    found = statuses([step * 6 % 15 for step in range(60)])
    assert not {Status.OK, Status.OK_SOME_LOST} & set(found)


def test_a_sender_that_was_away_finds_its_way_back():
    """After 200 ms of silence any counter but the last one is usable again."""
    receiver = Receiver(P01, CYCLE)
    receiver.check(frame(0), 0)
    assert receiver.check(frame(9), 200 * MS) is Status.OK_SOME_LOST
