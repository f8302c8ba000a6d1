"""python-can's own promises, kept by interface `emulated` in simulated time."""

import copy
import gc
import itertools

import can
import pytest

from emulation.can_bus import ERROR
from harness.can.received import received
from harness.units import MS, US, S


def frame(identifier: int = 0x123, data: bytes = b"\x01\x02\x03", **more: object) -> can.Message:
    return can.Message(arbitration_id=identifier, data=data, is_extended_id=more.pop("is_extended_id", False), **more)


def test_two_buses_see_each_others_frames_but_not_their_own(bus, other):
    bus.send(frame())
    received = other.recv(1.0)
    assert received.equals(frame(channel="body", timestamp=received.timestamp))
    assert bus.recv(0.01) is None


def test_own_frames_come_back_when_asked_for_and_say_that_they_are_sent(other):
    with can.Bus(interface="emulated", channel="body", receive_own_messages=True) as own:
        own.send(frame())
        assert own.recv(1.0).is_rx is False
        assert other.recv(1.0).is_rx is True


def test_frames_taken_in_bulk_are_those_that_come_as_messages(bench, other):
    """Of every kind, own ones too; and once all is taken, a bus that was shut down says so."""
    kinds = ({}, {"is_extended_id": True}, {"is_fd": True, "bitrate_switch": True}, {"is_remote_frame": True, "dlc": 2})
    with can.Bus(interface="emulated", channel="body", receive_own_messages=True) as own:
        for kind in kinds:
            own.send(frame(data=b"" if "is_remote_frame" in kind else b"\x01\x02", **kind))
            other.send(frame(0x321, **kind) if "dlc" not in kind else frame(0x321, data=b"", **kind))
        bench.buses["body"].send(0x40, b"", ERROR)
        bench.world.run(until=1 * S)
        queue = list(own._queue)
        bulk = list(own.take_received())
        own._queue.extend(queue)
        messages = list(iter(lambda: own.recv(0), None))
        assert bulk == [received(round(each.timestamp * 1e9), each) for each in messages]
        assert len(bulk) == 9
        own.shutdown()
        with pytest.raises(can.CanOperationError, match="shut down"):
            list(own.take_received())


def test_the_timestamp_is_the_end_of_the_frame_and_gives_back_exact_nanoseconds(bench, bus):
    bench.world.run(until=999_999 * S + 123_456_789)
    bench.buses["body"].send(0x100, bytes(8))
    assert round(bus.recv(1.0).timestamp * 1e9) == 999_999 * S + 123_456_789 + 240 * US


@pytest.mark.parametrize("timeout", [0.5, 0.001, 1e-9])
def test_a_timeout_takes_exactly_its_simulated_time(bench, bus, timeout):
    assert bus.recv(timeout) is None
    assert bench.world.now == round(timeout * S)


@pytest.mark.parametrize("timeout", [0, 0.0, -1])
def test_without_a_timeout_to_spend_no_time_passes(bench, bus, timeout):
    bench.buses["body"].send(0x100, b"")
    assert bus.recv(timeout) is None
    assert bench.world.now == 0


def test_a_receiver_wakes_at_the_frame_and_not_at_its_timeout(bench, bus):
    bench.world.call_at(250 * MS, lambda _: bench.buses["body"].send(0x100, b""))
    assert bus.recv(10.0).arbitration_id == 0x100
    assert bench.world.now == 250 * MS + 100 * US


def test_no_timeout_at_all_waits_until_a_frame_comes(bench, bus):
    bench.world.call_at(3_600 * S, lambda _: bench.buses["body"].send(0x100, b""))
    assert bus.recv().timestamp == 3_600.0001


def test_waiting_for_ever_in_an_idle_world_says_so(bus):
    with pytest.raises(can.CanOperationError, match=r"no frame can ever arrive on .*body: the world is idle at 0 ns"):
        bus.recv()


def test_every_kind_of_frame_arrives_as_it_was_sent(bus, other):
    kinds = [
        frame(0x7FF, bytes(8)),
        frame(0x1FFF_FFFF, b"ext", is_extended_id=True),
        frame(0x100, None, is_remote_frame=True, dlc=5),
        frame(0x101, bytes(range(64)), is_fd=True, bitrate_switch=True),
        frame(0x102, bytes(12), is_fd=True, error_state_indicator=True),
        frame(0, b"", is_error_frame=True),
        frame(0x103, b""),
    ]
    for sent in kinds:
        bus.send(sent)
        received = other.recv(1.0)
        assert received.equals(sent, timestamp_delta=None, check_channel=False)
        received._check()


def test_a_received_message_is_a_message_in_every_respect(bus, other):
    """Its slots are set by hand, so each method that reads them is tried."""
    bus.send(frame(0x123, b"abc"))
    received = other.recv(1.0)
    assert repr(received) == (
        "can.Message(timestamp=0.000152, arbitration_id=0x123, is_extended_id=False, channel='body', dlc=3, "
        "data=[0x61, 0x62, 0x63])"
    )
    assert "0.000152    ID:      123" in f"{received}"
    assert (len(received), bytes(received), bool(received)) == (3, b"abc", True)
    assert copy.copy(received).equals(received)
    assert copy.deepcopy(received).equals(received)
    assert all(hasattr(received, slot) for slot in can.Message.__slots__)
    received.data[0] = 0xFF  # a message of one's own
    received.timestamp = 1.0


def test_one_readers_message_is_not_anothers(bench, bus, other):
    bench.buses["body"].send(0x100, b"abc")
    bus.recv(1.0).data[0] = 0
    assert other.recv(1.0).data == b"abc"


@pytest.mark.parametrize(
    "filters",
    [
        None,
        [],
        [{"can_id": 0x100, "can_mask": 0x7FF}],
        [{"can_id": 0x100, "can_mask": 0x7FF, "extended": False}],
        [{"can_id": 0x100, "can_mask": 0x7FF, "extended": True}],
        [{"can_id": 0x100, "can_mask": 0x700}, {"can_id": 0x7, "can_mask": 0x7, "extended": True}],
        [{"can_id": 0x0, "can_mask": 0x1}],
    ],
)
def test_filters_let_through_what_python_cans_own_would(bus, filters):
    bus.set_filters(filters)
    sent = [
        frame(identifier, b"", is_extended_id=extended)
        for identifier, extended in itertools.product((0x0, 0x7, 0x100, 0x107, 0x1FF, 0x200), (False, True))
    ]
    with can.Bus(interface="emulated", channel="body") as sender:
        for message in sent * 2:  # the second time the answer is remembered
            sender.send(message, timeout=1.0)
    received = [(message.arbitration_id, message.is_extended_id) for message in iter(lambda: bus.recv(0), None)]
    assert received == [
        (message.arbitration_id, message.is_extended_id) for message in sent * 2 if bus._matches_filters(message)
    ]
    assert bus.filters == (filters or None)


def test_a_filtered_frame_neither_wakes_nor_ends_a_wait(bench):
    with can.Bus(interface="emulated", channel="body", can_filters=[{"can_id": 1, "can_mask": 0x7FF}]) as bus:
        bench.world.every(10 * MS, lambda: bench.buses["body"].send(2, b""))
        assert bus.recv(1.0) is None
        assert bench.world.now == 1 * S


def test_send_without_a_timeout_takes_no_time_and_with_one_ends_with_the_frame(bench, bus):
    bus.send(frame(0x100, bytes(8)))
    assert bench.world.now == 0
    bus.send(frame(0x101, bytes(8)), timeout=1.0)
    assert bench.world.now == 480 * US


def test_a_frame_that_wins_no_arbitration_in_time_raises_and_is_withdrawn(bench, bus, other):
    for _ in range(20):
        bench.buses["body"].send(0x001, bytes(8))
    with pytest.raises(can.CanTimeoutError, match=r"0x100 did not win arbitration on .*body within 0.001 s"):
        bus.send(frame(0x100), timeout=0.001)
    assert bench.world.now == 1 * MS
    assert {message.arbitration_id for message in iter(lambda: other.recv(0.1), None)} == {0x001}


def test_flushing_withdraws_what_is_not_on_the_wire(bus, other):
    for identifier in (0x100, 0x101, 0x102):
        bus.send(frame(identifier))
    bus.flush_tx_buffer()
    assert [message.arbitration_id for message in iter(lambda: other.recv(0.1), None)] == [0x100]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (frame(0x100, bytes(9)), "9 bytes do not fit a classic CAN frame"),
        (frame(0x100, bytes(9), is_fd=True), "9 bytes do not fit a CAN FD frame"),
        (frame(0x100, bytes(65), is_fd=True), "65 bytes do not fit a CAN FD frame"),
        (frame(0x800, b""), "0x800 is not within 0 ... 0x7FF"),
        (frame(0x2000_0000, b"", is_extended_id=True), "0x20000000 is not within 0 ... 0x1FFFFFFF"),
        (frame(0x100, b"abc", dlc=4), "dlc says 4 bytes, data has 3"),
    ],
)
def test_a_message_that_no_controller_could_send_is_refused(bus, message, reason):
    with pytest.raises(can.CanOperationError, match=reason):
        bus.send(message)


def test_a_classic_controller_neither_sends_nor_sees_fd_frames(other):
    with can.Bus(interface="emulated", channel="body", fd=False) as classic:
        assert classic.protocol is can.CanProtocol.CAN_20
        with pytest.raises(can.CanOperationError, match="fd=False"):
            classic.send(frame(0x100, b"", is_fd=True))
        other.send(frame(0x100, b"fd", is_fd=True))
        other.send(frame(0x100, b"classic"))
        assert [message.data for message in iter(lambda: classic.recv(0.1), None)] == [b"classic"]
    assert other.protocol is can.CanProtocol.CAN_FD


def test_listen_only_sends_nothing(bus, other):
    assert bus.state is can.BusState.ACTIVE
    bus.state = can.BusState.PASSIVE
    with pytest.raises(can.CanOperationError, match="listen-only"):
        bus.send(frame())
    other.send(frame())
    assert bus.recv(1.0) is not None
    with pytest.raises(ValueError, match="ACTIVE or PASSIVE"):
        bus.state = can.BusState.ERROR


def test_an_error_frame_on_the_network_is_received_as_one(bench, bus):
    bench.buses["body"].send(0, b"", ERROR)
    assert bus.recv(1.0).is_error_frame


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"channel": "chassis"}, "no CAN network 'chassis' on this emulated bench; there is: body"),
        ({"channel": "body", "bitrate": 250_000}, "network body has bitrate 500000 bit/s; asked for 250000"),
        (
            {"channel": "body", "recieve_own_messages": True},
            "no option recieve_own_messages; it knows can_filters",
        ),
    ],
)
def test_a_bus_that_cannot_be_opened_says_why(options, reason):
    with pytest.raises(can.CanInitializationError, match=reason):
        can.Bus(interface="emulated", **options)
    gc.collect()


def test_the_networks_own_bit_rates_may_be_given():
    can.Bus(interface="emulated", channel="body", bitrate=500_000, data_bitrate=2_000_000).shutdown()


def test_the_networks_there_are_can_be_detected():
    assert can.detect_available_configs("emulated") == [{"interface": "emulated", "channel": "body"}]


def test_after_shutdown_which_may_be_repeated_nothing_is_sent_or_received(bench):
    bus = can.Bus(interface="emulated", channel="body")
    bench.buses["body"].send(0x100, b"")
    bench.world.run(until=1 * S)
    bus.shutdown()
    bus.shutdown()
    bench.buses["body"].send(0x100, b"")
    bench.world.run(until=2 * S)
    with pytest.raises(can.CanOperationError, match="shut down"):
        bus.recv(0)
    with pytest.raises(can.CanOperationError, match="shut down"):
        bus.send(frame())


def test_a_bus_can_be_iterated(bench, bus):
    bench.world.every(100 * MS, lambda: bench.buses["body"].send(0x100, b""))
    assert len(list(itertools.islice(bus, 50))) == 50
    assert bench.world.now // MS == 4_900


def test_an_open_bus_stays_with_its_bench_when_another_becomes_active(bench, bus):
    from emulation import plugin
    from emulation.bench import EmulatedBench

    plugin.activate(EmulatedBench())
    bench.buses["body"].send(0x100, b"")
    assert bus.recv(1.0) is not None
    with can.Bus(interface="emulated", channel="body") as new:
        assert new.recv(1.0) is None
